// The SQLite file of a data directory: opened, checked, locked, migrated, and written in
// transactions.

import { DatabaseSync, type StatementSync } from "node:sqlite";
import { type Failure, failure } from "../../protocol/failures.ts";
import type { Problem } from "../../protocol/problem.ts";
import { quotedPath } from "../../protocol/sanitize.ts";
import { errorText } from "../../shared/errors.ts";
import { BUSY, type Transactions } from "./group_commit.ts";
import { DataFiles } from "./data_files.ts";
import {
  damagedBecause,
  databaseBytes,
  databaseProblem,
  fileExists,
  foreignLogProblem,
  generationOf,
  HISTORY_REMEDY,
  pragma,
  SQLITE_BUSY,
  sqliteCode,
  START_LOCK_MS,
} from "./database_check.ts";
import { missingIn } from "./schema_check.ts";
import { inspectLog, type LogFindings } from "./write_ahead_log.ts";
import { DATABASE_FILE, distrustOfDatabase } from "./data_directory_check.ts";
import { acquireDirectoryLock, type DirectoryLock } from "./directory_lock.ts";
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts";

/** SQLite's code for a full disk, or a file that has reached its page limit. */
const SQLITE_FULL = 13;

/** How long another program may have a lock, in milliseconds, before storing has failed. */
const LOCK_MS = 2_000;

/** Options of {@linkcode openStore}. */
export interface StoreOptions {
  /** The data directory; created if it is missing. */
  readonly directory: string;
  /** Whether stored messages survive a power failure too: every commit then waits for the disk. */
  readonly durable: boolean;
  /** Most pages (4 KiB each) of the file, for tests of a full disk. */
  readonly maxPages?: number;
  /** Measures how long a lock is held, in milliseconds; for tests. */
  readonly monotonic?: () => number;
}

/** An open data directory. */
export class Store implements Transactions {
  /** The file it writes. */
  readonly path: string;
  /** What the log of a killed server held; `kept` is the name of its copy, if it was damaged. */
  readonly log: LogFindings & { readonly kept: string | undefined };
  readonly #db: DatabaseSync;
  readonly #lock: DirectoryLock;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;
  readonly #sizes: readonly StatementSync[];
  readonly #monotonic: () => number;
  readonly #files: DataFiles;
  /** Why the last transaction failed. */
  #problem: Failure | undefined;
  /** Since when every transaction found a lock. */
  #busySince: number | undefined;
  /** Why nothing is stored although the database takes it: its files are gone. */
  #lost: Failure | undefined;
  /** Called after a failed transaction and after the first that works again; must not throw. */
  onChange: () => void = () => {};

  constructor(
    db: DatabaseSync,
    opened: {
      readonly path: string;
      readonly lock: DirectoryLock;
      readonly files: DataFiles;
      readonly monotonic: () => number;
      readonly log: Store["log"];
    },
  ) {
    this.log = opened.log;
    this.#db = db;
    this.#files = opened.files;
    this.#monotonic = opened.monotonic;
    this.path = opened.path;
    this.#lock = opened.lock;
    // Prepared, because only prepared statements report SQLite's error code.
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
    this.#rollback = db.prepare("ROLLBACK");
    this.#sizes = ["page_count", "freelist_count", "page_size"].map((name) =>
      db.prepare(`PRAGMA ${name}`)
    );
  }

  /** Why nothing can be stored at the moment; undefined if it can. */
  get problem(): Failure | undefined {
    return this.#problem;
  }

  /** A statement of this database. */
  prepare(sql: string): StatementSync {
    return this.#db.prepare(sql);
  }

  transact(work: () => void): Failure | undefined {
    return this.#transact(work).failure;
  }

  transactOrWait(work: () => void): Failure | typeof BUSY | undefined {
    const { failure, isBusy } = this.#transact(work);
    return isBusy ? BUSY : failure;
  }

  #transact(work: () => void): { failure: Failure | undefined; isBusy: boolean } {
    const before = this.#problem;
    let hasBegun = false;
    try {
      if (this.#lost === undefined) {
        this.#begin.run();
        hasBegun = true;
        work();
        this.#commit.run();
      }
      this.#problem = this.#lost;
      this.#busySince = undefined;
    } catch (error) {
      const failure = problemOf(error);
      if (!hasBegun && this.#mayWait(error)) return { failure, isBusy: true };
      this.#problem = failure;
      this.#undo();
    }
    const problem = this.#problem;
    if (problem !== before) this.onChange();
    return { failure: problem, isBusy: false };
  }

  /** Whether the error is a lock that was there for less than {@linkcode LOCK_MS}. */
  #mayWait(error: unknown): boolean {
    if (!this.#db.isOpen || sqliteCode(error) !== SQLITE_BUSY) return false;
    this.#busySince ??= this.#monotonic();
    return this.#monotonic() - this.#busySince < LOCK_MS;
  }

  /**
   * Finds out whether the files that it writes are still those of its directory (O8); if not,
   * nothing is stored until they are.
   */
  checkFiles(): void {
    const why = this.#files.lost();
    if (why === undefined && this.#lost === undefined) return;
    const before = this.#problem;
    this.#lost = why === undefined
      ? undefined
      : this.#lost ?? failure("storage_failed", (t) => t.storageLost(why));
    this.#problem = this.#lost;
    if ((before === undefined) !== (this.#lost === undefined)) this.onChange();
  }

  /** Rolls back. If even that fails, the next transaction cannot begin, and rolls back again. */
  #undo(): void {
    try {
      if (this.#db.isOpen && this.#db.isTransaction) this.#rollback.run();
    } catch (error) {
      this.#problem = problemOf(error);
    }
  }

  /** Tries to store something, which updates {@linkcode problem}. */
  probe(): void {
    this.transact(() => {
      this.#db.prepare("INSERT INTO counter VALUES (?, 0)").run(PROBE);
      this.#db.prepare("DELETE FROM counter WHERE name = ?").run(PROBE);
    });
  }

  /** Bytes of the database that are in use: space of deleted rows is used again. */
  get usedBytes(): number {
    const [pages, free, size] = this.#sizes.map((statement) => {
      const [value] = Object.values(statement.get() ?? {});
      return Number(value);
    });
    return ((pages ?? 0) - (free ?? 0)) * (size ?? 0);
  }

  /** Bytes of the database and its write-ahead log on disk. */
  get bytes(): number {
    return databaseBytes(this.path);
  }

  /**
   * Closes the database and unlocks the directory; further calls do nothing. Everything committed
   * is in the file then.
   */
  close(): void {
    if (!this.#db.isOpen) return;
    this.#db.close();
    this.#lock.release();
  }
}

/** Opens the store in a directory; on failure returns an error message and changes nothing. */
export function openStore(options: StoreOptions): Store | Problem {
  const { directory } = options;
  const path = `${directory}/${DATABASE_FILE}`;
  const locked = acquireDirectoryLock(directory);
  if ("error" in locked) return locked;
  let db: DatabaseSync | undefined;
  try {
    const log = inspectLog(`${path}-wal`);
    const isForeign = log.commits > 0 && locked.generation !== undefined &&
      generationOf(path) !== locked.generation;
    const problem = isForeign ? foreignLogProblem(path) : databaseProblem(path);
    if (problem !== undefined) throw new RefusedError(problem.error);
    if (!fileExists(path)) create(path);
    const kept = log.isDamaged ? keepLog(path) : undefined;
    db = new DatabaseSync(path, { timeout: START_LOCK_MS });
    db.exec("PRAGMA journal_mode = WAL");
    db.exec(`PRAGMA synchronous = ${options.durable ? "FULL" : "NORMAL"}`);
    db.exec(`PRAGMA journal_size_limit = ${LOG_BYTES}`);
    if (options.maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${options.maxPages}`);
    migrate(db);
    const missing = missingIn(db);
    if (missing !== undefined) throw new RefusedError(damagedBecause(path, `no ${missing}`));
    db.exec("PRAGMA busy_timeout = 0");
    begin(db, locked);
    const files = new DataFiles(directory);
    const monotonic = options.monotonic ?? (() => performance.now());
    return new Store(db, { path, lock: locked, files, monotonic, log: { ...log, kept } });
  } catch (error) {
    db?.close();
    locked.abandon();
    if (error instanceof RefusedError) return { error: error.message };
    const why = errorText(error);
    return { error: `Cannot open the history ${quotedPath(path)}: ${why}: ${HISTORY_REMEDY}` };
  }
}

/** Opens the messages in a directory for reading, also while a server writes there. */
export function openToRead(directory: string): DatabaseSync | Problem {
  const path = `${directory}/${DATABASE_FILE}`;
  if (!fileExists(path)) {
    return { error: `No history in ${quotedPath(directory)}: give another --data` };
  }
  const distrust = distrustOfDatabase(directory);
  if (distrust !== undefined) {
    return { error: `Cannot read a history in ${quotedPath(directory)}: ${distrust}: remove it` };
  }
  const problem = databaseProblem(path);
  if (problem !== undefined) return problem;
  return new DatabaseSync(path, { readOnly: true });
}

/** Bytes of the store in a directory. */
export function bytesIn(directory: string): number {
  return databaseBytes(`${directory}/${DATABASE_FILE}`);
}

class RefusedError extends Error {}

/** Needs pages of its own, like a long message. */
const PROBE = "probe ".repeat(2_000);

/** Size to which a write-ahead log is truncated after a long read made it grow. */
const LOG_BYTES = 64 * 1024 * 1024;

/**
 * Numbers this run, in the database itself and in the lock: at the next start a log whose lock names
 * another run than the database belongs to another copy.
 */
function begin(db: DatabaseSync, lock: DirectoryLock): void {
  try {
    const [generation = 0] = crypto.getRandomValues(new Uint32Array(1));
    db.prepare("INSERT OR REPLACE INTO counter VALUES ('generation', ?)").run(generation);
    const { busy } = { ...db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get() };
    if (busy === 0) lock.record(generation);
  } catch {
    // A full disk or another program's lock: the next start cannot tell copies apart, that is all.
  }
}

/** Keeps a copy of a damaged log, which the database is about to overwrite; returns its name. */
function keepLog(path: string): string {
  let count = 1;
  while (fileExists(`${path}-wal.damaged-${count}`)) count++;
  const bytes = Deno.readFileSync(`${path}-wal`);
  Deno.writeFileSync(`${path}-wal.damaged-${count}`, bytes, { createNew: true, mode: 0o600 });
  return `${DATABASE_FILE}-wal.damaged-${count}`;
}

/** Creates a new file: under another name first, so that a kill leaves no partial one. */
function create(path: string): void {
  const temporary = `${path}.new`;
  for (const old of [temporary, `${temporary}-journal`]) remove(old);
  const db = new DatabaseSync(temporary);
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  migrate(db);
  db.close();
  Deno.chmodSync(temporary, 0o600);
  // Logs left by an older database must not be applied to this one.
  for (const old of [`${path}-wal`, `${path}-shm`]) remove(old);
  Deno.renameSync(temporary, path);
}

function migrate(db: DatabaseSync): void {
  for (let version = pragma(db, "user_version"); version < MIGRATIONS.length; version++) {
    db.exec(`BEGIN; ${MIGRATIONS[version]}; PRAGMA user_version = ${version + 1}; COMMIT`);
  }
}

function problemOf(error: unknown): Failure {
  if (sqliteCode(error) === SQLITE_FULL) {
    return failure("storage_full", (t) => t.storageFull);
  }
  const why = errorText(error);
  return failure("storage_failed", (t) => t.storageFailed(why));
}

function remove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
