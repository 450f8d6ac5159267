// Parser for sizes as values of flags: `64MiB`, `1GiB`.

import { message, text } from "@optique/core/message";
import type { ValueParser } from "@optique/core/valueparser";
import { formatLimitValue, parseLimitValue } from "../server/limits/limit_values.ts";

/** The range of a size, in bytes. */
export interface SizeRules {
  readonly least: number;
  readonly most: number;
}

/** A size in bytes. */
export function sizeValue({ least, most }: SizeRules): ValueParser<"sync", number> {
  const row = {
    name: "the size",
    unit: "bytes",
    range: [least, most],
    usual: least,
    help: "",
  } as const;
  return {
    mode: "sync",
    metavar: "SIZE",
    placeholder: least,
    parse(input) {
      const bytes = parseLimitValue(row, input);
      if (typeof bytes === "number") return { success: true, value: bytes };
      return { success: false, error: message`${text(`${bytes.error}.`)}` };
    },
    format: (bytes) => formatLimitValue(row, bytes),
  };
}
