// Flags and arguments that several verbs take, with the same words in each `--help`.

import { type Message, message, text } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { argument, flag, option } from "@optique/core/primitives";
import { choice, integer, string, type ValueParser } from "@optique/core/valueparser";
import { DIALECT_NAMES, DIALECTS } from "../protocol/dialects.ts";

/** HOST; `missing` is the error message where there is none. */
export function hostArgument(missing: Message) {
  return argument(string({ metavar: "HOST" }), {
    errors: { endOfInput: missing },
    description:
      message`Host name or IP address of the server, such as localhost; HOST:PORT in one \
word; or unix:PATH.`,
  });
}

/** PORT, as `value` reads it. */
export function portArgument<Port>(value: ValueParser<"sync", Port>) {
  return optional(argument(value, {
    description: message`TCP port, 1 to 65535, 8080 by default; with unix:PATH there is none.`,
  }));
}

/** A TCP port that something may listen at. */
export const portNumber = integer({ min: 1, max: 65_535, metavar: "PORT" });

/** `--dialect`: `what` says whose; the dialects are listed behind it. */
export function dialectOption(what: Message) {
  const list = DIALECTS.map(({ name, summary }) => `${name} is ${summary}`).join("; ");
  return option("--dialect", choice(DIALECT_NAMES, { metavar: "DIALECT" }), {
    description: message`${what} ${text(list)}.`,
  });
}

/** Bytes in front of each message of framed: a C struct (D2). */
export const DEFAULT_HEADER_BYTES = 16;

/** `--header`, for the dialects whose messages have one. */
export const headerOption = optional(
  option("--header", choice([DEFAULT_HEADER_BYTES, 12, 8] as const, { metavar: "BYTES" }), {
    description:
      message`For framed: the bytes in front of each message, little-endian. 16 (default) \
is a struct of int and size_t, 12 the two written one by one, 8 an int and a 32-bit length.`,
  }),
);

/** `--json`: `what` says what is printed then. */
export function jsonFlag(what: Message) {
  return optional(flag("--json", { description: what }));
}

/** `--no-color`. */
export const noColorFlag = optional(flag("--no-color", {
  description: message`No colours; NO_COLOR in the environment does the same.`,
}));

/** A directory; an empty word is a variable of a script that is not set. */
export const directory: ValueParser<"sync", string> = {
  mode: "sync",
  metavar: "DIR",
  placeholder: ".",
  parse(input) {
    if (input !== "") return { success: true, value: input };
    return { success: false, error: message`Empty directory: give one, such as ./chat.` };
  },
  format: String,
};
