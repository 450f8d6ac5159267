// Histories for tests: in memory and on disk, and what fills them.

import assert from "node:assert/strict";
import type { MessageEvent } from "../../../protocol/events.ts";
import type { AppendResult, Draft, History } from "../../../server/history/history.ts";
import { MemoryHistory } from "../../../server/history/memory_history.ts";
import { SqliteHistory } from "../../../server/history/sqlite_history.ts";
import { GroupCommit } from "../../../server/store/group_commit.ts";
import { openStore, type Store, type StoreOptions } from "../../../server/store/store.ts";

/** What a test may choose of a history. */
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

  /** Opens the store, which must work. */
  open(options: Partial<StoreOptions> = {}): Store {
    const store = openStore({ directory: this.path, durable: false, ...options });
    if ("error" in store) throw new Error(store.error);
    this.#stores.push(store);
    return store;
  }

  /** The sentence with which the store is refused. */
  refusal(): string {
    const store = openStore({ directory: this.path, durable: false });
    if ("error" in store) return store.error;
    store.close();
    return assert.fail("The store was opened");
  }

  [Symbol.dispose](): void {
    for (const store of this.#stores) store.close();
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** A history on disk that stores each message at once, or when `soon` calls back. */
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

/** Appends a draft to a history that stores at once; answers what became of it. */
export function append(history: History, draft: Partial<Draft>): AppendResult {
  let result: AppendResult | undefined;
  const whole = { from: "alice", text: "hi", audience: { kind: "everyone" } as const, ...draft };
  history.append(whole, (stored) => result = stored);
  assert.ok(result, "Not stored at once");
  return result;
}

/** Appends a draft that must be stored; answers the message. */
export function appendMessage(history: History, draft: Partial<Draft> = {}): MessageEvent {
  const stored = append(history, draft);
  assert.ok(stored.kind === "stored", JSON.stringify(stored));
  return stored.message;
}

/** Appends `count` messages, `m1` to `mCOUNT`. */
export function fill(history: History, count: number): void {
  for (let at = 1; at <= count; at++) appendMessage(history, { text: `m${at}` });
}
