// The flags of `minichat serve` about its history: directory, durability, retention, and how much
// of it a new member is shown.

import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { flag, option } from "@optique/core/primitives";
import { integer } from "@optique/core/valueparser";
import { LIMITS } from "../server/limits/limits.ts";
import { directory } from "./common_options.ts";
import { durationValue } from "./duration_value.ts";
import { sizeValue } from "./size_value.ts";

/** The least retention, since old messages are deleted once an hour. */
const HOUR_MS = 3_600_000;

/** How much of the disk messages may take by default: 1 GiB. */
export const DEFAULT_RETAIN_BYTES = 1024 ** 3;

/** The range of that size, in bytes. */
const RETAIN_BYTES = { least: 1024 ** 2, most: 1024 ** 5 } as const;

/** How long messages are kept by default, in milliseconds. */
export const DEFAULT_RETAIN_MS = 30 * 24 * HOUR_MS;

const [MIN_REPLAY, MAX_REPLAY] = LIMITS.replayMessages.range;

/** The flags. */
export const historyOptions = object({
  data: optional(option("--data", directory, {
    description: message`Keep messages in DIR (default minichat/PORT in your state directory, \
$XDG_STATE_HOME or ~/.local/state). One server per directory.`,
  })),
  noHistory: optional(flag("--no-history", {
    description: message`Write nothing to the disk: messages are lost when the server stops.`,
  })),
  durable: optional(flag("--durable", {
    description: message`Wait for the disk with every message. Without it an acknowledged message \
survives a crash of the server, with it a power failure too; it is as slow as your disk.`,
  })),
  retain: optional(option("--retain", durationValue({ least: HOUR_MS, forever: true }), {
    description: message`How long messages are kept, an hour or more: 36h, 30d (default), 4w or \
forever.`,
  })),
  retainBytes: optional(option("--retain-bytes", sizeValue(RETAIN_BYTES), {
    description: message`How much of the disk messages may take, such as 64MiB (default 1GiB); \
beyond that the oldest are deleted. Of an address that has more than a quarter, its own go first.`,
  })),
  replay: optional(option("--replay", integer({ min: MIN_REPLAY, max: MAX_REPLAY, metavar: "N" }), {
    description:
      message`How many earlier messages to everyone a new member is shown (default 20); 0 for \
none. Only in dialects that mark them as earlier: native and plain.`,
  })),
});

/** Parsed flags. */
export type HistoryOptions = InferValue<typeof historyOptions>;
