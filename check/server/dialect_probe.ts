// What the common checks need from a dialect: how a client registers and sends, and what others
// receive. Also lets clients join a chat in any dialect.

import type { ServerCheckTexts } from "../../texts/texts.ts";
import { literalPattern } from "../bytes.ts";
import type { Hint, ProbeConnection, ReceivedMatch } from "./probe_connection.ts";
import type { ServerProbe } from "./server_probe.ts";
import type { ServerCheck } from "./server_runner.ts";

/** The part of one dialect that the common checks use. */
export interface DialectProbe {
  /** The bytes that register a client under a name. */
  hello(name: string): Uint8Array;
  /** Finds out what the dialect leaves open, before the first client registers. */
  settle?(probe: ServerProbe): Promise<void>;
  /** Takes the name that the server has chosen for a client, if it chooses names. */
  identify?(connection: ProbeConnection): Promise<void>;
  /** Waits for the server's answer to {@linkcode hello}; absent if the dialect has none. */
  readonly joined?: (connection: ProbeConnection) => Promise<void>;
  /** The bytes that send `text` to everyone; may be cut anywhere. */
  say(text: string): Uint8Array;
  /**
   * What the others receive when `from` sends `text`, as a pattern for strings of one character a byte;
   * from any sender if `from` is absent.
   */
  received(text: string, from?: string): RegExp;
  /** The same for people: `MSG ana hello\n`. */
  expectedText(text: string, from: string, texts: ServerCheckTexts): string;
  /**
   * A hint for a `text` that arrived in another form, found in `rest`; undefined if it does not
   * show.
   */
  missingReason?(rest: string, text: string, texts: ServerCheckTexts): string | undefined;
  /** See {@linkcode ServerCheck.ifItEnds}. */
  readonly ifItEnds?: NonNullable<ServerCheck["ifItEnds"]>;
  /** See {@linkcode ServerCheck.ifItCrashes}; for messages in pieces (default `common.diesOfPieces`). */
  readonly ifPiecesCrash?: NonNullable<ServerCheck["ifItCrashes"]>;
  /** By the id of a common check: checks of the dialect that must pass first. */
  readonly needs?: Readonly<Record<string, readonly string[]>>;
  /** A request by `name` that every server answers; absent if the dialect has none. */
  question?(name: string): Question;
}

/** A request and its answer. */
export interface Question {
  readonly ask: Uint8Array;
  readonly answer: RegExp;
  /** The answer's bytes for people: `pong\n`. */
  readonly expectedText: string;
}

/** How many times a new client sends its first message until another one receives it. */
const MAX_GREETINGS = 4;

/** Longest text that is printed in full, in characters. */
const MAX_SHOWN_CHARS = 60;

/** Connects a client and registers it under the name of `who`. */
export async function joinChat(
  probe: ServerProbe,
  dialect: DialectProbe,
  who: string,
): Promise<ProbeConnection> {
  await dialect.settle?.(probe);
  const connection = await probe.connect(who);
  await registerOn(probe, dialect, connection);
  return connection;
}

/** Registers a client that is connected, under its name or the one that the server chooses. */
export async function registerOn(
  probe: ServerProbe,
  dialect: DialectProbe,
  connection: ProbeConnection,
): Promise<void> {
  await dialect.settle?.(probe);
  await connection.send(dialect.hello(connection.name));
  if (dialect.joined === undefined) await probe.pause("registerMs");
  else await dialect.joined(connection);
  await dialect.identify?.(connection);
}

/** Waits until the server has sent its greeting, if any, and is silent. */
export async function quietly(
  probe: ServerProbe,
  ...connections: readonly ProbeConnection[]
): Promise<void> {
  const deadline = probe.now() + probe.timeoutMs;
  for (const connection of connections) {
    await connection.wait(() => connection.rest !== "" || null, probe.timeoutMs / 4);
    let length = -1;
    while (length !== connection.rest.length && probe.now() < deadline) {
      ({ length } = connection.rest);
      await probe.pause("silenceMs");
    }
  }
}

/** The same, and proves that the server knows the client: `listener` receives a message of it. */
export async function joinAndConfirm(
  probe: ServerProbe,
  dialect: DialectProbe,
  { who, listener }: { readonly who: string; readonly listener: ProbeConnection },
): Promise<ProbeConnection> {
  const connection = await joinChat(probe, dialect, who);
  if (dialect.joined === undefined) await greet(probe, dialect, { connection, listener });
  return connection;
}

/** Two clients, both known to the server. */
export async function joinTwo(probe: ServerProbe, dialect: DialectProbe) {
  const ana = await joinChat(probe, dialect, "ana");
  return { ana, bob: await joinAndConfirm(probe, dialect, { who: "bob", listener: ana }) };
}

/** Three clients, all known to the server. */
export async function joinThree(probe: ServerProbe, dialect: DialectProbe) {
  const { ana, bob } = await joinTwo(probe, dialect);
  const carol = await joinAndConfirm(probe, dialect, { who: "cat", listener: ana });
  return { ana, bob, carol };
}

/**
 * Sends a message until `listener` receives it: proves both registrations, which have no answer.
 */
async function greet(
  probe: ServerProbe,
  dialect: DialectProbe,
  { connection, listener }: {
    readonly connection: ProbeConnection;
    readonly listener: ProbeConnection;
  },
): Promise<void> {
  const text = "Knock, knock.";
  const pattern = dialect.received(text, connection.name);
  for (let round = 0; round < MAX_GREETINGS; round++) {
    await connection.send(dialect.say(text));
    const received = await listener.wait(
      () => pattern.exec(listener.rest),
      probe.timeoutMs / MAX_GREETINGS,
    );
    if (received !== undefined) return;
  }
  const expected = dialect.expectedText(text, connection.name, probe.texts);
  if (await isFirstServedAlone(probe, dialect, { connection, listener })) {
    const { oneClient } = probe.texts.hints.common;
    throw listener.mismatch({ expected, hint: oneClient, isProven: () => true });
  }
  throw listener.mismatch({
    expected,
    hint: notReceivedHint(dialect, listener, text),
    isProven: ({ rest, texts }) => dialect.missingReason?.(rest, text, texts) !== undefined,
  });
}

/** Whether the server answers `listener`, who came first, and sends nothing to `connection`. */
async function isFirstServedAlone(
  probe: ServerProbe,
  dialect: DialectProbe,
  { connection, listener }: {
    readonly connection: ProbeConnection;
    readonly listener: ProbeConnection;
  },
): Promise<boolean> {
  if (connection.hasReceived || connection.hasEnded || listener.hasEnded) return false;
  await listener.send(dialect.say("Is this answered?"));
  await connection.wait(() => connection.hasReceived || null, probe.timeoutMs / MAX_GREETINGS);
  return listener.hasReceived && !connection.hasReceived;
}

function notReceivedHint(dialect: DialectProbe, listener: ProbeConnection, text: string): string {
  const { closedUnused, wrongForm, notDelivered } = listener.texts.hints.common;
  if (listener.isClosedUnused) return closedUnused;
  const reason = dialect.missingReason?.(listener.rest, text, listener.texts);
  if (reason !== undefined) return reason;
  const hasArrived = dialect.received(text).test(listener.rest) ||
    new RegExp(literalPattern(text)).test(listener.rest);
  return hasArrived ? wrongForm : notDelivered;
}

/** A message, its sender, and a client that should receive it. */
export interface ProbeMessage {
  readonly listener: ProbeConnection;
  readonly speaker: ProbeConnection;
  readonly text: string;
}

/** Waits until `listener` receives `text` from `speaker`. */
export async function expectMessage(
  dialect: DialectProbe,
  { listener, speaker, text }: ProbeMessage,
  hint: Hint,
): Promise<ReceivedMatch> {
  const { texts } = listener;
  return await listener.expect(dialect.received(text, speaker.name), {
    expected: dialect.expectedText(shortened(text, texts), speaker.name, texts),
    hint(connection) {
      if (connection.isClosedUnused) return texts.hints.common.closedUnused;
      return dialect.missingReason?.(connection.rest, text, texts) ??
        (typeof hint === "string" ? hint : hint(connection));
    },
    isProven: ({ rest }) => dialect.missingReason?.(rest, text, texts) !== undefined,
  });
}

/** A pattern for a name that is not part of a longer one; colours may surround it. */
export function nameAlone(name: string): string {
  // A server may show names in capitals: in UTF-8 a letter with an accent then has other bytes.
  const anyCase = [...new Set([name, name.toUpperCase()])].map(literalPattern).join("|");
  return `(?:(?<![\\w-])|(?<=\\x1b\\[[\\d;?]*[A-Za-z]))(?i:${anyCase})(?![\\w-])`;
}

/** The two ends of a long text. */
function shortened(text: string, { expected }: ServerCheckTexts): string {
  return text.length <= MAX_SHOWN_CHARS
    ? text
    : expected.common.longText(text.slice(0, 20), text.slice(-20), text.length);
}
