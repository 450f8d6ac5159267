// How long a load test waits for what, and how long its phases last.

/** Most messages of a phase and its longest time: what is reached first ends it. */
export interface Span {
  readonly messages: number;
  readonly seconds: number;
}

/** How long a load test waits. */
export interface LoadTiming {
  /** Without a new client that can be reached, joining is given up after so many milliseconds. */
  readonly joinMs: number;
  /** The longest time for one step of joining, in milliseconds. */
  readonly stepMs: number;
  /** Between the first two messages that show who is there, in milliseconds; it doubles up to the last. */
  readonly firstProbeMs: number;
  readonly lastProbeMs: number;
  /** Before a refused connection is tried again, in milliseconds, doubled with each try. */
  readonly retryMs: number;
  /** For an own message after the others have it, before it counts as not sent back (D5), in milliseconds. */
  readonly echoMs: number;
  /** Silence with one message under way, after which it is given up, in milliseconds. */
  readonly latencyMs: number;
  /** The same with many. */
  readonly fanoutMs: number;
  /** For what is under way at the end of a phase, while it keeps coming, in milliseconds. */
  readonly drainMs: number;
  /** Messages that warm both programs up, unmeasured. */
  readonly warmUp: Span;
  /** The latency phase: enough messages for a 99th percentile, or as many as fit its time. */
  readonly latency: Span;
}

/** For a server that is a program of its own. */
export const LOAD_TIMING: LoadTiming = {
  joinMs: 5_000,
  stepMs: 60_000,
  firstProbeMs: 5,
  lastProbeMs: 1_280,
  retryMs: 50,
  echoMs: 300,
  latencyMs: 1_000,
  fanoutMs: 2_000,
  drainMs: 8_000,
  warmUp: { messages: 50, seconds: 0.5 },
  latency: { messages: 1_000, seconds: 3 },
};
