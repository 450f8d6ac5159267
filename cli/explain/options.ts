// The flags of `minichat explain`. What it prints is in command.ts, which is loaded only when asked for.

import { object } from "@optique/core/constructs";
import { type Message, message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { argument, flag } from "@optique/core/primitives";
import { choice } from "@optique/core/valueparser";
import { DIALECT_NAMES } from "../../protocol/dialects.ts";
import { noColorFlag } from "../common_options.ts";

/** What `minichat explain` takes. */
export const explainParser = object({
  dialect: optional(argument(choice(DIALECT_NAMES, { metavar: "DIALECT" }), {
    description: message`The protocol to explain; without one, all are listed.`,
  })),
  markdown: optional(flag("--markdown", {
    description: message`Print the source, which is Markdown, as it is.`,
  })),
  noColor: noColorFlag,
});

/** Parsed flags. */
export type ExplainOptions = InferValue<typeof explainParser>;

/** Below the options in `--help`. */
export const EXPLAIN_FOOTER: Message =
  message`Each protocol byte by byte, with a session and a complete client in Python. For a page at a \
time: minichat explain etx | less.`;
