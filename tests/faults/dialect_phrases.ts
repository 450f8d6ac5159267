// How each dialect says the few things that every row of the fault table needs: one script, run over
// all five.

import type { DialectName } from "../../protocol/dialect.ts";
import { frame } from "../../protocol/frames.ts";
import type { Reshape } from "../test_client.ts";
import { etxLines, framedLines } from "./frames_as_lines.ts";

/** A message as a listener of any dialect gets it. */
export interface ReceivedMessage {
  readonly from: string;
  readonly text: string;
}

/** The words of one dialect. */
export interface DialectPhrases {
  readonly dialect: DialectName;
  /** Registers under a name. */
  hello(name: string): Uint8Array;
  /** Says something to everyone. */
  say(text: string): Uint8Array;
  /** Says exactly those bytes, without any escape of the dialect's own. */
  sayBytes(bytes: Uint8Array): Uint8Array;
  rename(name: string): Uint8Array;
  /** Something nobody understands; the refusal quotes `token`. */
  nonsense(token: string): Uint8Array;
  /** Ends the session, where there is a word for that. */
  readonly quit?: Uint8Array;
  /** Turns what comes into lines, where it is none; answers and messages have one each. */
  readonly reshape?: Reshape;
  /** The lines that tell one who one is. */
  readonly welcome: RegExp;
  /** The message a line holds, when it holds one from a person. */
  heard(line: string): ReceivedMessage | undefined;
  /** Whether a line is a refusal or a goodbye. */
  readonly refusal: RegExp;
}

const ENCODER = new TextEncoder();

/** `parts` one behind the other. */
export function concatBytes(...parts: (string | Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => typeof part === "string" ? [...ENCODER.encode(part)] : [...part]),
  );
}

function json(fields: Record<string, unknown>): Uint8Array {
  return concatBytes(JSON.stringify(fields), "\n");
}

/** `name: text`, as most dialects write a message. */
function heardInWords(line: string): ReceivedMessage | undefined {
  const [, from, text] = /^([^ :]+): (.*)$/s.exec(line) ?? [];
  return from === undefined || text === undefined ? undefined : { from, text };
}

const native: DialectPhrases = {
  dialect: "native",
  hello: (name) => json({ type: "hello", name }),
  say: (text) => json({ type: "say", text }),
  sayBytes: (text) => concatBytes('{"type":"say","text":"', text, '"}\n'),
  rename: (name) => json({ type: "rename", name }),
  nonsense: (token) => json({ type: token }),
  quit: json({ type: "bye" }),
  welcome: /"type":"welcome"/,
  heard(line) {
    const { type, from, text } = JSON.parse(line);
    return type === "message" ? { from, text } : undefined;
  },
  refusal: /^\{"type":"(error|closed)"/,
};

const plain: DialectPhrases = {
  dialect: "plain",
  hello: (name) => concatBytes(name, "\n"),
  say: (text) => concatBytes(text, "\n"),
  sayBytes: (text) => concatBytes(text, "\n"),
  rename: (name) => concatBytes("/name ", name, "\n"),
  nonsense: (token) => concatBytes("/", token, "\n"),
  quit: concatBytes("/quit\n"),
  welcome: /^-- You are /,
  heard: heardInWords,
  refusal: /^(-! |-- Goodbye)/,
};

const usermsg: DialectPhrases = {
  dialect: "usermsg",
  hello: (name) => concatBytes("USER ", name, "\n"),
  say: (text) => concatBytes("MSG ", text, "\n"),
  sayBytes: (text) => concatBytes("MSG ", text, "\n"),
  rename: (name) => concatBytes("USER ", name, "\n"),
  nonsense: (token) => concatBytes(token, "\n"),
  welcome: /^MSG server You are /,
  heard(line) {
    const [, from, text] = /^MSG (\S+) (.*)$/s.exec(line) ?? [];
    return from === undefined || text === undefined || from === "server"
      ? undefined
      : { from, text };
  },
  refusal: /^MSG server /,
};

const etx: DialectPhrases = {
  dialect: "etx",
  hello: (name) => concatBytes("hello ", name, "\n"),
  say: (text) => concatBytes("b ", text, "\n"),
  sayBytes: (text) => concatBytes("b ", text, "\n"),
  rename: (name) => concatBytes("n ", name, "\n"),
  nonsense: (token) => concatBytes("x", token, "\n"), // no command begins so
  quit: concatBytes("q\n"),
  reshape: etxLines,
  welcome: /^\d+ \S+$/,
  heard: heardInWords,
  refusal: /^(-! |-- Goodbye)/,
};

const STRUCT = { headerBytes: 16, littleEndian: true } as const;

const framed: DialectPhrases = {
  dialect: "framed",
  hello: (name) => frame(STRUCT, 0, name),
  say: (text) => frame(STRUCT, 1, text),
  sayBytes(text) {
    const whole = frame(STRUCT, 1, "x".repeat(text.length));
    whole.set(text, STRUCT.headerBytes);
    return whole;
  },
  rename: (name) => frame(STRUCT, 0, name),
  nonsense: (token) => frame(STRUCT, 0, `!${token}`), // nobody can be called so
  reshape: framedLines,
  welcome: /^server: You are /,
  heard(line) {
    const heard = heardInWords(line);
    return heard?.from === "server" ? undefined : heard;
  },
  refusal: /^server: /,
};

/** Every dialect's words. */
export const DIALECT_PHRASES: readonly DialectPhrases[] = [native, plain, usermsg, etx, framed];

/** The words of that dialect. */
export function phrasesOf(dialect: DialectName): DialectPhrases {
  const found = DIALECT_PHRASES.find((book) => book.dialect === dialect);
  if (found === undefined) throw new RangeError(`No phrasebook for ${dialect}`);
  return found;
}
