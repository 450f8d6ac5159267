// The flags of `minichat serve` about what it remembers: where, how safely, how long, and how much of
// it a newcomer is shown.

import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { flag, option } from "@optique/core/primitives";
import { integer } from "@optique/core/valueparser";
import { LIMITS } from "../server/limits/limits.ts";
import { directory } from "./common_options.ts";
import { durationValue } from "./duration_value.ts";

/** What is old is looked for once an hour. */
const HOUR_MS = 3_600_000;

/** How long messages are kept unless told otherwise, in milliseconds. */
export const DEFAULT_RETAIN_MS = 30 * 24 * HOUR_MS;

const [MIN_REPLAY, MAX_REPLAY] = LIMITS.replayMessages.range;

/** What `minichat serve` takes about its history. */
export const historyOptions = object({
  data: optional(option("--data", directory, {
    description: message`Keep messages in DIR instead of minichat/PORT in your state directory \
($XDG_STATE_HOME, else ~/.local/state). One server a directory.`,
  })),
  noHistory: optional(flag("--no-history", {
    description: message`Write nothing to the disk: what was said is gone when the server stops.`,
  })),
  durable: optional(flag("--durable", {
    description: message`Wait for the disk with every message. Without it an acknowledged message \
survives the death of the server, with it a power failure too; it costs the speed of your disk.`,
  })),
  retain: optional(option("--retain", durationValue({ least: HOUR_MS, forever: true }), {
    description: message`How long messages are kept, an hour or more: 36h, 30d (default), 4w or \
forever.`,
  })),
  replay: optional(option("--replay", integer({ min: MIN_REPLAY, max: MAX_REPLAY, metavar: "N" }), {
    description:
      message`Messages a newcomer is shown of what was said to everyone before, 20 unless \
told otherwise; 0 for none. Only where they can be told from new ones: native and plain.`,
  })),
});

/** Parsed flags. */
export type HistoryOptions = InferValue<typeof historyOptions>;
