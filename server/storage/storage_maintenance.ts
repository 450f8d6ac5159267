// Purges a running server's history and sessions, notifies the operator when messages cannot be
// stored and when they can again, and probes for the latter (F46, F48).

import { Alarm } from "../../shared/clock.ts";
import { type DamagedRows, damagedRows } from "../store/damaged_rows.ts";
import { clockDoubt } from "./clock_doubt.ts";
import { Retention } from "./retention.ts";
import { SizeLimit } from "./size_limit.ts";
import type { Server } from "../server.ts";
import type { Store } from "../store/store.ts";

/** Milliseconds between two looks at whether the files are still there. */
const FILES_MS = 2_000;

/** Milliseconds from a notice to the next check. */
const CHECK_AGAIN_MS = 5_000;

type MaintainedServer = Pick<Server, "clock" | "log" | "storage" | "texts" | "watchers">;

/** Maintains the storage of one server. */
export class StorageMaintenance {
  readonly #server: MaintainedServer;
  readonly #retention: Retention;
  readonly #retainMs: number;
  readonly #checkAlarm: Alarm;
  readonly #filesAlarm: Alarm;
  readonly #size: SizeLimit | undefined;
  /** The oldest message number that was not purged. */
  #first: number;
  /**
   * When the operator was notified of the failure (monotonic, in ms); undefined if storing works.
   */
  #failedAt: number | undefined;
  /** The time at which to date messages from the future; the operator has confirmed the clock. */
  #redateAt: number | undefined;
  /** Set after a notice and while probing: changes wait for the next check. */
  #isPaused = false;

  /**
   * Messages of `server` are kept for `retainMs` milliseconds, and up to `retainBytes` on disk; the
   * oldest are deleted first.
   */
  constructor(server: MaintainedServer, retainMs: number, retainBytes = Infinity) {
    this.#server = server;
    const { clock, storage } = server;
    this.#first = storage.history.firstSeq;
    this.#checkAlarm = new Alarm(clock);
    this.#filesAlarm = new Alarm(clock);
    const { ages, redate } = storage;
    const redated = {
      purge: () => {
        const hasMore = this.#redateAt !== undefined && redate(this.#redateAt);
        if (!hasMore) this.#redateAt = undefined;
        return hasMore;
      },
    };
    const purgers = [redated, ...storage.purgers];
    this.#retainMs = retainMs;
    this.#retention = new Retention({
      clock,
      ages,
      lastSeq: () => storage.history.lastSeq,
      retainMs,
      purgers,
      onPurged: () => this.#purged(),
    });
    const { sized: history, store } = storage;
    this.#size = history && store && new SizeLimit({
      clock,
      history,
      usedBytes: () => store.usedBytes,
      retainBytes,
      onPurged: (ofOneAddress) => this.#sizeReached(ofOneAddress),
    });
  }

  start(): void {
    const { store } = this.#server.storage;
    if (store !== undefined) store.onChange = () => this.#check();
    const { ages } = this.#server.storage;
    ages.onConfirm = () => {
      this.#redateAt = this.#server.clock.now();
      this.#retention.start();
    };
    this.#retention.start();
    if (store === undefined) return;
    this.#reportLog(store);
    this.#reportDamage(damagedRows(store));
    this.#watchFiles(store);
  }

  #watchFiles(store: Store): void {
    this.#filesAlarm.set(FILES_MS, () => {
      store.checkFiles();
      this.#size?.check();
      this.#watchFiles(store);
    });
  }

  #reportLog({ log: { kept, lostCommits } }: Store): void {
    if (kept === undefined) return;
    const { storage: { startSeq }, texts } = this.#server;
    this.#reportProblem(texts.notices.damagedLog(startSeq, lostCommits, kept));
  }

  #reportDamage(damaged: readonly DamagedRows[]): void {
    if (damaged.length === 0) return;
    this.#reportProblem(this.#server.texts.notices.damagedRows(damaged));
  }

  #reportProblem(problem: string): void {
    const { log, watchers } = this.#server;
    log({ level: "warning", what: "history_damaged", details: { problem } });
    watchers.publish({ type: "notice", text: problem });
  }

  /** Further calls do nothing. */
  stop(): void {
    const { store } = this.#server.storage;
    if (store !== undefined) store.onChange = () => {};
    const { ages, history } = this.#server.storage;
    ages.onConfirm = () => {};
    this.#retention.stop();
    ages.mark(history.lastSeq);
    this.#checkAlarm.cancel();
    this.#filesAlarm.cancel();
    this.#size?.stop();
    this.#isPaused = true;
  }

  #check(): void {
    if (this.#isPaused) return;
    const { clock, storage: { store }, texts } = this.#server;
    // A short message may fit where a long one does not: probe with a long one before reporting
    // success.
    if (this.#failedAt !== undefined && store?.problem === undefined) this.#probe();
    const problem = store?.problem;
    const isNews = (problem === undefined) !== (this.#failedAt === undefined);
    if (isNews && problem !== undefined) {
      this.#failedAt = clock.monotonic();
      this.#reportFailed(problem.code, problem.text(texts.refusals));
    } else if (isNews) this.#reportWorks();
    if (!isNews && problem === undefined) return;
    this.#isPaused = true;
    this.#checkAlarm.set(CHECK_AGAIN_MS, () => {
      // Without messages only a probe finds out that there is room again.
      if (store?.problem !== undefined) this.#probe();
      this.#isPaused = false;
      this.#check();
    });
  }

  /** Tries to store something, ignoring the store's own call of #check. */
  #probe(): void {
    this.#isPaused = true;
    this.#server.storage.store?.probe();
    this.#isPaused = false;
  }

  #reportFailed(code: string, problem: string): void {
    const { log, texts, watchers } = this.#server;
    log({ level: "error", what: "storage_failed", details: { code, problem } });
    watchers.publish({ type: "notice", text: texts.notices.historyFailed(problem) });
  }

  #reportWorks(): void {
    const { clock, log, texts, watchers } = this.#server;
    const seconds = Math.round((clock.monotonic() - (this.#failedAt ?? 0)) / 1000);
    this.#failedAt = undefined;
    log({ level: "info", what: "storage_works", details: { seconds } });
    watchers.publish({ type: "notice", text: texts.notices.historyWorks });
  }

  /** Reports what was deleted because the history is full (A13). */
  #sizeReached(ofOneAddress: number): void {
    if (ofOneAddress > 0) {
      this.#server.log({
        level: "warning",
        what: "share_purged",
        details: { messages: ofOneAddress },
      });
    }
    this.#logPurged();
  }

  #logPurged(): void {
    const { log, storage: { history } } = this.#server;
    const messages = history.firstSeq - this.#first;
    this.#first = history.firstSeq;
    if (messages > 0) log({ level: "info", what: "purged", details: { messages } });
  }

  #purged(): void {
    const { history } = this.#server.storage;
    this.#logPurged();
    this.#server.storage.ages.forget(history.firstSeq);
    this.#checkClock();
  }

  /** Notifies the operator when old messages are kept because the clock may be wrong (A4). */
  #checkClock(): void {
    const { clock, log, storage: { ages, history }, texts, watchers } = this.#server;
    const everything = { limit: 1, visible: () => true };
    const [oldest] = history.next(everything).messages;
    const [newest] = history.newest(everything).messages;
    const before = ages.doubt;
    ages.doubt = clockDoubt({
      now: clock.now(),
      // The newest message is kept however old it is.
      oldest: oldest && oldest.seq !== newest?.seq ? Date.parse(oldest.at) : undefined,
      newest: newest && Date.parse(newest.at),
      retainMs: this.#retainMs,
      jumpMs: ages.clock.jumpMs,
    });
    if (ages.doubt?.kind === before?.kind) return;
    if (ages.doubt === undefined) {
      log({ level: "info", what: "clock_believed", details: {} });
      return watchers.publish({ type: "notice", text: texts.notices.clockBelieved });
    }
    const problem = texts.notices.clockDoubted(ages.doubt);
    log({ level: "warning", what: "clock_doubted", details: { problem } });
    watchers.publish({ type: "notice", text: problem });
  }
}
