// How a client of each dialect registers, sends a text and so on, and what it receives: one table,
// so that a test can run the same script over all five dialects.

import type { DialectName } from "../protocol/dialect.ts";
import type { Layout } from "../protocol/frame_layouts.ts";
import { frame } from "../protocol/frames.ts";
import { etxLines, framedLines } from "./frames_as_lines.ts";
import type { Reshape, TestAddress } from "./test_client.ts";

/** A message as a client of any dialect receives it. */
export interface ReceivedMessage {
  readonly from: string;
  readonly text: string;
}

/** Parts of what a client receives, in order; other bytes may come between them. */
export type ReceivedParts = readonly (string | Uint8Array)[];

/** The requests of one dialect as bytes, and how its answers are recognised. */
export interface DialectPhrases {
  readonly dialect: DialectName;
  /** Registers under a name; `place` is where the client is connected (default TCP). */
  hello(name: string, place?: TestAddress): Uint8Array;
  /** Sends a text to everyone. */
  say(text: string): Uint8Array;
  /** Sends exactly those bytes as the text, without any escape of the dialect's own. */
  sayBytes(bytes: Uint8Array): Uint8Array;
  /** Sends a text to one member, if the dialect has private messages. */
  sayTo?(name: string, text: string): Uint8Array;
  /** Answers the last private message, if the dialect has a command for that. */
  reply?(text: string): Uint8Array;
  rename(name: string): Uint8Array;
  /** An unknown command; the refusal quotes `token`. */
  nonsense(token: string): Uint8Array;
  /** Ends the session, if the dialect has a command for that. */
  readonly quit?: Uint8Array;
  /** Asks who is connected, if the dialect has a command for that. */
  readonly who?: Uint8Array;
  /** Asks for the last `limit` messages, if the dialect has a command for that. */
  history?(limit: number): Uint8Array;
  /** The commands for groups, if the dialect has groups. */
  readonly groups?: {
    readonly list: Uint8Array;
    join(group: string): Uint8Array;
    leave(group: string): Uint8Array;
    say(group: string, text: string): Uint8Array;
    /** What a member of the group receives of {@linkcode say}. */
    received(from: string, group: string, text: string): ReceivedParts;
  };

  /** Turns the bytes received into lines, if they are none; each answer and message becomes one. */
  readonly reshape?: Reshape;
  /** Matches the lines that tell a client its own name. */
  readonly welcome: RegExp;
  /** Matches the lines that are refusals or goodbyes. */
  readonly refusal: RegExp;
  /** The message in a line; undefined if the line is none, or one from the server itself. */
  message(line: string): ReceivedMessage | undefined;
  /** What of a text passed to {@linkcode say} reaches others (default all of it). */
  carries?(text: string): string;
  /** What others receive of {@linkcode say}. */
  received(from: string, text: string): ReceivedParts;
  /** What the client `to-DIALECT` receives of a private message to it. */
  receivedPrivately(from: string, text: string): ReceivedParts;
}

const ENCODER = new TextEncoder();

/** All `parts`, one after the other. */
export function concatBytes(...parts: (string | Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => typeof part === "string" ? [...ENCODER.encode(part)] : [...part]),
  );
}

function json(fields: Record<string, unknown>): Uint8Array {
  return concatBytes(JSON.stringify(fields), "\n");
}

function receivedJson(from: string, text: string, to?: string): readonly string[] {
  const target = to === undefined ? "" : `"to":"${to}",`;
  return [`"from":"${from}"`, `${target}"text":${JSON.stringify(text)}}`];
}

/** The message in `NAME: TEXT`, as most dialects write it. */
function nameAndText(line: string): ReceivedMessage | undefined {
  const [, from, text] = /^([^ :]+): (.*)$/s.exec(line) ?? [];
  return from === undefined || text === undefined ? undefined : { from, text };
}

const native: DialectPhrases = {
  dialect: "native",
  hello: (name) => json({ type: "hello", name }),
  say: (text) => json({ type: "say", text }),
  sayBytes: (text) => concatBytes('{"type":"say","text":"', text, '"}\n'),
  sayTo: (name, text) => json({ type: "say", to: `@${name}`, text }),
  rename: (name) => json({ type: "rename", name }),
  nonsense: (token) => json({ type: token }),
  quit: json({ type: "bye" }),
  who: json({ type: "who" }),
  history: (limit) => json({ type: "history", limit }),
  groups: {
    list: json({ type: "groups" }),
    join: (group) => json({ type: "join", group }),
    leave: (group) => json({ type: "leave", group }),
    say: (group, text) => json({ type: "say", to: `#${group}`, text }),
    received: (from, group, text) => receivedJson(from, text, `#${group}`),
  },
  welcome: /"type":"welcome"/,
  refusal: /^\{"type":"(error|closed)"/,
  message(line) {
    const { type, from, text } = JSON.parse(line);
    return type === "message" ? { from, text } : undefined;
  },
  received: (from, text) => receivedJson(from, text),
  receivedPrivately: (from, text) => receivedJson(from, text, "@to-native"),
};

const plain: DialectPhrases = {
  dialect: "plain",
  // The server does not ask for a name on a Unix socket (D3).
  hello: (name, place) =>
    place !== undefined && "path" in place ? plain.rename(name) : concatBytes(name, "\n"),
  say: (text) => concatBytes(text, "\n"),
  sayBytes: (text) => concatBytes(text, "\n"),
  sayTo: (name, text) => concatBytes("@", name, " ", text, "\n"),
  reply: (text) => concatBytes("/reply ", text, "\n"),
  rename: (name) => concatBytes("/name ", name, "\n"),
  nonsense: (token) => concatBytes("/", token, "\n"),
  quit: concatBytes("/quit\n"),
  who: concatBytes("/list\n"),
  history: (limit) => concatBytes(`/history ${limit}\n`),
  groups: {
    list: concatBytes("/groups\n"),
    join: (group) => concatBytes("/join ", group, "\n"),
    leave: (group) => concatBytes("/leave ", group, "\n"),
    say: (group, text) => concatBytes("@", group, " ", text, "\n"),
    received: (from, group, text) => [`${from}@${group}: ${text}\n`],
  },
  welcome: /^-- You are /,
  refusal: /^(-! |-- Goodbye)/,
  message: nameAndText,
  received: (from, text) => [`${from}: ${text}\n`],
  receivedPrivately: (from, text) => [`${from} (private): ${text}\n`],
};

const usermsg: DialectPhrases = {
  dialect: "usermsg",
  hello: (name) => concatBytes("USER ", name, "\n"),
  say: (text) => concatBytes("MSG ", text, "\n"),
  sayBytes: (text) => concatBytes("MSG ", text, "\n"),
  rename: (name) => concatBytes("USER ", name, "\n"),
  nonsense: (token) => concatBytes(token, "\n"),
  welcome: /^MSG server You are /,
  refusal: /^MSG server /,
  message(line) {
    const [, from, text] = /^MSG (\S+) (.*)$/s.exec(line) ?? [];
    return from === undefined || text === undefined || from === "server"
      ? undefined
      : { from, text };
  },
  received: (from, text) => [`MSG ${from} ${text}\n`],
  receivedPrivately: (from, text) => [`MSG ${from} [private] ${text}\n`],
};

const etx: DialectPhrases = {
  dialect: "etx",
  hello: (name) => concatBytes("hello ", name, "\n"),
  say: (text) => concatBytes("b ", text, "\n"),
  sayBytes: (text) => concatBytes("b ", text, "\n"),
  sayTo: (name, text) => concatBytes("s ", name, " ", text, "\n"),
  rename: (name) => concatBytes("n ", name, "\n"),
  nonsense: (token) => concatBytes("x", token, "\n"), // no command begins with x
  quit: concatBytes("q\n"),
  who: concatBytes("l\n"),
  groups: {
    list: concatBytes("l g\n"),
    join: (group) => concatBytes("j ", group, "\n"),
    leave: (group) => concatBytes("p ", group, "\n"),
    say: (group, text) => concatBytes("s ", group, " ", text, "\n"),
    received: (from, group, text) => [`${from}@${group}: ${text}\n\x03`],
  },
  reshape: etxLines,
  welcome: /^\d+ \S+$/,
  refusal: /^(-! |-- Goodbye)/,
  message: nameAndText,
  // The server splits a line on spaces (R73): those that follow the command word are dropped.
  carries: (text) => text.trimStart(),
  received: (from, text) => [`${from}: ${text}\n\x03`],
  receivedPrivately: (from, text) => [`${from}: ${text}\n\x03`],
};

/** The phrases of `framed` with frames of that layout; `reshape` only reads headers of 16 bytes. */
export function framedPhrases(layout: Layout): DialectPhrases {
  const received = (text: string) => [frame(layout, 1, text)];
  return {
    dialect: "framed",
    hello: (name) => frame(layout, 0, name),
    say: (text) => frame(layout, 1, text),
    sayBytes(text) {
      const whole = frame(layout, 1, "x".repeat(text.length));
      whole.set(text, layout.headerBytes);
      return whole;
    },
    rename: (name) => frame(layout, 0, name),
    nonsense: (token) => frame(layout, 0, `!${token}`), // no name may begin with !
    reshape: framedLines,
    welcome: /^server: You are /,
    refusal: /^server: /,
    message(line) {
      const message = nameAndText(line);
      return message?.from === "server" ? undefined : message;
    },
    received: (from, text) => received(`${from}: ${text}`),
    receivedPrivately: (from, text) => received(`${from} (private): ${text}`),
  };
}

const framed = framedPhrases({ headerBytes: 16, littleEndian: true });

/** The phrases of every dialect. */
export const DIALECT_PHRASES: readonly DialectPhrases[] = [native, plain, usermsg, etx, framed];

/** The phrases of that dialect. */
export function phrasesOf(dialect: DialectName): DialectPhrases {
  const found = DIALECT_PHRASES.find((phrases) => phrases.dialect === dialect);
  if (found === undefined) throw new RangeError(`No phrases for ${dialect}`);
  return found;
}
