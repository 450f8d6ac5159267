// The flags of `minichat explain`, separate from command.ts so that `--help` loads few modules.

import { object } from "@optique/core/constructs";
import { type Message, message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { argument, flag } from "@optique/core/primitives";
import { noColorFlag } from "../common_options.ts";
import { dialectValue } from "../dialect_options.ts";

/** The flags and arguments. */
export const explainParser = object({
  dialect: optional(argument(dialectValue, {
    description: message`The protocol to explain, or its sheet's number (default a list of all).`,
  })),
  markdown: optional(flag("--markdown", {
    description: message`Print the Markdown source.`,
  })),
  noColor: noColorFlag,
});

/** Parsed flags. */
export type ExplainOptions = InferValue<typeof explainParser>;

/** Below the options in `--help`. */
export const EXPLAIN_FOOTER: Message =
  message`Each protocol byte by byte, with a session and a complete client in Python. For a page at a \
time: minichat explain etx | less.`;
