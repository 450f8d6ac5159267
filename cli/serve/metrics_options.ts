// The flags of `minichat serve` for whoever watches over it: figures and the log.

import { object } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { option } from "@optique/core/primitives";
import { choice, string, type ValueParser } from "@optique/core/valueparser";
import { quoted } from "../../protocol/failures.ts";
import { LOG_LEVELS } from "../../server/log_entry.ts";
import { parseListenAddress } from "../../server/net/address.ts";

/** Who may see the figures unless told otherwise: this machine. */
const DEFAULT_METRICS_HOST = "127.0.0.1";

/** Where to show figures. */
export interface MetricsAddress {
  readonly host: string;
  readonly port: number;
}

/** `PORT` or `HOST:PORT`, an IPv6 host in brackets; a sentence when it is neither. */
export function parseMetricsAddress(input: string): MetricsAddress | string {
  const place = /^\d+$/.test(input) ? `${DEFAULT_METRICS_HOST}:${input}` : input;
  const address = input.includes(",") ? undefined : parseListenAddress(`tcp:${place}`);
  if (address !== undefined && !("error" in address) && address.at.kind === "tcp") {
    return address.at;
  }
  return `Not a place for metrics: ${quoted(input)}, expected PORT or HOST:PORT`;
}

const metricsPlace: ValueParser<"sync", MetricsAddress> = {
  mode: "sync",
  metavar: "ADDRESS",
  placeholder: { host: DEFAULT_METRICS_HOST, port: 0 },
  parse(input) {
    const place = parseMetricsAddress(input);
    if (typeof place !== "string") return { success: true, value: place };
    return { success: false, error: message`${text(place)}.` };
  },
  format: ({ host, port }) => `${host}:${port}`,
};

/** What `minichat serve` takes for whoever watches over it. */
export const metricsOptions = object({
  metrics: optional(option("--metrics", metricsPlace, {
    description: message`Serve HTTP at HOST:PORT, or at PORT of this machine alone: /metrics for \
Prometheus, /healthz for load balancers.`,
  })),
  logFile: optional(option("--log-file", string({ metavar: "FILE" }), {
    description:
      message`Append a log of connections, orders and faults to FILE, as JSON Lines; - is \
standard error. SIGHUP opens FILE anew.`,
  })),
  logLevel: optional(option("--log-level", choice(LOG_LEVELS, { metavar: "LEVEL" }), {
    description: message`Log what matters at least so much: debug, info (unless told otherwise), \
warning or error.`,
  })),
});

/** Parsed flags. */
export type MetricsOptions = InferValue<typeof metricsOptions>;
