// Signals that end the program. A server stops at the first, and is killed at the second or when it
// takes too long (F56). SIGHUP reloads it, or stops it where its terminal closes (O4).

/** The signal handlers of a server. */
export interface StopSignals {
  /** Resolves with true at the second signal. */
  readonly forced: Promise<true>;
  /** Counts as a signal: CTRL-C at the console, for which a terminal in raw mode sends none. */
  interrupt(): void;
  /** Removes the handlers. */
  ignore(): void;
}

const STOPPING: readonly Deno.Signal[] = ["SIGINT", "SIGTERM"];

/** What the signals of a server do. */
export interface StopSignalOptions {
  /** Called at the first SIGINT or SIGTERM; a rejection does not end the wait for the second. */
  readonly stop: () => Promise<void>;
  /** Called at each SIGHUP: whether it stops the server like SIGTERM (default: it does not). */
  readonly hangsUp?: () => boolean;
  /** Returns how long stopping may take, in milliseconds (default 15 s). */
  readonly limitMs?: () => number;
}

/** Longest time for stopping, in milliseconds, where the caller names none. */
const STOP_LIMIT_MS = 15_000;

/** Handles SIGINT, SIGTERM and SIGHUP of a server; after the limit the first signal counts as two. */
export function onStopSignals(
  { stop, hangsUp = () => false, limitMs = () => STOP_LIMIT_MS }: StopSignalOptions,
): StopSignals {
  const { promise, resolve } = Promise.withResolvers<true>();
  let count = 0;
  let overdue: ReturnType<typeof setTimeout> | undefined;
  const interrupt = () => {
    if (++count > 1) return resolve(true);
    overdue = setTimeout(() => resolve(true), limitMs()); // ignore() cancels it
    stop().catch(() => {}); // it ends by the second signal, or by the limit
  };
  const hangUp = () => {
    if (hangsUp() && count === 0) interrupt();
  };
  for (const signal of STOPPING) Deno.addSignalListener(signal, interrupt);
  Deno.addSignalListener("SIGHUP", hangUp);
  return {
    forced: promise,
    interrupt,
    ignore() {
      clearTimeout(overdue);
      for (const signal of STOPPING) Deno.removeSignalListener(signal, interrupt);
      Deno.removeSignalListener("SIGHUP", hangUp);
    },
  };
}

/** The standard streams, as far as they may be a terminal. */
export type StandardStreams = readonly { isTerminal(): boolean }[];

/**
 * Returns whether a SIGHUP means that the terminal closes on which this program was started: never,
 * if it was started without one or with SIGHUP ignored (nohup); else if the terminal is gone, or
 * `isElse` says that SIGHUP has no other meaning.
 */
export function terminalCloses(
  isElse: () => boolean = () => true,
  { streams = [Deno.stdin, Deno.stdout, Deno.stderr], isIgnored = ignoresHangUp }: {
    readonly streams?: StandardStreams;
    readonly isIgnored?: () => boolean;
  } = {},
): () => boolean {
  const terminals = isIgnored() ? [] : streams.filter((stream) => stream.isTerminal());
  if (terminals.length === 0) return () => false;
  // After a hang-up, no call on the terminal succeeds, so it is none any more.
  return () => isElse() || terminals.every((stream) => !stream.isTerminal());
}

/** Whether SIGHUP was ignored when this program was started (proc(5), SigIgn); else false. */
function ignoresHangUp(): boolean {
  try {
    const [, mask = "0"] =
      /^SigIgn:\s+([0-9a-f]+)$/m.exec(Deno.readTextFileSync("/proc/self/status")) ??
        [];
    return (BigInt(`0x${mask}`) & 1n) === 1n;
  } catch {
    return false; // not Linux, or not allowed
  }
}

/** The signal handlers of a client. */
export interface EndSignal {
  /** Aborted when the program must end. */
  readonly signal: AbortSignal;
  /** Removes the handlers. */
  ignore(): void;
}

/**
 * Handles the signals after which a client must send its goodbye and restore the terminal (R34, R66). In
 * a pipe SIGHUP is not handled, so that nohup works.
 */
export function onEndSignal(where: "terminal" | "pipe"): EndSignal {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  // Windows knows no SIGTERM.
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : where === "pipe"
    ? STOPPING
    : [...STOPPING, "SIGHUP"];
  for (const signal of signals) Deno.addSignalListener(signal, onSignal);
  return {
    signal: stop.signal,
    ignore() {
      for (const signal of signals) Deno.removeSignalListener(signal, onSignal);
    },
  };
}
