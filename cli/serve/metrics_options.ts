// The flags of `minichat serve` for monitoring: metrics and the log.

import { object } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { option } from "@optique/core/primitives";
import { choice, string, type ValueParser } from "@optique/core/valueparser";
import { quoted } from "../../protocol/failures.ts";
import type { Problem } from "../../protocol/problem.ts";
import { LOG_LEVELS } from "../../server/log_entry.ts";
import { parseListenAddress } from "../../server/net/address.ts";

/** Metrics are served to this machine only by default. */
const DEFAULT_METRICS_HOST = "127.0.0.1";

/** A TCP address. */
export interface MetricsAddress {
  readonly host: string;
  readonly port: number;
}

/** Parses `PORT` or `HOST:PORT`, with an IPv6 host in brackets. */
export function parseMetricsAddress(input: string): MetricsAddress | Problem {
  const place = /^\d+$/.test(input) ? `${DEFAULT_METRICS_HOST}:${input}` : input;
  const address = input.includes(",") ? undefined : parseListenAddress(`tcp:${place}`);
  if (address !== undefined && !("error" in address) && address.at.kind === "tcp") {
    return address.at;
  }
  return { error: `Not a place for metrics: ${quoted(input)}, expected PORT or HOST:PORT` };
}

const metricsPlace: ValueParser<"sync", MetricsAddress> = {
  mode: "sync",
  metavar: "ADDRESS",
  placeholder: { host: DEFAULT_METRICS_HOST, port: 0 },
  parse(input) {
    const place = parseMetricsAddress(input);
    if (!("error" in place)) return { success: true, value: place };
    return { success: false, error: message`${text(place.error)}.` };
  },
  format: ({ host, port }) => `${host}:${port}`,
};

/** The flags. */
export const metricsOptions = object({
  metrics: optional(option("--metrics", metricsPlace, {
    description: message`Serve HTTP at HOST:PORT, or at PORT for this machine alone: /metrics for \
Prometheus, /healthz for load balancers.`,
  })),
  logFile: optional(option("--log-file", string({ metavar: "FILE" }), {
    description:
      message`Append a log of connections, orders and faults to FILE, as JSON Lines; - is \
standard error. SIGHUP opens FILE again.`,
  })),
  logLevel: optional(option("--log-level", choice(LOG_LEVELS, { metavar: "LEVEL" }), {
    description: message`Log entries of this level and above: debug, info (default), warning or \
error.`,
  })),
});

/** Parsed flags. */
export type MetricsOptions = InferValue<typeof metricsOptions>;
