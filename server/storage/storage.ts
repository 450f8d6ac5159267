// Opens a server's storage: a store on disk, or memory. The rest of the server uses the same
// interfaces for both.

import { type ModerationRecords, NO_MODERATION_RECORDS } from "../authority/moderation_records.ts";
import { SqliteModerationRecords } from "../authority/sqlite_moderation_records.ts";
import type { History } from "../history/history.ts";
import { MemoryHistory } from "../history/memory_history.ts";
import { SqliteHistory } from "../history/sqlite_history.ts";
import type { Limits } from "../limits/limits.ts";
import type { Clock } from "../../shared/clock.ts";
import { nextTurn } from "../net/next_turn.ts";
import { Ages, NO_AGE_RECORDS } from "./ages.ts";
import type { Purger } from "./retention.ts";
import type { SizedHistory } from "./size_limit.ts";
import { SqliteAgeRecords } from "./sqlite_age_records.ts";
import type { SessionStore } from "../chat/disconnect_grace.ts";
import { MemorySessionStore, SqliteSessionStore } from "./session_store.ts";
import { GroupCommit, NO_TRANSACTIONS } from "../store/group_commit.ts";
import { freshSerials, type MemberSerials, storedSerials } from "../store/member_serials.ts";
import type { Store } from "../store/store.ts";

/** Everything a server stores. */
export interface Storage {
  readonly history: History;
  /** The newest message number when the storage was opened. */
  readonly startSeq: number;
  readonly serials: MemberSerials;
  readonly sessions: SessionStore;
  readonly commits: GroupCommit;
  /** Bans, mutes and claimed names. */
  readonly records: ModerationRecords;
  /** Everything here with entries that expire. */
  readonly purgers: readonly Purger[];
  readonly ages: Ages;
  /** Dates messages from the future at that time, some in each call; returns whether there are more. */
  readonly redate: (ms: number) => boolean;
  /** The history on disk, whose size is limited. */
  readonly sized: SizedHistory | undefined;
  /** The store on disk; undefined in memory. */
  readonly store: Store | undefined;
}

/** Options of {@linkcode openStorage}. */
export interface StorageOptions {
  readonly store: Store | undefined;
  readonly limits: Pick<Limits, "commitEntries" | "historyMessages" | "historyRows">;
  readonly clock: Clock;
  /**
   * Called with exceptions thrown while stored messages are sent: bugs, which cost no other
   * message.
   */
  readonly onFault: (fault: unknown) => void;
}

/** Between two attempts to store while another program has a lock, in milliseconds. */
const RETRY_MS = 10;

/** Opens storage in `store`, else in memory. Throws what a store throws if it cannot be read. */
export function openStorage({ store, limits, clock, onFault }: StorageOptions): Storage {
  const now = () => clock.now();
  const { commitEntries, historyMessages: capacity, historyRows: rowsPerPage } = limits;
  const soon = (settle: () => void) => queueMicrotask(settle);
  const retryLater = (retry: () => void) => void clock.after(RETRY_MS, retry);
  const settings = { soon, later: nextTurn, retryLater, most: commitEntries, onFault };
  if (store === undefined) {
    const commits = new GroupCommit({ transactions: NO_TRANSACTIONS, ...settings });
    const history = new MemoryHistory({ capacity, now, commits });
    const [serials, sessions] = [freshSerials(), new MemorySessionStore()];
    const [records, purgers] = [NO_MODERATION_RECORDS, [history]];
    const ages = new Ages(clock, { records: NO_AGE_RECORDS, lastSeq: 0 });
    const redate = (ms: number) => history.redate(ms);
    const memory = { records, purgers, ages, redate, store, sized: undefined };
    return { history, startSeq: 0, serials, sessions, commits, ...memory };
  }
  const { serials, transactions } = storedSerials(store);
  const commits = new GroupCommit({ transactions, ...settings });
  const history = new SqliteHistory({ store, commits, capacity, rowsPerPage, now });
  const records = new SqliteModerationRecords(store, commits);
  const startSeq = history.lastSeq;
  const ages = new Ages(clock, { records: new SqliteAgeRecords(store), lastSeq: startSeq });
  const believedNow = () => ages.clock.believedNow;
  const sessions = new SqliteSessionStore({ store, commits, now, believedNow });
  const purgers = [history, sessions];
  const redate = (ms: number) => history.redate(ms);
  const disk = { records, purgers, ages, redate, store, sized: history };
  return { history, startSeq, serials, sessions, commits, ...disk };
}
