// `--dialect` and `--header`, which several verbs share.

import { type Message, message, text } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { choice } from "@optique/core/valueparser";
import { DIALECT_NAMES, DIALECTS } from "../protocol/dialects.ts";

/** `--dialect`; its description is `what`, followed by the list of dialects. */
export function dialectOption(what: Message) {
  const list = DIALECTS.map(({ name, summary }) => `${name}: ${summary}`).join("; ");
  return option("--dialect", choice(DIALECT_NAMES, { metavar: "DIALECT" }), {
    description: message`${what} ${text(list)}.`,
  });
}

/** Bytes before each message of framed: a C struct (D2). */
export const DEFAULT_HEADER_BYTES = 16;

/** `--header`, for the dialect framed. */
export const headerOption = optional(
  option("--header", choice([DEFAULT_HEADER_BYTES, 12, 8] as const, { metavar: "BYTES" }), {
    description:
      message`For framed: the bytes before each message, little-endian. 16 (default) is a \
struct of int and size_t, 12 the two written one after the other, 8 an int and a 32-bit length.`,
  }),
);
