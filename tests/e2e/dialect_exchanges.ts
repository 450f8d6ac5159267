// How a program of each dialect says things and what others of that dialect must receive, byte for
// byte: what the end-to-end tests of several dialects share.

import type { DialectName } from "../../protocol/dialect.ts";
import { frame, type Layout, LAYOUTS } from "../../protocol/frames.ts";
import type { TestAddress } from "../test_client.ts";

type Bytes = string | Uint8Array;

/** What somebody sends and what others must receive. */
export interface DialectExchange {
  hello(name: string, place: TestAddress): Bytes;
  say(text: string): Bytes;
  /** What of a text said so reaches others: all of it, unless the dialect has a reason. */
  carries?(text: string): string;
  /** What comes when `from` says `text`, in pieces that follow each other. */
  heard(from: string, text: string): readonly Bytes[];
  /** The same when it is for this client alone. */
  heardPrivately(from: string, text: string): readonly Bytes[];
  /** Says something to one person, where there are words for that. */
  whisper?(name: string, text: string): Bytes;
  /** Words for groups, where there are any. */
  readonly groups?: {
    join(group: string): Bytes;
    say(group: string, text: string): Bytes;
    heard(from: string, group: string, text: string): readonly Bytes[];
  };
}

function json(fields: Record<string, unknown>): string {
  return JSON.stringify(fields) + "\n";
}

function heardInJson(from: string, text: string, to?: string): readonly string[] {
  const target = to === undefined ? "" : `"to":"${to}",`;
  return [`"from":"${from}"`, `${target}"text":${JSON.stringify(text)}}`];
}

/** A program that sends frames of that layout. */
export function framedExchange(layout: Layout): DialectExchange {
  const heard = (text: string) => [frame(layout, 1, text)];
  return {
    hello: (name) => frame(layout, 0, name),
    say: (text) => frame(layout, 1, text),
    heard: (from, text) => heard(`${from}: ${text}`),
    heardPrivately: (from, text) => heard(`${from} (private): ${text}`),
  };
}

/** Every dialect's words. */
export const DIALECT_EXCHANGES: Readonly<Record<DialectName, DialectExchange>> = {
  native: {
    hello: (name) => json({ type: "hello", name }),
    say: (text) => json({ type: "say", text }),
    heard: (from, text) => heardInJson(from, text),
    heardPrivately: (from, text) => heardInJson(from, text, "@to-native"),
    whisper: (name, text) => json({ type: "say", to: `@${name}`, text }),
    groups: {
      join: (group) => json({ type: "join", group }),
      say: (group, text) => json({ type: "say", to: `#${group}`, text }),
      heard: (from, group, text) => heardInJson(from, text, `#${group}`),
    },
  },
  plain: {
    // Nobody is asked for a name on a Unix socket (D3).
    hello: (name, place) => "path" in place ? `/name ${name}\n` : `${name}\n`,
    say: (text) => `${text}\n`,
    heard: (from, text) => [`${from}: ${text}\n`],
    heardPrivately: (from, text) => [`${from} (private): ${text}\n`],
    whisper: (name, text) => `@${name} ${text}\n`,
    groups: {
      join: (group) => `/join ${group}\n`,
      say: (group, text) => `@${group} ${text}\n`,
      heard: (from, group, text) => [`${from}@${group}: ${text}\n`],
    },
  },
  usermsg: {
    hello: (name) => `USER ${name}\n`,
    say: (text) => `MSG ${text}\n`,
    heard: (from, text) => [`MSG ${from} ${text}\n`],
    heardPrivately: (from, text) => [`MSG ${from} [private] ${text}\n`],
  },
  etx: {
    hello: (name) => `hello ${name}\n`,
    say: (text) => `b ${text}\n`,
    // Its lines are split on spaces (R73), so those behind a command word are nobody's.
    carries: (text) => text.trimStart(),
    heard: (from, text) => [`${from}: ${text}\x03`],
    heardPrivately: (from, text) => [`${from}: ${text}\x03`],
    whisper: (name, text) => `s ${name} ${text}\n`,
    groups: {
      join: (group) => `j ${group}\n`,
      say: (group, text) => `s ${group} ${text}\n`,
      heard: (from, group, text) => [`${from}@${group}: ${text}\x03`],
    },
  },
  framed: framedExchange(LAYOUTS[0] ?? { headerBytes: 16, littleEndian: true }),
};
