// The client under fuzzing: bytes of a hostile server for `minichat connect`, on a terminal and in
// a pipe. None may reach the terminal unchanged, make it throw, or grow without bound.

import { NO_RECONNECT } from "../../client/conversation_options.ts";
import { type InteractiveOptions, runInteractive } from "../../client/interactive.ts";
import type { Wire } from "../../client/client_connection.ts";
import { runPipe } from "../../client/pipe.ts";
import type { Dialect } from "../../protocol/dialect.ts";
import { DIALECT_NAMES, dialectNamed, OWN_DIALECT } from "../../protocol/dialects.ts";
import type { DialectName } from "../../protocol/dialect.ts";
import { frame } from "../../protocol/frames.ts";
import { Prompt } from "../../terminal/prompt.ts";
import { terminalStyle } from "../../terminal/style.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { encode } from "../protocol/splits.ts";
import { ALL_EVENTS } from "../protocol/sample_events.ts";
import type { Random } from "./random_source.ts";
import type { Scenario } from "./scenario.ts";
import { TEXTS } from "./client_lines.ts";
import { unsafeIn } from "./unsafe_characters.ts";
import { InvariantError } from "./invariant_error.ts";
import { chunked, CHUNKINGS } from "./chunking.ts";
import { utf8 } from "./play_scenario.ts";
import { EN } from "../../texts/en.ts";

/** The sequences our own programs write: colours, cursor, erasing, bracketed paste, no wrapping. */
const OWN_SEQUENCES_REGEXP =
  // deno-lint-ignore no-control-regex
  /\x1b\[(?:[\d;]*m|\d*[A-DGHJK]|\?(?:2004|7)[hl])/g;

const ADDRESS = { kind: "tcp", host: "localhost", port: 1 } as const;
const READ_BYTES = 64 * 1024;

/**
 * The first control character in a terminal's output that our programs do not write; else
 * undefined.
 */
export function foreignIn(raw: string): string | undefined {
  const rest = raw.replaceAll(OWN_SEQUENCES_REGEXP, "").replaceAll(/[\r\n]/g, " ");
  return unsafeIn(rest);
}

/** A server that sends legal events, to be mutated: they are the steps of actor 0. */
export function legalServer(random: Random): Scenario {
  const dialect = random.pick(DIALECT_NAMES);
  const { encoder } = (dialectNamed(dialect) ?? OWN_DIALECT)
    .server({ notices: true, asksName: true });
  const steps = Array.from({ length: random.few(8) }, () => {
    const event = random.pick(ALL_EVENTS);
    const text = random.pick(TEXTS);
    const changed = random.chance(0.3) && "text" in event ? { ...event, text } : event;
    if (dialect === OWN_DIALECT.name && random.chance(0.03)) {
      const bytes = utf8(JSON.stringify(random.pick(OVERSIZED_EVENTS)) + "\n");
      return { does: "send", who: 0, bytes } as const;
    }
    const bytes = random.chance(0.2) ? rawWords(dialect, text) : encode(encoder, changed);
    return { does: "send", who: 0, bytes } as const;
  });
  const welcome = encode(
    encoder,
    ALL_EVENTS.find(({ type }) => type === "welcome") ?? { type: "pong" },
  );
  return {
    actors: [{ kind: "tcp", notices: true, pinned: dialect }],
    listeners: [],
    steps: [{ does: "send", who: 0, bytes: welcome }, ...steps],
    cut: random.int(1_000),
    tight: false,
  };
}

const LONG = "n".repeat(100_000);
const WELCOME = { type: "welcome", id: 1, session: "s", seq: 0, users: [], groups: [], version: 1 };

/** Well-formed events that are far too large. */
export const OVERSIZED_EVENTS: readonly unknown[] = [
  { type: "help", commands: [{ usage: LONG, help: "" }, { usage: "", help: LONG }] },
  {
    type: "greeting",
    here: 1e9,
    commands: Array.from({ length: 20_000 }, () => ({ usage: LONG.slice(0, 8), help: "" })),
  },
  { ...WELCOME, name: LONG, total: 1 },
  { type: "you", name: LONG },
  { type: "renamed", was: LONG, name: LONG, you: true },
  { type: "message", seq: 1, at: LONG, from: LONG, to: `@${LONG}`, text: "alice ".repeat(10_000) },
  { type: "shutdown", in: -1e300 },
  { type: "presence", joined: 1e300, left: -1, names: [LONG], gone: [LONG], total: 0.5 },
  { type: "closed", reason: LONG, text: LONG },
];

/** A message as a server writes it that escapes nothing. */
function rawWords(dialect: DialectName, text: string): Uint8Array {
  return dialect === "framed"
    ? frame({ headerBytes: 16, littleEndian: true }, 1, text || "x")
    : utf8(`${text}\n`);
}

/**
 * Sends those bytes to both kinds of client in every delivery; returns the broken invariant, if
 * any.
 */
export async function tryOnClients(
  scenario: Scenario,
): Promise<{ broken?: InvariantError; features: ReadonlySet<string> }> {
  const features = new Set<string>();
  const dialect = dialectNamed(scenario.actors[0]?.pinned ?? "") ?? OWN_DIALECT;
  const parts = scenario.steps.flatMap((step) => step.does === "send" ? [step.bytes] : []);
  const received = { ...dialect, client: noting(dialect, features) };
  try {
    for (const delivery of CHUNKINGS) {
      const chunks = parts.flatMap((bytes) => chunked(bytes, delivery, scenario.cut));
      const shown = await onTerminal(received, chunks);
      const problem = foreignIn(shown) ?? unsafeLines(await inPipe(received, chunks));
      if (problem !== undefined) throw new InvariantError("terminal", `${delivery}: ${problem}`);
    }
  } catch (problem) {
    return { broken: InvariantError.of(problem), features };
  }
  return { features };
}

/** The dialect's client half, recording the events it decodes as features. */
function noting(dialect: Dialect, features: Set<string>): Dialect["client"] {
  return (options) => {
    const codec = dialect.client(options);
    let last = "first";
    return {
      get encoder() {
        return codec.encoder;
      },
      decoder: {
        feed: (chunk, emit) =>
          codec.decoder.feed(chunk, (event) => {
            const now = event.type + ("code" in event ? ` ${event.code}` : "");
            features.add(`${dialect.name} reads ${last} > ${now}`);
            last = now;
            emit(event);
          }),
        end: (emit) => codec.decoder.end(emit),
      },
    };
  };
}

/** A connection on which the server sends `reads` and then ends. */
function wireOf(reads: readonly Uint8Array[]): Wire {
  const chunks = reads.flatMap((bytes) =>
    Array.from(
      { length: Math.ceil(bytes.length / READ_BYTES) },
      (_, at) => bytes.subarray(at * READ_BYTES, (at + 1) * READ_BYTES),
    )
  );
  let next = 0;
  return {
    read(buffer) {
      const chunk = chunks[next++];
      if (chunk !== undefined) buffer.set(chunk);
      return Promise.resolve(chunk?.length ?? null);
    },
    write: (bytes) => Promise.resolve(bytes.length),
    closeWrite: () => Promise.resolve(),
    close: () => {},
  };
}

const DECODER = new TextDecoder();

/** The output on a terminal of 80 columns. */
export async function onTerminal(
  dialect: Dialect,
  chunks: readonly Uint8Array[],
): Promise<string> {
  let written = "";
  const keys = Promise.withResolvers<number | null>();
  const io = {
    read: () => keys.promise,
    write: (text: string) => void (written += text),
    columns: () => 80,
    setRaw: () => {},
    onResize: () => () => {},
  };
  const clock = new FakeClock();
  const options: InteractiveOptions = {
    address: ADDRESS,
    dialect,
    texts: EN,
    name: "alice",
    flags: [],
    dial: () => Promise.resolve({ ok: true, wire: wireOf(chunks) }),
    prompt: (complete) => new Prompt({ io, prompt: "> ", complete }),
    style: terminalStyle({ enabled: true }),
    clock,
    random: () => 0,
    reconnectTimeouts: NO_RECONNECT,
    ringBell: () => {},
    stop: new AbortController().signal,
  };
  const client = runInteractive(options);
  // The client asks again after a refused name: there is no answer, and the user leaves.
  const left = setTimeout(() => keys.resolve(null), 0);
  try {
    await client;
  } finally {
    clearTimeout(left);
    keys.resolve(null);
  }
  if (clock.pending > 0) throw new InvariantError("timers", `${clock.pending} are left`);
  return written;
}

/** The output on standard output and standard error, as text and as lines of JSON. */
async function inPipe(dialect: Dialect, chunks: readonly Uint8Array[]): Promise<string> {
  let written = "";
  for (const json of [false, true]) {
    await runPipe({
      address: ADDRESS,
      dialect,
      texts: EN,
      name: "alice",
      json,
      stay: true,
      dial: () => Promise.resolve({ ok: true, wire: wireOf(chunks) }),
      clock: new FakeClock(),
      random: () => 0,
      reconnectTimeouts: NO_RECONNECT,
      stdin: { read: () => Promise.resolve(null) },
      stdout: {
        write(bytes) {
          written += DECODER.decode(bytes);
          return Promise.resolve(bytes.length);
        },
      },
      printError: (line) => void (written += line + "\n"),
    });
  }
  return written;
}

function unsafeLines(text: string): string | undefined {
  for (const line of text.split("\n")) {
    const found = unsafeIn(line);
    if (found !== undefined) return found;
  }
  return undefined;
}
