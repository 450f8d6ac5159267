// The workloads and targets of the fan-out benchmark, as tables. Pure.

/** One workload. */
export interface Workload {
  readonly readers: number;
  readonly senders: number;
  /** Messages in flight, of all senders together. */
  readonly window: number;
  /** Bytes of one message's text. */
  readonly bytes: number;
  /** Whether every second reader speaks `native`: only minichat offers it. */
  readonly halfNative: boolean;
}

/** The workloads by name; `mixed` follows `crowd` immediately, since the two are compared. */
export const WORKLOADS = {
  crowd: { readers: 1000, senders: 50, window: 64, bytes: 64, halfNative: false },
  mixed: { readers: 1000, senders: 50, window: 64, bytes: 64, halfNative: true },
  stream: { readers: 200, senders: 1, window: 64, bytes: 64, halfNative: false },
  ping: { readers: 200, senders: 1, window: 1, bytes: 64, halfNative: false },
} as const satisfies Record<string, Workload>;

/** The name of a workload. */
export type WorkloadName = keyof typeof WORKLOADS;

/** All names, in the order of the runs. */
export const WORKLOAD_NAMES = Object.keys(WORKLOADS) as WorkloadName[];

/** The compared servers. */
export const SERVER_NAMES = ["minichat", "disk", "c", "redis", "nats", "ngircd"] as const;

/** The name of a server. */
export type ServerName = typeof SERVER_NAMES[number];

/** One side of a ratio: a figure of a server in a workload. */
export interface RatioSide {
  readonly workload: WorkloadName;
  readonly server: ServerName;
}

/** A target: minichat's figure divided by another one. */
export interface PerformanceTarget {
  readonly of: RatioSide;
  readonly against: RatioSide;
  /** Deliveries a second (more is better), or the 99th percentile of latency (less is better). */
  readonly figure: "rate" | "p99";
  readonly bound: { readonly atLeast: number } | { readonly atMost: number };
}

function against(workload: WorkloadName, server: ServerName, atLeast: number): PerformanceTarget {
  return {
    of: { workload, server: "minichat" },
    against: { workload, server },
    figure: "rate",
    bound: { atLeast },
  };
}

/** The targets for storing the history on disk. */
function onDisk(workload: WorkloadName): PerformanceTarget {
  return { ...against(workload, "minichat", 0.85), of: { workload, server: "disk" } };
}

/** All targets. */
export const TARGETS: readonly PerformanceTarget[] = [
  against("crowd", "c", 0.9),
  against("crowd", "redis", 1.8),
  against("stream", "c", 0.8),
  against("stream", "redis", 1.3),
  against("ping", "c", 0.9),
  against("ping", "redis", 1.0),
  { ...against("ping", "c", 1), figure: "p99", bound: { atMost: 1.5 } },
  { ...against("mixed", "minichat", 0.85), against: { workload: "crowd", server: "minichat" } },
  ...(["crowd", "stream", "ping"] as const).map(onDisk),
];

/** A workload a tenth as large, to check that everything works. */
export function quick(workload: Workload): Workload {
  return {
    ...workload,
    readers: workload.readers / 10,
    senders: Math.ceil(workload.senders / 10),
  };
}
