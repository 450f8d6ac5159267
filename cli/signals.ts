// Signals that end the program. A server stops at the first and is killed at the second (F56); it
// ignores SIGHUP, since a chat outlives its terminal. A client on a terminal ends at SIGHUP.

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

/** Calls `stop` at the first SIGINT or SIGTERM, and `hangUp` at each SIGHUP. */
export function onStopSignals(stop: () => void, hangUp: () => void = () => {}): StopSignals {
  const { promise, resolve } = Promise.withResolvers<true>();
  let count = 0;
  const interrupt = () => {
    if (++count === 1) stop();
    else resolve(true);
  };
  for (const signal of STOPPING) Deno.addSignalListener(signal, interrupt);
  Deno.addSignalListener("SIGHUP", hangUp);
  return {
    forced: promise,
    interrupt,
    ignore() {
      for (const signal of STOPPING) Deno.removeSignalListener(signal, interrupt);
      Deno.removeSignalListener("SIGHUP", hangUp);
    },
  };
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
