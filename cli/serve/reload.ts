// Reloads parts of the server at SIGHUP, one after another. A part that fails keeps its old state
// and does not affect the others (F70).

import type { LogEntry } from "../../server/server_options.ts";
import { errorText } from "../../shared/errors.ts";
import type { ServeTexts } from "../../texts/texts.ts";
import type { Problem } from "../../protocol/problem.ts";

/** Reloads one part; with a problem the old state stays in force. */
export type Reload = () => Promise<Problem | undefined>;

/** Where the result of a reload goes. */
export interface ReloadsOptions {
  /** Called for each part with `reloaded` or `reload_failed`, and its name. */
  readonly log: (entry: LogEntry) => void;
  /** Called with the same as text for the operator. */
  readonly notify: (text: string) => void;
  readonly texts: ServeTexts;
}

/** The parts of a server that can be reloaded. */
export class Reloads {
  readonly #parts = new Map<string, { readonly reload: Reload; readonly state: () => string }>();
  readonly #options: ReloadsOptions;
  #running: Promise<void> = Promise.resolve();

  constructor(options: ReloadsOptions) {
    this.#options = options;
  }

  /**
   * Registers a part: `name` is its name in the log, and `state` returns what the operator's notice
   * shows after a reload.
   */
  onReload(name: string, reload: Reload, state: () => string = () => ""): void {
    this.#parts.set(name, { reload, state });
  }

  /** Whether there is anything to reload. */
  get isEmpty(): boolean {
    return this.#parts.size === 0;
  }

  /** Reloads all parts in order, after a reload that is still in progress. */
  run(): Promise<void> {
    this.#running = this.#running.then(() => this.#runAll());
    return this.#running;
  }

  async #runAll(): Promise<void> {
    const { log, notify, texts } = this.#options;
    for (const [name, { reload, state }] of this.#parts) {
      const problem = (await attempted(reload))?.error;
      if (problem === undefined) {
        log({ level: "info", what: "reloaded", details: { name } });
        notify(texts.reloaded(name, state()));
      } else {
        log({ level: "warning", what: "reload_failed", details: { name, problem } });
        notify(texts.notReloaded(name, problem));
      }
    }
  }
}

/** An exception in one part must neither end the server nor skip the next part. */
async function attempted(reload: Reload): Promise<Problem | undefined> {
  try {
    return await reload();
  } catch (fault) {
    return { error: errorText(fault) };
  }
}
