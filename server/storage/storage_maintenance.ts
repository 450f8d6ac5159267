// What a running server's history needs besides messages: that the old go, that the operator hears
// when nothing can be stored and when it works again, and that somebody finds out (F46, F48).

import { EN } from "../../texts/en.ts";
import { Alarm } from "../../shared/clock.ts";
import { Retention } from "./retention.ts";
import type { Server } from "../server.ts";

/** How long after saying how it stands it is looked at again, in milliseconds. */
const LOOK_AGAIN_MS = 5_000;

/** Looks after the storage of one server. */
export class StorageMaintenance {
  readonly #server: Pick<Server, "clock" | "log" | "storage" | "watchers">;
  readonly #retention: Retention;
  readonly #lookAgain: Alarm;
  /** Numbers below it have been forgotten. */
  #first: number;
  /** When it stopped working, as the operator was told; nothing while it works. */
  #failedAt: number | undefined;
  /** The operator was told just now: what changes meanwhile is told later, and once. */
  #waits = false;

  /** Messages of `server` are kept for `retainMs` milliseconds. */
  constructor(
    server: Pick<Server, "clock" | "log" | "storage" | "watchers">,
    retainMs: number,
  ) {
    this.#server = server;
    const { clock, storage } = server;
    this.#first = storage.history.firstSeq;
    this.#lookAgain = new Alarm(clock);
    const { purgers } = storage;
    this.#retention = new Retention({ clock, retainMs, purgers, onPurged: () => this.#purged() });
  }

  start(): void {
    const { store } = this.#server.storage;
    if (store !== undefined) store.onChange = () => this.#look();
    this.#retention.start();
  }

  /** Harmless when done before. */
  stop(): void {
    const { store } = this.#server.storage;
    if (store !== undefined) store.onChange = () => {};
    this.#retention.stop();
    this.#lookAgain.cancel();
    this.#waits = true;
  }

  #look(): void {
    if (this.#waits) return;
    const { clock, storage: { store } } = this.#server;
    // What is small may fit where a long message does not: then it does not work yet.
    if (this.#failedAt !== undefined && store?.problem === undefined) this.#probe();
    const problem = store?.problem;
    const isNews = (problem === undefined) !== (this.#failedAt === undefined);
    if (isNews && problem !== undefined) {
      this.#failedAt = clock.monotonic();
      this.#tellFailed(problem.code, problem.text(EN.refusals));
    } else if (isNews) this.#tellWorks();
    if (!isNews && problem === undefined) return;
    this.#waits = true;
    this.#lookAgain.set(LOOK_AGAIN_MS, () => {
      // With nobody speaking nobody would find out that there is room again.
      if (store?.problem !== undefined) this.#probe();
      this.#waits = false;
      this.#look();
    });
  }

  /** Without being told of what comes of it. */
  #probe(): void {
    this.#waits = true;
    this.#server.storage.store?.probe();
    this.#waits = false;
  }

  #tellFailed(code: string, problem: string): void {
    this.#server.log({ level: "error", what: "storage_failed", details: { code, problem } });
    this.#server.watchers.publish({
      type: "notice",
      text: `History: ${problem}. Until that is mended, nothing that is said goes out`,
    });
  }

  #tellWorks(): void {
    const seconds = Math.round((this.#server.clock.monotonic() - (this.#failedAt ?? 0)) / 1000);
    this.#failedAt = undefined;
    this.#server.log({ level: "info", what: "storage_works", details: { seconds } });
    this.#server.watchers.publish({ type: "notice", text: "History: messages are stored again" });
  }

  #purged(): void {
    const { log, storage: { history } } = this.#server;
    const messages = history.firstSeq - this.#first;
    this.#first = history.firstSeq;
    if (messages > 0) log({ level: "info", what: "purged", details: { messages } });
  }
}
