// Stores every message as a row on disk, in one transaction with others that arrive close to it.
// The newest are in memory too, where most pages are read.

import type { StatementSync } from "node:sqlite";
import type { MessageEvent } from "../../protocol/events.ts";
import type { GroupCommit } from "../store/group_commit.ts";
import type { Store } from "../store/store.ts";
import {
  type AppendResult,
  type Draft,
  type History,
  type KnownMessage,
  knownMessage,
  messageFrom,
  type MessageOrigin,
  type Page,
  type PageRequest,
} from "./history.ts";
import { PageBuilder } from "./page_builder.ts";
import { RecentMessages } from "./recent_messages.ts";
import { type Source, Sources } from "./sources.ts";
import {
  audienceOf,
  MESSAGE_COLUMNS,
  messageOf,
  type MessageRow,
  READ_COLUMNS,
  READABLE,
  refText,
  rowOf,
  SOURCE_COLUMN,
} from "./message_rows.ts";

/** Options of a {@linkcode SqliteHistory}. */
export interface SqliteHistoryOptions {
  readonly store: Store;
  readonly commits: GroupCommit;
  /** Number of messages also in memory, the newest. */
  readonly capacity: number;
  /**
   * Most rows examined for one page, since a reader who may see few of them would delay all
   * clients.
   */
  readonly rowsPerPage: number;
  /** The time in milliseconds since the epoch. */
  readonly now: () => number;
}

/** Bytes of a row beside its text, roughly. */
const ROW_BYTES = 64;

/** Bytes that a row takes, roughly; `chars` is the length of its text. */
function bytesOf(chars: number): number {
  return chars + ROW_BYTES;
}

/** Ranges of {@linkcode ROWS_PER_PURGE} that are searched in one step for messages of an address. */
const MOST_LOOKS = 20;

/** Messages purged in one transaction; the chat continues between two. */
const ROWS_PER_PURGE = 1_000;

/** Stores all messages in a {@linkcode Store}. */
export class SqliteHistory implements History {
  readonly #options: SqliteHistoryOptions;
  readonly #recent: RecentMessages;
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  readonly #newest: StatementSync;
  readonly #next: StatementSync;
  readonly #purge: StatementSync;
  readonly #redate: StatementSync;
  readonly #sizeOf: StatementSync;
  readonly #purgeOf: StatementSync;
  readonly #sources = new Sources();
  /** The newest number when the history was opened: sources are of this run. */
  readonly #startSeq: number;
  /** Up to where the messages of a source were deleted already. */
  readonly #purgedTo = new Map<number, number>();
  rowsRead = 0;
  #firstSeq: number;
  #lastSeq: number;
  /** When the newest message was sent: times never run backwards. */
  #lastAt: number;
  /** Messages from this number on may be dated in the future; {@linkcode redate} goes down. */
  #redateFrom: number | undefined;
  /** The newest number given out in the open transaction. */
  #givenSeq: number;

  /** Throws what the store throws if it cannot be read. */
  constructor(options: SqliteHistoryOptions) {
    this.#options = options;
    const { store, capacity } = options;
    const marks = MESSAGE_COLUMNS.split(",").map(() => "?").join(", ");
    this.#insert = store.prepare(
      `INSERT INTO message (${MESSAGE_COLUMNS}) VALUES (${marks})
       ON CONFLICT (session, ref) WHERE ref IS NOT NULL DO NOTHING`,
    );
    const columns = `${READ_COLUMNS}, ${SOURCE_COLUMN}`;
    this.#find = store.prepare(
      `SELECT ${columns} FROM message WHERE ${READABLE} AND session = ? AND ref = ?`,
    );
    this.#newest = store.prepare(
      `SELECT ${columns} FROM message WHERE seq > ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
    );
    this.#next = store.prepare(
      `SELECT ${columns} FROM message WHERE seq > ? AND seq < ? ORDER BY seq LIMIT ?`,
    );
    this.#purge = store.prepare("DELETE FROM message WHERE seq < ?");
    this.#sizeOf = store.prepare(
      `SELECT count(*) AS rows, coalesce(sum(length(text)), 0) AS chars FROM message
       WHERE seq >= ? AND seq < ? AND source = ?`,
    );
    this.#purgeOf = store.prepare("DELETE FROM message WHERE seq >= ? AND seq < ? AND source = ?");
    this.#redate = store.prepare(
      "UPDATE message SET at = ?1 WHERE seq >= ?2 AND seq < ?3 AND at > ?1",
    );
    const ends = store.prepare(
      `SELECT min(seq) AS first, max(seq) AS last FROM message WHERE ${READABLE}`,
    ).get();
    this.#lastSeq = Number(ends?.["last"] ?? 0);
    this.#firstSeq = Number(ends?.["first"] ?? 1);
    this.#givenSeq = this.#startSeq = this.#lastSeq;
    const rows = this.#newest.all(0, this.#lastSeq + 1, capacity);
    this.#lastAt = Number(rows[0]?.["at"] ?? -Infinity);
    // The file's owner may have deleted rows: messages older than a gap are read from disk.
    const missing = rows.findIndex((row, at) => row["seq"] !== this.#lastSeq - at);
    if (missing >= 0) rows.length = missing;
    this.#recent = new RecentMessages(capacity, this.#lastSeq - rows.length);
    for (const row of rows.reverse()) {
      this.#recent.push({ message: messageOf(row), audience: audienceOf(row) });
    }
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  get isWaiting(): boolean {
    return this.#options.commits.isWaiting;
  }

  get firstSeq(): number {
    return this.#firstSeq;
  }

  append(draft: Draft, done: (stored: AppendResult) => void): void {
    const at = this.#lastAt = Math.max(this.#options.now(), this.#lastAt);
    let stored: AppendResult | undefined;
    this.#options.commits.add({
      bytes: draft.text.length,
      write: () => {
        stored = this.#write(draft, at);
      },
      done: (failure) => {
        if (failure === undefined && stored !== undefined) {
          if (stored.kind === "stored") this.#remember(stored.message, draft);
          return done(stored);
        }
        this.#givenSeq = this.#lastSeq; // nothing of the transaction was stored
        if (failure !== undefined) done({ kind: "failed", failure });
      },
    });
  }

  flush(): void {
    this.#options.commits.flush();
  }

  find({ serial, ref }: MessageOrigin): KnownMessage | undefined {
    const row = this.#find.get(serial, refText(ref));
    return row && knownMessage(messageOf(row));
  }

  newest(request: PageRequest): Page {
    const page = new PageBuilder(request, "backward");
    this.#recent.newest(page);
    if (!page.isCut) this.#offerRows(page, this.#newest);
    return page.finish();
  }

  next(request: PageRequest): Page {
    const page = new PageBuilder(request, "forward");
    this.#offerRows(page, this.#next);
    if (!page.isCut) this.#recent.next(page);
    return page.finish();
  }

  /** Offers the rows of `statement`: the part of the page's range that only the disk has. */
  #offerRows(page: PageBuilder, statement: StatementSync): void {
    const { rowsPerPage } = this.#options;
    const before = Math.min(page.before, this.#recent.first);
    if (before <= Math.max(page.since + 1, this.#firstSeq)) return;
    let examined = 0;
    // One row more than is examined shows whether there are more.
    for (
      const row of statement.iterate(page.since, before, rowsPerPage + 1) as Iterable<MessageRow>
    ) {
      const seq = Number(row["seq"]);
      if (examined++ === rowsPerPage) return void page.cutBefore(seq);
      this.rowsRead++;
      if (!page.offer(seq, audienceOf(row), () => messageOf(row))) return;
    }
  }

  /**
   * Deletes messages up to number `seq`, the oldest first, some in each call; returns whether there
   * are more. The newest message stays, for its number.
   */
  purge({ seq }: { readonly seq: number }): boolean {
    this.flush();
    const end = Math.min(seq + 1, this.#lastSeq);
    if (end <= this.#firstSeq) return false;
    const rows = this.#next.all(0, end, ROWS_PER_PURGE);
    const last = rows.at(-1);
    const first = last === undefined ? end : Number(last["seq"]) + 1;
    const problem = this.#options.store.transact(() => this.#purge.run(first));
    if (problem !== undefined) return false;
    this.#firstSeq = first;
    this.#recent.purge(first);
    for (const { seq, source, text } of rows) {
      if (Number(seq) <= this.#startSeq || source === null) continue;
      this.#sources.add(Number(source), -bytesOf(String(text).length));
    }
    return true;
  }

  /** The address that has stored most since the start. */
  heaviest(): Source | undefined {
    return this.#sources.heaviest();
  }

  /**
   * Deletes some of the oldest messages of an address, stored since the start and not in memory;
   * returns how many, 0 if none is left.
   */
  purgeSource(number: number): number {
    this.flush();
    const end = this.#recent.first;
    let from = this.#purgedTo.get(number) ?? this.#startSeq + 1;
    let deleted = 0;
    for (let looks = 0; looks < MOST_LOOKS && from < end && deleted === 0; looks++) {
      const to = Math.min(from + ROWS_PER_PURGE, end);
      deleted = this.#purgeRange(from, to, number);
      from = to;
    }
    this.#purgedTo.set(number, from);
    return deleted;
  }

  #purgeRange(from: number, to: number, source: number): number {
    const row = this.#sizeOf.get(from, to, source);
    const rows = Number(row?.["rows"] ?? 0);
    if (rows === 0) return 0;
    if (this.#options.store.transact(() => this.#purgeOf.run(from, to, source))) return 0;
    this.#sources.add(source, -Number(row?.["chars"] ?? 0) - rows * bytesOf(0));
    return rows;
  }

  /**
   * Dates messages from the future at `ms` (milliseconds since the epoch), the newest first, some
   * in each call; returns whether there are more.
   */
  redate(ms: number): boolean {
    this.flush();
    if (this.#redateFrom === undefined) {
      this.#lastAt = Math.min(this.#lastAt, ms);
      this.#recent.redate(ms);
    }
    const end = this.#redateFrom ?? this.#lastSeq + 1;
    const first = Math.max(this.#firstSeq, end - ROWS_PER_PURGE);
    let changes = 0;
    const problem = this.#options.store.transact(() => {
      changes = Number(this.#redate.run(Math.round(ms), first, end).changes);
    });
    const hasMore = problem === undefined && changes > 0 && first > this.#firstSeq;
    this.#redateFrom = hasMore ? first : undefined;
    return hasMore;
  }

  #write(draft: Draft, at: number): AppendResult {
    const seq = this.#givenSeq + 1;
    const { address } = draft;
    const source = address === undefined ? null : this.#sources.numberOf(address);
    const { changes } = this.#insert.run(...rowOf(draft, { seq, at, source }));
    const known = Number(changes) === 0 && draft.origin && this.find(draft.origin);
    if (known) return { kind: "known", ...known };
    this.#givenSeq = seq;
    return { kind: "stored", message: messageFrom(draft, seq, at) };
  }

  #remember(message: MessageEvent, { address, audience }: Draft): void {
    if (address !== undefined) {
      this.#sources.add(this.#sources.numberOf(address), bytesOf(message.text.length));
    }
    this.#lastSeq = message.seq;
    if (this.#firstSeq > message.seq) this.#firstSeq = message.seq;
    this.#recent.push({ message, audience });
  }
}
