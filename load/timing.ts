// Time limits and phase lengths of a load test.

/** Most messages of a phase and its longest time: the first that is reached ends it. */
export interface Span {
  readonly messages: number;
  readonly seconds: number;
}

/** Time limits of a load test. */
export interface LoadTiming {
  /** Joining ends after this many milliseconds without a new client that can be reached. */
  readonly joinMs: number;
  /** Longest time for one step of joining, in milliseconds. */
  readonly stepMs: number;
  /**
   * Milliseconds between the first two probes; doubled for each further one up to `lastProbeMs`.
   */
  readonly firstProbeMs: number;
  readonly lastProbeMs: number;
  /**
   * A message that is whole but for its end is taken for one without an end (D24) after a silence
   * of this many milliseconds.
   */
  readonly endlessMs: number;
  /** Milliseconds before a refused connection is tried again, doubled with each attempt. */
  readonly retryMs: number;
  /**
   * Milliseconds to wait for an own message after the others received it, before it counts as not
   * sent back (D5).
   */
  readonly echoMs: number;
  /** Milliseconds without a receipt, with one message in flight, after which it is given up. */
  readonly latencyMs: number;
  /** The same with many messages in flight. */
  readonly fanoutMs: number;
  /** Milliseconds to wait at the end of a phase for messages in flight, while they arrive. */
  readonly drainMs: number;
  /** Unmeasured messages that warm up both programs. */
  readonly warmUp: Span;
  /** The latency phase: enough messages for a 99th percentile, or as many as fit its time. */
  readonly latency: Span;
}

/** Timing for a server in another process. */
export const LOAD_TIMING: LoadTiming = {
  joinMs: 5_000,
  stepMs: 60_000,
  firstProbeMs: 5,
  lastProbeMs: 1_280,
  endlessMs: 300,
  retryMs: 50,
  echoMs: 300,
  latencyMs: 1_000,
  fanoutMs: 2_000,
  drainMs: 8_000,
  warmUp: { messages: 50, seconds: 0.5 },
  latency: { messages: 1_000, seconds: 3 },
};
