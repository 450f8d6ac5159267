// What the checks that every dialect has in common need to know of one: how to join, to speak, and
// what being heard looks like. And how people come into a room, whatever they speak.

import { literalPattern } from "../bytes.ts";
import {
  CLOSED_UNUSED_HINT,
  type Hint,
  type ProbeConnection,
  type ReceivedMatch,
} from "./probe_connection.ts";
import type { ServerProbe } from "./server_probe.ts";

/** One dialect, as far as the common checks go. */
export interface DialectProbe {
  /** The bytes that give a client its name. */
  hello(name: string): Uint8Array;
  /** Waits until the server has answered {@linkcode hello}; nothing where it gives no answer. */
  readonly joined?: (player: ProbeConnection) => Promise<void>;
  /** The bytes that say `text` to everyone; may be cut anywhere. */
  say(text: string): Uint8Array;
  /**
   * What a listener gets when `from` has said `text`, for strings of a character a byte; from anybody
   * when `from` is absent.
   */
  received(text: string, from?: string): RegExp;
  /** The same for people: `MSG ana hello\n`. */
  expectedText(text: string, from: string): string;
  /** Why `text` is not heard although something like it came; only where the form tells. */
  missingReason?(rest: string, text: string): string | undefined;
  /** Checks of its own without which a common one, by its id, can show nothing new. */
  readonly needs?: Readonly<Record<string, readonly string[]>>;
  /** A question of `name` to the server; only where every server has an answer. */
  question?(name: string): Question;
}

/** What is asked, and what its answer is. */
export interface Question {
  readonly ask: Uint8Array;
  readonly answer: RegExp;
  /** The answer for people. */
  readonly expectedText: string;
}

/** Most often that somebody says hello before the first one hears it. */
const GREETINGS = 4;

/** Most characters of a text that are told. */
const MAX_TOLD_CHARS = 60;

/** Connects one client and gives it its name. */
export async function joinChat(
  stage: ServerProbe,
  tongue: DialectProbe,
  who: string,
): Promise<ProbeConnection> {
  const player = await stage.connect(who);
  await player.send(tongue.hello(player.name));
  if (tongue.joined === undefined) await stage.pause("registerMs");
  else await tongue.joined(player);
  return player;
}

/** The same, for somebody who is heard by `host` and hears it when this returns. */
export async function joinAndConfirm(
  stage: ServerProbe,
  tongue: DialectProbe,
  { who, host }: { readonly who: string; readonly host: ProbeConnection },
): Promise<ProbeConnection> {
  const player = await joinChat(stage, tongue, who);
  if (tongue.joined === undefined) await greet(stage, tongue, { player, host });
  return player;
}

/** Two people who know each other. */
export async function joinTwo(stage: ServerProbe, tongue: DialectProbe) {
  const ana = await joinChat(stage, tongue, "ana");
  return { ana, bob: await joinAndConfirm(stage, tongue, { who: "bob", host: ana }) };
}

/** Three people who know each other. */
export async function joinThree(stage: ServerProbe, tongue: DialectProbe) {
  const { ana, bob } = await joinTwo(stage, tongue);
  return { ana, bob, carol: await joinAndConfirm(stage, tongue, { who: "carol", host: ana }) };
}

/** Where nothing answers a registration, being heard is what proves that both sides are known. */
async function greet(
  stage: ServerProbe,
  tongue: DialectProbe,
  { player, host }: { readonly player: ProbeConnection; readonly host: ProbeConnection },
): Promise<void> {
  const text = "Knock, knock.";
  const pattern = tongue.received(text, player.name);
  for (let round = 0; round < GREETINGS; round++) {
    await player.send(tongue.say(text));
    const heard = await host.wait(() => pattern.exec(host.rest), stage.timeoutMs / GREETINGS);
    if (heard !== undefined) return;
  }
  throw host.mismatch({
    expected: tongue.expectedText(text, player.name),
    hint: notHeardHint(tongue, host, text),
  });
}

function notHeardHint(tongue: DialectProbe, host: ProbeConnection, text: string): string {
  if (host.isClosedUnused) return CLOSED_UNUSED_HINT;
  return tongue.received(text).test(host.rest) || new RegExp(literalPattern(text)).test(host.rest)
    ? "The text arrives, but not in the right form or without the sender's name: keep the name of each client when it registers, and send it in front of each of its messages"
    : "What one client says does not reach another: keep all connections in a list, and write each message to every one of them";
}

/** Who says what to whom. */
export interface ProbeMessage {
  readonly listener: ProbeConnection;
  readonly speaker: ProbeConnection;
  readonly text: string;
}

/** Waits until `listener` hears `text` from `speaker`. */
export async function expectMessage(
  tongue: DialectProbe,
  { listener, speaker, text }: ProbeMessage,
  hint: Hint,
): Promise<ReceivedMatch> {
  return await listener.expect(tongue.received(text, speaker.name), {
    expected: tongue.expectedText(shortened(text), speaker.name),
    hint(player) {
      if (player.isClosedUnused) return CLOSED_UNUSED_HINT;
      return tongue.missingReason?.(player.rest, text) ??
        (typeof hint === "string" ? hint : hint(player));
    },
  });
}

/** A text as it is told to people; a long one is there to be long. */
function shortened(text: string): string {
  return text.length <= MAX_TOLD_CHARS
    ? text
    : `${text.slice(0, 20)}...${text.slice(-20)} (all ${text.length} bytes of it)`;
}
