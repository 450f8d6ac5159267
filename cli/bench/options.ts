// The flags of `minichat bench`, separate from command.ts so that `--help` loads few modules.

import { object } from "@optique/core/constructs";
import { type Message, message } from "@optique/core/message";
import { optional, withDefault } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { flag, option } from "@optique/core/primitives";
import { integer, type ValueParser } from "@optique/core/valueparser";
import { MIN_STAMP_BYTES } from "../../load/stamp.ts";
import { MAX_MESSAGE_BYTES } from "../../protocol/limits.ts";
import {
  hostArgument,
  jsonFlag,
  noColorFlag,
  portArgument,
  portNumber,
} from "../common_options.ts";
import { dialectOption, headerOption } from "../dialect_options.ts";
import { durationValue } from "../duration_value.ts";

const DEFAULT_CLIENTS = 100;
/** Bounds of the fan-out's duration, in milliseconds. */
const FANOUT = { least: 1_000, most: 3_600_000, bareSeconds: true };
const DEFAULT_BYTES = 64;
const MAX_CLIENTS = 60_000;
const MAX_SENDERS = 1_000;
const MAX_WINDOW = 1_000;

/** A number of clients, or `max`. */
const clientsParser: ValueParser<"sync", number | "max"> = {
  mode: "sync",
  metavar: "N",
  placeholder: DEFAULT_CLIENTS,
  parse(input) {
    if (input === "max") return { success: true, value: "max" };
    const value = /^\d+$/.test(input) ? Number(input) : 0;
    if (value >= 2 && value <= MAX_CLIENTS) return { success: true, value };
    return {
      success: false,
      error: message`Not a number of clients: ${input}, expected 2 to 60000, or max`,
    };
  },
  format: String,
};

/** The flags and arguments. */
export const benchParser = object({
  host: hostArgument(
    message`Missing HOST: minichat bench localhost 8080 tries a server here.`,
  ),
  port: portArgument(portNumber),
  dialect: dialectOption(message`The server's protocol.`),
  header: headerOption,
  clients: withDefault(
    option("--clients", clientsParser, {
      description: message`How many clients join; max adds clients until the server refuses or \
stalls, or this program may open no more connections.`,
    }),
    DEFAULT_CLIENTS,
  ),
  senders: optional(option("--senders", integer({ metavar: "S", min: 1, max: MAX_SENDERS }), {
    description: message`How many of them send in the fan-out (default 10).`,
  })),
  window: optional(option("--window", integer({ metavar: "W", min: 1, max: MAX_WINDOW }), {
    description: message`How many messages of each sender may be in flight: sent, and not yet \
received by all clients (default 16, fewer if they are long).`,
  })),
  seconds: optional(option("--seconds", durationValue(FANOUT), {
    description: message`How long the fan-out sends: 90s, 2m or up to 1h (default 5s); a number \
alone is seconds.`,
  })),
  messages: optional(option("--messages", integer({ metavar: "N", min: 1, max: 10_000_000 }), {
    description: message`How many messages the fan-out sends, instead of a time.`,
  })),
  size: withDefault(
    option("--size", integer({ metavar: "BYTES", min: MIN_STAMP_BYTES, max: MAX_MESSAGE_BYTES }), {
      description: message`Length of a message's text, 20 to 8192 bytes.`,
    }),
    DEFAULT_BYTES,
  ),
  remote: optional(flag("--remote", {
    description: message`Required for a server on another machine: test only your own servers, or \
with the owner's agreement.`,
  })),
  json: jsonFlag(message`Print the report as one JSON object.`),
  noColor: noColorFlag,
});

/** Below the options in `--help`. */
export const BENCH_FOOTER: Message =
  message`Every message is numbered and checked by every client that receives it: lost, duplicated, \
reordered and torn messages are reported. Exit codes: 0 all well; 1 the server or its messages were \
at fault; 2 wrong usage; 130 interrupted, with a report so far.`;

/** Parsed flags. */
export type BenchOptions = InferValue<typeof benchParser>;
