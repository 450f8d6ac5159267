// Histories for tests, in memory and on disk, and functions that fill them.

import { assert, fail } from "@std/assert";
import type { MessageEvent } from "../../../protocol/events.ts";
import type { AppendResult, Draft, History } from "../../../server/history/history.ts";
import { MemoryHistory } from "../../../server/history/memory_history.ts";
import { SqliteHistory } from "../../../server/history/sqlite_history.ts";
import { GroupCommit } from "../../../server/store/group_commit.ts";
import { openStore, type Store, type StoreOptions } from "../../../server/store/store.ts";

/** Options of a history in tests. */
export interface HistoryFixtureOptions {
  /** Messages in memory. */
  readonly capacity?: number;
  readonly rowsPerPage?: number;
  readonly now?: () => number;
}

/** A data directory for one test. */
export class DataDirectory implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "minichat-data-" });
  #stores: Store[] = [];

  /** Opens the store; fails if that fails. */
  open(options: Partial<StoreOptions> = {}): Store {
    const store = openStore({ directory: this.path, durable: false, ...options });
    if ("error" in store) throw new Error(store.error);
    this.#stores.push(store);
    return store;
  }

  /** The error message of a store that cannot be opened. */
  refusal(): string {
    const store = openStore({ directory: this.path, durable: false });
    if ("error" in store) return store.error;
    store.close();
    return fail("The store was opened");
  }

  [Symbol.dispose](): void {
    for (const store of this.#stores) store.close();
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** A history on disk that stores each message immediately, or when `soon` calls back. */
export function onDisk(
  store: Store,
  options: HistoryFixtureOptions & { soon?: (settle: () => void) => void } = {},
): SqliteHistory {
  const { capacity = 5, rowsPerPage = 1_000, now = () => 0, soon = (settle) => settle() } = options;
  const commits = new GroupCommit({ transactions: store, soon, most: 1_000 });
  return new SqliteHistory({ store, commits, capacity, rowsPerPage, now });
}

/** Runs `check` with a history of each kind. */
export function withEach(
  options: HistoryFixtureOptions,
  check: (history: History, kind: "memory" | "disk") => void,
): void {
  const { capacity = 5, now = () => 0 } = options;
  check(new MemoryHistory({ capacity, now }), "memory");
  using data = new DataDirectory();
  check(onDisk(data.open(), options), "disk");
}

/** Appends a draft to a history that stores immediately; returns the outcome. */
export function append(history: History, draft: Partial<Draft>): AppendResult {
  let result: AppendResult | undefined;
  const whole = { from: "alice", text: "hi", audience: { kind: "everyone" } as const, ...draft };
  history.append(whole, (stored) => result = stored);
  assert(result, "Not stored at once");
  return result;
}

/** Appends a draft that must be stored; returns the message. */
export function appendMessage(history: History, draft: Partial<Draft> = {}): MessageEvent {
  const stored = append(history, draft);
  assert(stored.kind === "stored", JSON.stringify(stored));
  return stored.message;
}

/** Appends `count` messages, `m1` to `mCOUNT`. */
export function fill(history: History, count: number): void {
  for (let at = 1; at <= count; at++) appendMessage(history, { text: `m${at}` });
}
