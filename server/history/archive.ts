// Reads a history on disk without its server, or while a server writes there. It never writes, and
// holds no lock between two pages.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { MessageEvent } from "../../protocol/events.ts";
import type { Problem } from "../../protocol/problem.ts";
import { LATEST_MS } from "../store/bounded_columns.ts";
import { quotedPath } from "../../protocol/sanitize.ts";
import { errorText } from "../../shared/errors.ts";
import { bytesIn, openToRead } from "../store/store.ts";
import { EVERYONE, messageOf, READ_COLUMNS, READABLE } from "./message_rows.ts";

/** The messages to read. */
export interface ArchiveRange {
  /** Only those with a greater number. */
  readonly after: number;
  /** Only those with no greater number. */
  readonly upTo: number;
  /** Only those sent at this moment or later, in milliseconds since the epoch. */
  readonly from: number;
  /** Only those sent before this moment. */
  readonly before: number;
  /** Also messages to one member or to a group. */
  readonly private: boolean;
}

/** Every message for everyone. */
export const WHOLE_ARCHIVE: ArchiveRange = {
  after: 0,
  upTo: Number.MAX_SAFE_INTEGER,
  from: Number.MIN_SAFE_INTEGER,
  before: Number.MAX_SAFE_INTEGER,
  private: false,
};

/** Figures of an archive. */
export interface ArchiveSummary {
  readonly messages: number;
  /** How many of them were not for everyone. */
  readonly private: number;
  /** Numbers and times of the oldest and the newest message; undefined if there are none. */
  readonly oldest: { readonly seq: number; readonly at: string } | undefined;
  readonly newest: { readonly seq: number; readonly at: string } | undefined;
  /** Number of migrations applied to its tables. */
  readonly schema: number;
  /** Size of the database and its log on disk. */
  readonly bytes: number;
}

/** Messages of one page; between pages the reader holds no lock. */
const PAGE_MESSAGES = 1_000;

/** The messages in a data directory. */
export class Archive {
  readonly #db: DatabaseSync;
  readonly #bytes: () => number;
  readonly #page: StatementSync;

  private constructor(db: DatabaseSync, bytes: () => number) {
    this.#db = db;
    this.#bytes = bytes;
    const date = `max(0, min(at, ${LATEST_MS}))`;
    this.#page = db.prepare(
      `SELECT ${READ_COLUMNS} FROM message
       WHERE ${READABLE} AND seq > ? AND seq <= ?
       AND ${date} >= ? AND ${date} < ? AND (kind = ${EVERYONE} OR ?)
       ORDER BY seq LIMIT ${PAGE_MESSAGES}`,
    );
  }

  /**
   * Opens the archive in `directory`; returns an error message if there is none that can be read.
   */
  static open(directory: string): Archive | Problem {
    const db = openToRead(directory);
    if ("error" in db) return db;
    try {
      return new Archive(db, () => bytesIn(directory));
    } catch (problem) {
      db.close();
      const why = errorText(problem);
      return { error: `Cannot read the history in ${quotedPath(directory)}: ${why}` };
    }
  }

  close(): void {
    this.#db.close();
  }

  /**
   * The next messages of a range, oldest first; empty at its end. The next page starts after the
   * last one's number.
   */
  page({ after, upTo, from, before, private: all }: ArchiveRange): MessageEvent[] {
    return this.#page.all(after, upTo, from, before, all ? 1 : 0).map(messageOf);
  }

  summary(): ArchiveSummary {
    const counts = this.#db.prepare(
      `SELECT count(*) AS messages, count(*) FILTER (WHERE kind <> ${EVERYONE}) AS private
       FROM message WHERE ${READABLE}`,
    ).get();
    const version = this.#db.prepare("PRAGMA user_version").get();
    return {
      messages: Number(counts?.["messages"]),
      private: Number(counts?.["private"]),
      oldest: this.#end("ASC"),
      newest: this.#end("DESC"),
      schema: Number(version?.["user_version"]),
      bytes: this.#bytes(),
    };
  }

  #end(order: "ASC" | "DESC"): { seq: number; at: string } | undefined {
    const sql =
      `SELECT ${READ_COLUMNS} FROM message WHERE ${READABLE} ORDER BY seq ${order} LIMIT 1`;
    const [message] = this.#db.prepare(sql).all().map(messageOf);
    return message && { seq: message.seq, at: message.at };
  }
}
