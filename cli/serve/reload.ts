// What is read anew at SIGHUP: each part of the program that can do so registers here. Knows nothing of
// what is read; a part that fails keeps what it had, and costs the others nothing (F70).

import type { LogEntry } from "../../server/server_options.ts";
import { errorText } from "../../shared/errors.ts";

/** Reads something anew: a sentence when that failed and the old stays in force, nothing when it is done. */
export type Reload = () => Promise<string | undefined>;

/** The parts that read something anew when they are asked to. */
export class Reloads {
  readonly #parts = new Map<string, { readonly reread: Reload; readonly state: () => string }>();
  readonly #log: (entry: LogEntry) => void;
  readonly #tell: (text: string) => void;
  #running: Promise<void> = Promise.resolve();

  /**
   * `log` is told how each part fared: `reloaded` or `reload_failed`, with its name; `tell` the same in
   * words for the operator.
   */
  constructor(log: (entry: LogEntry) => void, tell: (text: string) => void) {
    this.#log = log;
    this.#tell = tell;
  }

  /**
   * From now on `reread` is called at each reload; `name` is what the log calls it, and `state` what the
   * operator is told of it once it is done.
   */
  onReload(name: string, reread: Reload, state: () => string = () => ""): void {
    this.#parts.set(name, { reread, state });
  }

  /** Has every part read anew, one after the other; behind a reload that is still under way. */
  run(): Promise<void> {
    this.#running = this.#running.then(() => this.#runAll());
    return this.#running;
  }

  async #runAll(): Promise<void> {
    for (const [name, { reread, state }] of this.#parts) {
      const problem = await attempted(reread);
      if (problem === undefined) {
        this.#log({ level: "info", what: "reloaded", details: { name } });
        this.#tell(`Read anew: ${name} ${state()}`.trimEnd());
      } else {
        this.#log({ level: "warning", what: "reload_failed", details: { name, problem } });
        this.#tell(`Not read anew, ${name} as before: ${problem}`);
      }
    }
  }
}

/** Whatever goes wrong in one part must neither end the server nor keep the next part from its turn. */
async function attempted(reread: Reload): Promise<string | undefined> {
  try {
    return await reread();
  } catch (fault) {
    return errorText(fault);
  }
}
