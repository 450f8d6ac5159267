// How each dialect says the few things that every row of the fault table needs: one script, run over
// all three.

import type { DialectName } from "../../protocol/dialect.ts";

/** A message as a listener of any dialect gets it. */
export interface Heard {
  readonly from: string;
  readonly text: string;
}

/** The words of one dialect; what is sent ends with a newline. */
export interface Phrasebook {
  readonly dialect: DialectName;
  /** Registers under a name. */
  hello(name: string): string;
  /** Says something to everyone. */
  say(text: string): string;
  /** Says exactly those bytes, without any escape of the dialect's own. */
  sayBytes(bytes: Uint8Array): Uint8Array;
  rename(name: string): string;
  /** Something nobody understands; the refusal quotes `token`. */
  nonsense(token: string): string;
  /** The lines that tell one who one is. */
  readonly welcome: RegExp;
  /** The message a line holds, when it holds one from a person. */
  heard(line: string): Heard | undefined;
  /** Whether a line is a refusal or a goodbye. */
  readonly refusal: RegExp;
}

const ENCODER = new TextEncoder();

/** `parts` one behind the other. */
export function bytes(...parts: (string | Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => typeof part === "string" ? [...ENCODER.encode(part)] : [...part]),
  );
}

const native: Phrasebook = {
  dialect: "native",
  hello: (name) => JSON.stringify({ type: "hello", name }) + "\n",
  say: (text) => JSON.stringify({ type: "say", text }) + "\n",
  sayBytes: (text) => bytes('{"type":"say","text":"', text, '"}\n'),
  rename: (name) => JSON.stringify({ type: "rename", name }) + "\n",
  nonsense: (token) => JSON.stringify({ type: token }) + "\n",
  welcome: /"type":"welcome"/,
  heard(line) {
    const { type, from, text } = JSON.parse(line);
    return type === "message" ? { from, text } : undefined;
  },
  refusal: /^\{"type":"(error|closed)"/,
};

const plain: Phrasebook = {
  dialect: "plain",
  hello: (name) => `${name}\n`,
  say: (text) => `${text}\n`,
  sayBytes: (text) => bytes(text, "\n"),
  rename: (name) => `/name ${name}\n`,
  nonsense: (token) => `/${token}\n`,
  welcome: /^-- You are /,
  heard(line) {
    const [, from, text] = /^([^ :]+): (.*)$/s.exec(line) ?? [];
    return from === undefined || text === undefined ? undefined : { from, text };
  },
  refusal: /^(-! |-- Goodbye)/,
};

const usermsg: Phrasebook = {
  dialect: "usermsg",
  hello: (name) => `USER ${name}\n`,
  say: (text) => `MSG ${text}\n`,
  sayBytes: (text) => bytes("MSG ", text, "\n"),
  rename: (name) => `USER ${name}\n`,
  nonsense: (token) => `${token}\n`,
  welcome: /^MSG server You are /,
  heard(line) {
    const [, from, text] = /^MSG (\S+) (.*)$/s.exec(line) ?? [];
    return from === undefined || text === undefined || from === "server"
      ? undefined
      : { from, text };
  },
  refusal: /^MSG server /,
};

/** Every dialect's words. */
export const PHRASEBOOKS: readonly Phrasebook[] = [native, plain, usermsg];

/** The words of that dialect. */
export function phrasebook(dialect: DialectName): Phrasebook {
  const found = PHRASEBOOKS.find((book) => book.dialect === dialect);
  if (found === undefined) throw new RangeError(`No phrasebook for ${dialect}`);
  return found;
}
