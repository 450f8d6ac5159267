// The signals that stop a server: the first asks, the second forces (F56). SIGHUP is heard and ignored:
// a chat outlives the terminal it was started from.

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

/** Calls `stop` at the first SIGINT or SIGTERM. */
export function onStopSignals(stop: () => void): StopSignals {
  const { promise, resolve } = Promise.withResolvers<true>();
  let count = 0;
  const interrupt = () => {
    if (++count === 1) stop();
    else resolve(true);
  };
  const hangUp = () => {};
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
