// Requests of a well-behaved client of each dialect, with names and texts that are likely to
// matter.

import type { DialectName } from "../../protocol/dialect.ts";
import { LAYOUTS } from "../../protocol/frame_layouts.ts";
import { MAX_MESSAGE_BYTES, MAX_TEXT_LINE_BYTES } from "../../protocol/limits.ts";
import { SCRIPTS } from "../faults/dialect_sessions.ts";
import { framePadded } from "../protocol/padded_frames.ts";
import type { Random } from "./random_source.ts";
import { TOKEN, utf8 } from "./play_scenario.ts";

/** Names of members and groups: free, taken, taken in another spelling, reserved, invalid. */
export const NAMES = [
  "ann",
  "ANN",
  "bob",
  "dev",
  "аnn",
  "ear0",
  "canary",
  "server",
  "user2",
  "user7",
  "zoé",
  "zoe\u0301",
  "ﬁn",
  "名前",
  "all",
  "__proto__",
  "a b",
  "-a",
  "a".repeat(32),
  "a".repeat(33),
  "",
];

/** Texts with characters that terminals and decoders get wrong. */
export const TEXTS = [
  "hello",
  "déjà vu 🐟",
  " ",
  "",
  "/help",
  "//x",
  "@bob psst",
  "\x1b[2J\x1b]0;owned\x07",
  "\x9b31m\x9d52;c;AA\x9c",
  "\u202egnp.exe\u2066x",
  "a\u200bb\ufeffc\u{e0041}",
  "e" + "\u0301".repeat(40),
  "one\rtwo\u2028three\u0085four",
  "ok",
  "\x03\x04",
  "x".repeat(MAX_MESSAGE_BYTES),
  "x".repeat(MAX_MESSAGE_BYTES + 1),
  "é".repeat(MAX_MESSAGE_BYTES / 2),
  "\x1b".repeat(MAX_MESSAGE_BYTES / 4),
  "y".repeat(MAX_TEXT_LINE_BYTES),
];

type Speak = (random: Random, layout: number) => Uint8Array;

const WORDS: Readonly<Record<DialectName, Speak>> = {
  native: (random) => utf8(JSON.stringify(nativeRequest(random)) + "\n"),
  plain: (random) => line(random, plainLine(random)),
  usermsg: (random) =>
    line(random, random.chance(0.3) ? `USER ${name(random)}` : `MSG ${text(random)}`),
  etx: (random) => line(random, etxLine(random)),
  framed: (random, layout) => {
    const nature = random.chance(0.3) ? 0 : 1;
    const padding = random.pick([0, 1, 2, 0x7ffe1234]);
    return framePadded(
      LAYOUTS[layout % LAYOUTS.length] ?? { headerBytes: 16, littleEndian: true },
      {
        nature,
        text: nature === 0 ? name(random) || "x" : text(random) || "x",
        padding,
      },
    );
  },
};

/** A random request of that dialect. */
export function randomCommand(random: Random, dialect: DialectName, layout: number): Uint8Array {
  const script = SCRIPTS[dialect];
  if (script !== undefined && random.chance(0.1)) {
    const part = random.pick(script);
    return typeof part === "string" ? utf8(part) : part;
  }
  return WORDS[dialect](random, layout);
}

/** A first request of that dialect, which registers. */
export function introduce(random: Random, dialect: DialectName, layout: number): Uint8Array {
  const called = name(random);
  switch (dialect) {
    case "native":
      return utf8(JSON.stringify(nativeHello(random, called)) + "\n");
    case "plain":
      return utf8(`${called}\n`);
    case "usermsg":
      return utf8(`USER ${called}\r\n`);
    case "etx":
      return utf8(`hello ${called}\n`);
    case "framed":
      return framePadded(LAYOUTS[layout % LAYOUTS.length] ?? LAYOUTS[0] as typeof LAYOUTS[number], {
        nature: 0,
        text: called || "x",
        padding: random.pick([0, 1, 0x7ffe1234]),
      });
  }
}

/** Most ask the server to hold their session; some resume one. */
function nativeHello(random: Random, name: string): unknown {
  const hello = { type: "hello", name, ref: 1, hold: random.chance(0.6) };
  if (random.chance(0.7)) return hello;
  return { ...hello, resume: { session: TOKEN, since: random.int(4) } };
}

function name(random: Random): string {
  return random.pick(NAMES);
}

/** A random text. Long ones are rare: each costs as much as a thousand short ones. */
function text(random: Random): string {
  const found = random.pick(TEXTS);
  return found.length < 1_000 || random.chance(0.1) ? found : "hi";
}

function line(random: Random, words: string): Uint8Array {
  return utf8(words + random.pick(["\n", "\n", "\n", "\r\n", "\r\r\n"]));
}

function nativeRequest(random: Random): unknown {
  const ref = random.pick([undefined, 1, "r", "é\x1b\u202e", 1e300, "x".repeat(64)]);
  const since = random.int(4);
  const request = random.pick<() => Record<string, unknown>>([
    () => ({ type: "say", text: text(random) }),
    () => ({ type: "say", text: text(random), to: random.pick(["@", "#"]) + name(random) }),
    () => ({ type: "say", text: text(random), action: true }),
    () => ({ type: "rename", name: name(random) }),
    () => ({ type: "join", group: name(random) }),
    () => ({ type: "leave", group: name(random) }),
    () => ({ type: random.pick(["who", "whoami", "groups", "help", "ping", "nonsense"]) }),
    () => ({
      type: "history",
      since: random.pick([undefined, random.int(3)]),
      before: random.pick([undefined, random.int(3)]),
      limit: random.pick([0, 1, 5, 2 ** 31]),
    }),
    () => ({ type: "hello", name: name(random), version: random.pick([1, 2]), hold: true }),
    () => ({ type: "hello", resume: { session: random.pick([TOKEN, TOKEN, "x"]), since } }),
    () => ({ type: "bye" }),
  ])();
  return { ...request, ref };
}

function plainLine(random: Random): string {
  return random.pick<() => string>([
    () => text(random),
    () => text(random),
    () => `@${name(random)} ${text(random)}`,
    () => `/name ${name(random)}`,
    () => `/join ${name(random)}`,
    () => `/leave ${name(random)}`,
    () => `/me ${text(random)}`,
    () => `/reply ${text(random)}`,
    () => random.pick(["/list", "/groups", "/history 3", "/help", "/quit", "/nonsense", "/h", "/"]),
  ])();
}

function etxLine(random: Random): string {
  return random.pick<() => string>([
    () => `b ${text(random)}`,
    () => `s ${name(random)} ${text(random)}`,
    () => `n ${name(random)}`,
    () => `j ${name(random)}`,
    () => `p ${name(random)}`,
    () => random.pick(["l", "l g", "l c", "h", "w", "q", "x", "hello", "B loud"]),
  ])();
}
