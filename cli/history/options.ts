// The flags of `minichat history`, separate from command.ts so that `--help` loads few modules.

import { object } from "@optique/core/constructs";
import { type Message, message, text } from "@optique/core/message";
import { multiple, optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { argument, flag, option } from "@optique/core/primitives";
import { choice, string, type ValueParser } from "@optique/core/valueparser";
import { directory, jsonFlag, portNumber } from "../common_options.ts";
import { FORMAT_NAMES } from "./formats.ts";
import { type HistoryPosition, parseHistoryPosition } from "./parse_when.ts";

const when: ValueParser<"sync", HistoryPosition> = {
  mode: "sync",
  metavar: "WHEN",
  placeholder: { kind: "seq", seq: 0 },
  parse(input) {
    const parsed = parseHistoryPosition(input, new Date());
    if (!("error" in parsed)) return { success: true, value: parsed };
    return { success: false, error: message`${text(parsed.error)}.` };
  },
  format: (value) => value.kind === "seq" ? `${value.seq}` : new Date(value.ms).toISOString(),
};

const MISSING_ACTION = message`Missing ACTION: info, export, search, backup or check.`;

const ACTIONS = ["info", "export", "search", "backup", "check"] as const;

/** The flags and arguments. */
export const historyParser = object({
  action: argument(choice(ACTIONS, { metavar: "ACTION" }), {
    errors: { endOfInput: MISSING_ACTION },
    description: message`info prints where the history is and how much it holds; export prints the \
messages; search prints those with all WORDS in the text or the name; backup FILE copies the history while \
the server runs; check [FILE] verifies it, or a copy.`,
  }),
  words: multiple(argument(string({ metavar: "WORDS" }), {
    description: message`For search, in any letter case and form; for backup and check the FILE.`,
  })),
  data: optional(option("--data", directory, {
    description: message`The directory given to minichat serve --data.`,
  })),
  port: optional(option("-p", "--port", portNumber, {
    description: message`The history of the server on that port (default 8080).`,
  })),
  since: optional(option("--since", when, {
    description:
      message`Only messages since WHEN: 30m, 1h30m or 2d ago, 10:30 today, 2026-11-22 or \
2026-11-22T10:30, or after the message of that number.`,
  })),
  until: optional(option("--until", when, {
    description: message`Only messages before WHEN, or up to the message of that number.`,
  })),
  format: optional(option("--format", choice(FORMAT_NAMES, { metavar: "FORMAT" }), {
    description: message`text (default), md (Markdown) or json (JSON Lines, the message events of \
the native protocol).`,
  })),
  json: jsonFlag(message`The same as --format json.`),
  private: optional(flag("--private", {
    description: message`Also messages to one person or to a group.`,
  })),
  force: optional(flag("--force", {
    description: message`For backup: replace an existing FILE.`,
  })),
}, { errors: { endOfInput: MISSING_ACTION } });

/** Parsed flags. */
export type HistoryVerbOptions = InferValue<typeof historyParser>;

/** Below the options in `--help`. */
export const HISTORY_FOOTER: Message =
  message`Reads the history of minichat serve, whether the server runs or not; times are in this \
machine's time zone, and printed with its offset from UTC. Example: minichat history export --since 1h --format md > today.md. Exit codes: \
0 done; 1 there is no history, it cannot be read, or search found no message, or check found damage; 2 wrong usage.`;
