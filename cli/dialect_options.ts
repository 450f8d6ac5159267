// `--dialect` and `--header`, which several verbs share.

import { type Message, message, text } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { choice, type ValueParser } from "@optique/core/valueparser";
import type { DialectName } from "../protocol/dialect.ts";
import { dialectNamed, DIALECTS, OWN_DIALECT, unknownDialect } from "../protocol/dialects.ts";
import {
  type FrameLayout,
  headerName,
  LAYOUT_NAMES,
  layoutNamed,
} from "../protocol/frame_layouts.ts";

/** Bytes before each message of framed: a C struct (D2). */
export const DEFAULT_HEADER_BYTES = 16;

/** The value of `--header` of a client. */
const layout: ValueParser<"sync", FrameLayout> = {
  mode: "sync",
  metavar: "LAYOUT",
  placeholder: { headerBytes: DEFAULT_HEADER_BYTES, littleEndian: true },
  parse(input) {
    const value = layoutNamed(input);
    if (value !== undefined) return { success: true, value };
    const expected = LAYOUT_NAMES.join(", ");
    return { success: false, error: message`Expected one of ${text(expected)}, but got ${input}.` };
  },
  format: headerName,
};

/** A dialect by its name or its sheet's number. */
export const dialectValue: ValueParser<"sync", DialectName> = {
  mode: "sync",
  metavar: "DIALECT",
  placeholder: OWN_DIALECT.name,
  parse(input) {
    const dialect = dialectNamed(input);
    if (dialect !== undefined) return { success: true, value: dialect.name };
    return {
      success: false,
      error: message`${text(unknownDialect(input).replace(/[^?]$/, "$&."))}`,
    };
  },
  format: (name) => name,
  *suggest(prefix: string) {
    for (const { name, summary } of DIALECTS) {
      if (!name.startsWith(prefix)) continue;
      yield { kind: "literal" as const, text: name, description: message`${text(summary)}` };
    }
  },
};

/** `--dialect`; its description is `what`, followed by the list of dialects. */
export function dialectOption(what: Message) {
  return dialectOptionOf(what, dialectValue);
}

/** The same with another parser of its value. */
export function dialectOptionOf<Name extends string>(
  what: Message,
  value: ValueParser<"sync", Name>,
) {
  const list = DIALECTS.map(({ name, summary }) => `${name}: ${summary}`).join("; ");
  return option("--dialect", value, {
    description: message`${what} ${text(list)}. A sheet's number (004) is accepted too.`,
  });
}

/** The word in the place of a dialect with which it is found out. */
export const AUTO_DIALECT = "auto";

const dialectOrAuto: ValueParser<"sync", DialectName | typeof AUTO_DIALECT> = {
  ...dialectValue,
  parse: (input) =>
    input === AUTO_DIALECT ? { success: true, value: AUTO_DIALECT } : dialectValue.parse(input),
  format: (name) => name,
  *suggest(prefix: string) {
    if (AUTO_DIALECT.startsWith(prefix)) yield { kind: "literal" as const, text: AUTO_DIALECT };
    yield* dialectValue.suggest?.(prefix) ?? [];
  },
};

/** As {@linkcode dialectOption}, with `auto`. */
export function dialectOrAutoOption(what: Message) {
  const list = DIALECTS.map(({ name, summary }) => `${name}: ${summary}`).join("; ");
  return option("--dialect", dialectOrAuto, {
    description: message`${what} ${text(list)}. A sheet's number (004) is accepted too.`,
  });
}

/** `--header` of a client, in any layout of framed. */
export const layoutOption = optional(
  option("--header", layout, {
    description:
      message`For framed: the layout of the bytes before each message; without it 16, 8 and \
12 are tried. 16 is a struct of int and size_t, 12 the two written one after the other, 8 an int and \
a 32-bit length; 16be, 12be and 8be the same in big-endian order. Of no sheet: be4, le4, be2, le2, u1, be8 and le8, a \
length alone; t4 and t4le, a byte for the type and a length of 4 bytes; dec4 to dec64, that many \
digits.`,
  }),
);

/** `--header`, in the layouts of sheet 000 that `check` and `bench` speak. */
export const headerOption = optional(
  option("--header", choice([DEFAULT_HEADER_BYTES, 12, 8] as const, { metavar: "BYTES" }), {
    description:
      message`For framed: the bytes before each message, little-endian. 16 (default) is a \
struct of int and size_t, 12 the two written one after the other, 8 an int and a 32-bit length.`,
  }),
);
