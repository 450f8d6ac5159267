// The results of a load test as data: printed by --json, and the source of the tables. Scripts rely
// on the names and units here, which docs/minichat.1 documents.

import type { DialectName } from "../protocol/dialect.ts";
import type { Histogram } from "./histogram.ts";
import type { DeliveryFault, FaultKind } from "./delivery_ledger.ts";

/** Why no more clients joined. */
export type JoinEnd =
  /** All requested clients have joined. */
  | "all_joined"
  /** The server refused or closed a connection. */
  | "refused"
  /** A client joined and received nothing for too long. */
  | "stalled"
  /** This program may open no more files. */
  | "descriptors"
  /** The user interrupted. */
  | "interrupted";

/** How a server ends its messages: as its dialect does, with NUL (D25), or not at all (D24). */
export type MessageEnd = "dialect" | "nul" | "none";

/** One step of joining. */
export interface JoinStep {
  /** Connected clients at its end. */
  readonly clients: number;
  /** From its start until a message reached all of them, in seconds. */
  readonly seconds: number;
  /** New clients per second of it. */
  readonly perSecond: number;
}

/** Results of the join phase. */
export interface JoinReport {
  /** Clients requested; `null` for as many as possible. */
  readonly wanted: number | null;
  /** Clients connected at the end of joining. */
  readonly held: number;
  readonly end: JoinEnd;
  /** The server's last text, or the system's reason, if joining ended early. */
  readonly detail: string | null;
  readonly steps: readonly JoinStep[];
  /** Whether a sender receives its own messages (D5). */
  readonly hearsItself: boolean;
  readonly messageEnd: MessageEnd;
}

/** Latencies in milliseconds. */
export interface LatencyReport {
  readonly count: number;
  readonly min: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** One bar of a histogram: `count` values from `from` (inclusive) up to `to`, in milliseconds. */
export interface HistogramBar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Results of a phase with messages. */
export interface TrafficReport {
  readonly senders: number;
  /** Most messages of one sender in flight. */
  readonly window: number;
  readonly seconds: number;
  /** Messages sent. */
  readonly messages: number;
  /** Messages that reached all receivers. */
  readonly completed: number;
  /** Seconds spent waiting for messages that never arrived. */
  readonly waitedInVain: number;
  readonly deliveries: number;
  readonly messagesPerSecond: number;
  readonly deliveriesPerSecond: number;
  /** Bytes read by all clients, in millions. */
  readonly megabytes: number;
  readonly megabytesPerSecond: number;
  /** From sending to each receipt. */
  readonly toEach: LatencyReport;
  /** Share of the receipts, 0 to 1, that took as long as a delayed acknowledgement; see nagle.ts. */
  readonly delayedAckShare: number;
  /** From sending to the last receipt of a message. */
  readonly toLast: LatencyReport;
  /** Distribution of `toEach`. */
  readonly histogram: readonly HistogramBar[];
  /** Processor time of this program, in per cent of one core. */
  readonly ownCpuPercent: number;
}

/** Faults in what was received. */
export interface FaultReport {
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly torn: number;
  /** The first of each kind; clients are numbered from 1 in order of joining, 0 is unknown. */
  readonly first: readonly FaultExample[];
}

/** One fault. */
export interface FaultExample {
  readonly kind: FaultKind;
  readonly receiver: number;
  readonly sender: number;
  /** Number of the message that was due from that sender; `null` if unknown. */
  readonly expected: number | null;
  /** The number received, or the damaged bytes as text; `null` if nothing was received. */
  readonly received: number | string | null;
}

/** The whole report. */
export interface LoadReport {
  readonly target: string;
  readonly dialect: DialectName;
  /** Length of each message's text, in bytes. */
  readonly messageBytes: number;
  /** Whether there were no problems: then the exit code is 0. */
  readonly ok: boolean;
  /** The problems, one line each. */
  readonly problems: readonly string[];
  /** What slows the server down or differs from its dialect, and is no failure; one line each. */
  readonly notes: readonly string[];
  readonly interrupted: boolean;
  readonly join: JoinReport;
  /** `null` if the phase was not reached. */
  readonly latency: TrafficReport | null;
  readonly fanout: TrafficReport | null;
  readonly faults: FaultReport;
  /** Clients that the server disconnected after the join phase. */
  readonly dropped: number;
  /**
   * Whether the server served new clients after all others had disconnected; `null` if that was not
   * tried.
   */
  readonly survived: boolean | null;
}

/** Processor time, in per cent of a core, from which on this program may be the bottleneck. */
export const CPU_BOUND_PERCENT = 85;

/** The figures of a histogram. */
export function latencyReport(values: Histogram): LatencyReport {
  return {
    count: values.count,
    min: milliseconds(values.min),
    mean: milliseconds(values.mean),
    p50: milliseconds(values.quantile(0.5)),
    p90: milliseconds(values.quantile(0.9)),
    p99: milliseconds(values.quantile(0.99)),
    max: milliseconds(values.max),
  };
}

/** A fault in the form of the report. */
export function faultExample(
  { kind, receiver, sender, expected, received }: DeliveryFault,
): FaultExample {
  return {
    kind,
    receiver: receiver + 1,
    sender: sender + 1,
    expected: expected < 0 ? null : expected,
    received: received ?? null,
  };
}

/** Most bars of a histogram. */
const MAX_BARS = 16;
/**
 * Ends of bars within a power of ten, the finest scale first: the first scale that needs no more
 * than {@linkcode MAX_BARS} is used.
 */
const SCALES: readonly (readonly number[])[] = [
  [1, 1.2, 1.5, 1.8, 2.2, 2.7, 3.3, 3.9, 4.7, 5.6, 6.8, 8.2],
  [1, 1.5, 2, 3, 5, 7],
  [1, 2, 5],
  [1],
];
/** The shares below which all values go into the first bar, and above which into the last. */
const FIRST_BAR_ENDS = 0.002;
const LAST_BAR_BEGINS = 0.998;

/** The histogram as few bars, about equally wide on a logarithmic scale. */
export function barsOf(values: Histogram): HistogramBar[] {
  if (values.count === 0) return [];
  const low = Math.max(1, values.quantile(FIRST_BAR_ENDS));
  const high = values.quantile(LAST_BAR_BEGINS);
  const fitting = SCALES.map((scale) => edgesOf(scale, { low, high }))
    .find((edges) => edges.length < MAX_BARS) ?? [];
  const last = fitting.at(-1) ?? 0;
  return barsUpTo(values, last > values.max ? fitting : [...fitting, values.max + 1]);
}

/** Ends of bars: the first is above `low`, the last above `high`. */
function edgesOf(scale: readonly number[], { low, high }: { low: number; high: number }): number[] {
  const edges: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(low));; power *= 10) {
    for (const step of scale) {
      const edge = step * power;
      if (edge > low) edges.push(edge);
      if (edge > high) return edges;
    }
  }
}

function barsUpTo(values: Histogram, edges: readonly number[]): HistogramBar[] {
  return edges.map((to, at) => {
    const from = edges[at - 1] ?? 0;
    return { from: from / 1000, to: to / 1000, count: values.between(from, to) };
  });
}

/** Microseconds as milliseconds, to the microsecond. */
function milliseconds(micros: number): number {
  return Math.round(micros) / 1000;
}
