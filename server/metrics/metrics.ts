// Formats a server's statistics and limits as Prometheus metrics, without names or texts of
// clients. Pure.

import type { Stats } from "../control.ts";
import type { Limits } from "../limits/limits.ts";
import { exposition, type Family, type Sample } from "./exposition.ts";

/** The values of all metrics. */
export interface MetricsView {
  readonly stats: Stats;
  /** Every reason that {@linkcode Stats.closed} may have. */
  readonly closeReasons: readonly string[];
  readonly limits: Limits;
  /** Labels of `minichat_build_info` beside the version. */
  readonly build: Readonly<Record<string, string>>;
  readonly stopping: boolean;
  /** Lines of the operator's log that were written, and lost; absent without a log. */
  readonly log?: { readonly written: number; readonly lost: number } | undefined;
  /** The history on disk; absent if it is in memory. */
  readonly store?: {
    readonly bytes: number;
    readonly broken: boolean;
    readonly clockDoubted: boolean;
  } | undefined;
}

/** The response to a scrape. */
export function metricsText(view: MetricsView): string {
  return exposition([
    ...serverFamilies(view),
    ...clientFamilies(view),
    ...trafficFamilies(view.stats),
    ...storeFamilies(view),
    ...certificateFamilies(view.stats),
    ...logFamilies(view),
    ...limitFamilies(view.limits),
  ]);
}

function serverFamilies({ stats, build, stopping }: MetricsView): Family[] {
  const { median, worst } = stats.lagMs;
  return [
    gauge("build_info", "What runs; always 1", [
      { value: 1, labels: { version: stats.version, ...build } },
    ]),
    gauge("start_time_seconds", "When the server started, since the epoch", [
      { value: Date.parse(stats.startedAt) / 1000 },
    ]),
    gauge("uptime_seconds", "How long the server has run", [{ value: stats.uptimeSeconds }]),
    gauge("stopping", "1 while the server is stopping", [{ value: stopping ? 1 : 0 }]),
    gauge("resident_memory_bytes", "Memory of the process", [{ value: stats.residentBytes }]),
    gauge("event_loop_lag_median_seconds", "Median lag of the event loop in the last ten seconds", [
      { value: median / 1000 },
    ]),
    gauge("event_loop_lag_worst_seconds", "Worst lag of the event loop in the last ten seconds", [
      { value: worst / 1000 },
    ]),
  ];
}

function clientFamilies({ stats, closeReasons }: MetricsView): Family[] {
  return [
    gauge("clients", "Connections by dialect; unknown before the first bytes", [
      ...labelled("dialect", { unknown: 0, ...stats.dialects }),
    ]),
    gauge("registered_clients", "Connections with a name", [{ value: stats.registered }]),
    gauge("groups", "Groups", [{ value: stats.groups }]),
    counter("accepted", "Connections accepted", [{ value: stats.accepted }]),
    counter("accept_errors", "Times the system refused to accept", [
      { value: stats.acceptErrors },
    ]),
    counter("closed", "Connections closed, by reason", [
      ...labelled("reason", {
        ...Object.fromEntries(closeReasons.map((reason) => [reason, 0])),
        ...stats.closed,
      }),
    ]),
  ];
}

function trafficFamilies(stats: Stats): Family[] {
  return [
    counter("messages", "Messages stored", [{ value: stats.messages }]),
    counter("deliveries", "Copies of events handed to clients' queues", [
      { value: stats.deliveries },
    ]),
    gauge("queued_bytes", "Bytes waiting for clients to read", [{ value: stats.queuedBytes }]),
  ];
}

function storeFamilies({ store }: MetricsView): Family[] {
  if (store === undefined) return [];
  return [
    gauge("history_size_bytes", "Size of the history on disk", [{ value: store.bytes }]),
    gauge("history_broken", "1 while messages cannot be stored", [{ value: store.broken ? 1 : 0 }]),
    gauge("history_clock_doubted", "1 while nothing is deleted because the clock may be wrong", [
      { value: store.clockDoubted ? 1 : 0 },
    ]),
  ];
}

function certificateFamilies({ certificates }: Stats): Family[] {
  if (certificates.length === 0) return [];
  const samples = certificates.map(({ cert, until }) => ({
    value: Date.parse(until) / 1000,
    labels: { cert },
  }));
  return [gauge("certificate_end_seconds", "When a certificate ends, since the epoch", samples)];
}

function logFamilies({ log }: MetricsView): Family[] {
  if (log === undefined) return [];
  return [
    counter("log_lines", "Lines of the log written", [{ value: log.written }]),
    counter("log_lines_lost", "Lines of the log that could not be written", [{ value: log.lost }]),
  ];
}

/** Each limit that is one number, in base units: `registrationMs` is `limit_registration_seconds`. */
function limitFamilies(limits: Limits): Family[] {
  return Object.entries(limits).flatMap(([limit, value]) => {
    if (typeof value !== "number") return [];
    const name = limit.replace(/Ms$/, "Seconds").replace(/[A-Z]/g, (letter) => `_${letter}`)
      .toLowerCase();
    const isTime = limit.endsWith("Ms");
    return [
      gauge(`limit_${name}`, `The server's limit ${limit}`, [
        { value: isTime ? value / 1000 : value },
      ]),
    ];
  });
}

function labelled(label: string, figures: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(figures).map(([key, value]) => ({ value, labels: { [label]: key } }));
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name: `minichat_${name}`, help, type: "gauge", samples };
}

function counter(name: string, help: string, samples: readonly Sample[]): Family {
  return { name: `minichat_${name}_total`, help, type: "counter", samples };
}
