// The signals that end the program. A server: the first asks, the second forces (F56), and SIGHUP ends
// nothing, for a chat outlives the terminal it was started from. A client on a terminal ends.

/** What became of the signals. */
export interface StopSignals {
  /** Resolves with true at the second signal. */
  readonly forced: Promise<true>;
  /** Counts as a signal: CTRL-C typed at the console, where the terminal sends none. */
  interrupt(): void;
  /** Gives the signals back to the system. */
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

/** Told when the program must end. */
export interface EndSignal {
  readonly signal: AbortSignal;
  /** Gives the signals back to the system. */
  ignore(): void;
}

/**
 * Hears the signals after which a client must say goodbye and give the terminal back as it was (R34,
 * R66). In a pipe not SIGHUP, which must stay without effect under nohup.
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
