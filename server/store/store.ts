// The file that outlives a server: opened, checked, locked, migrated, and written in transactions.
// What its tables mean is the business of those who prepare statements.

import { DatabaseSync, type StatementSync } from "node:sqlite";
import { type Failure, failure } from "../../protocol/failures.ts";
import type { Problem } from "../../protocol/problem.ts";
import { visible } from "../../protocol/sanitize.ts";
import { errorText } from "../../shared/errors.ts";
import type { Transactions } from "./group_commit.ts";
import { acquireDirectoryLock, type DirectoryLock } from "./directory_lock.ts";
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts";

/** The database in a data directory. */
export const DATABASE_FILE = "minichat.db";

/** What SQLite answers when the disk, or what it allows the file, is full. */
const SQLITE_FULL = 13;

/** How a store is opened. */
export interface StoreOptions {
  /** The data directory; made when it is not there. */
  readonly directory: string;
  /** What was stored also survives a power failure: every commit waits for the disk. */
  readonly durable: boolean;
  /** Pages (4 KiB each) the file may have, for tests of a full disk. */
  readonly maxPages?: number;
}

/** An open data directory. */
export class Store implements Transactions {
  /** The file it writes. */
  readonly path: string;
  readonly #db: DatabaseSync;
  readonly #lock: DirectoryLock;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;
  /** Why the last transaction failed. */
  #problem: Failure | undefined;
  /** Told after a transaction that failed, and after the first that works again; must not throw. */
  onChange: () => void = () => {};

  constructor(db: DatabaseSync, opened: { readonly path: string; readonly lock: DirectoryLock }) {
    this.#db = db;
    this.path = opened.path;
    this.#lock = opened.lock;
    // Prepared: only these tell the code of what went wrong.
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
    this.#rollback = db.prepare("ROLLBACK");
  }

  /** Why nothing can be stored at the moment; nothing while all is well. */
  get problem(): Failure | undefined {
    return this.#problem;
  }

  /** A statement of this database. */
  prepare(sql: string): StatementSync {
    return this.#db.prepare(sql);
  }

  transact(work: () => void): Failure | undefined {
    const before = this.#problem;
    try {
      this.#begin.run();
      work();
      this.#commit.run();
      this.#problem = undefined;
    } catch (error) {
      this.#problem = problemOf(error);
      this.#undo();
    }
    const problem = this.#problem;
    if (problem !== before) this.onChange();
    return problem;
  }

  /** Where even that fails, the next transaction cannot begin, and undoes it. */
  #undo(): void {
    try {
      if (this.#db.isOpen && this.#db.isTransaction) this.#rollback.run();
    } catch (error) {
      this.#problem = problemOf(error);
    }
  }

  /** Finds out whether something can be stored: {@linkcode problem} tells. */
  probe(): void {
    this.transact(() => {
      this.#db.prepare("INSERT INTO counter VALUES (?, 0)").run(PROBE);
      this.#db.prepare("DELETE FROM counter WHERE name = ?").run(PROBE);
    });
  }

  /** Bytes the database and what is not yet moved into it take on the disk. */
  get bytes(): number {
    return bytesOf(this.path);
  }

  /** Lets go of the directory, once. Everything committed is in the file then. */
  close(): void {
    if (!this.#db.isOpen) return;
    this.#db.close();
    this.#lock.release();
  }
}

/** Opens the store in a directory; answers a sentence, and has changed nothing, when it cannot. */
export function openStore(options: StoreOptions): Store | Problem {
  const { directory } = options;
  const path = `${directory}/${DATABASE_FILE}`;
  const locked = acquireDirectoryLock(directory);
  if ("error" in locked) return locked;
  let db: DatabaseSync | undefined;
  try {
    const problem = problemWith(path);
    if (problem !== undefined) throw new RefusedError(problem.error);
    if (!exists(path)) create(path);
    db = new DatabaseSync(path);
    db.exec("PRAGMA journal_mode = WAL");
    db.exec(`PRAGMA synchronous = ${options.durable ? "FULL" : "NORMAL"}`);
    db.exec(`PRAGMA journal_size_limit = ${LOG_BYTES}`);
    if (options.maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${options.maxPages}`);
    migrate(db);
    return new Store(db, { path, lock: locked });
  } catch (error) {
    db?.close();
    locked.release();
    if (error instanceof RefusedError) return { error: error.message };
    const why = errorText(error);
    return { error: `Cannot open the history ${shown(path)}: ${why}: ${REMEDY}` };
  }
}

/** Opens the messages in a directory to read them, also while a server writes there. */
export function openToRead(directory: string): DatabaseSync | Problem {
  const path = `${directory}/${DATABASE_FILE}`;
  if (!exists(path)) return { error: `No history in ${shown(directory)}: give another --data` };
  const problem = problemWith(path);
  if (problem !== undefined) return problem;
  return new DatabaseSync(path, { readOnly: true });
}

/** Bytes that the store in a directory takes on the disk. */
export function bytesIn(directory: string): number {
  return bytesOf(`${directory}/${DATABASE_FILE}`);
}

class RefusedError extends Error {}

const REMEDY = "give another --data, or --no-history";

/** Takes pages of its own, as a long message does. */
const PROBE = "probe ".repeat(2_000);

/** Larger files are not read through before every start: a gigabyte takes seconds. */
const CHECKED_BYTES = 256 * 1024 * 1024;

/** A log of the database that grew larger, while somebody read for long, is cut back to this. */
const LOG_BYTES = 64 * 1024 * 1024;

const MAGIC = "SQLite format 3\0";

/** A database has one page at least, and a page so many bytes. */
const SMALLEST_BYTES = 512;

/** What is wrong with a file that is there, found without changing it. */
function problemWith(path: string): Problem | undefined {
  if (!exists(path)) return undefined;
  const damaged = `The history ${shown(path)} is damaged`;
  const remedy = "restore it from a backup, or move it away to begin a new one";
  if (headOf(path) !== MAGIC || sizeOf(path) < SMALLEST_BYTES) {
    return { error: `${damaged}: ${remedy}` };
  }
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true });
    const id = pragma(db, "application_id");
    if (id !== APPLICATION_ID) {
      return { error: `${shown(path)} is another program's database: give another --data` };
    }
    const version = pragma(db, "user_version");
    if (version > MIGRATIONS.length) {
      const error = `The history ${
        shown(path)
      } is of a newer minichat (version ${version}, this one knows \
${MIGRATIONS.length}): update minichat, or ${REMEDY}`;
      return { error };
    }
    if (sizeOf(path) > CHECKED_BYTES) return undefined;
    const verdict = String(db.prepare("PRAGMA quick_check(1)").get()?.["quick_check"]);
    if (verdict === "ok") return undefined;
    return { error: `${damaged} (${verdict.split("\n").at(-1)}): ${remedy}` };
  } catch (error) {
    return { error: `${damaged} (${errorText(error)}): ${remedy}` };
  } finally {
    db?.close();
  }
}

/** Makes a new file: under another name first, so that a kill leaves none that is half made. */
function create(path: string): void {
  const making = `${path}.new`;
  for (const old of [making, `${making}-journal`]) remove(old);
  const db = new DatabaseSync(making);
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  migrate(db);
  db.close();
  Deno.chmodSync(making, 0o600);
  // What a database that is gone has left behind is not to be taken for this one's.
  for (const old of [`${path}-wal`, `${path}-shm`]) remove(old);
  Deno.renameSync(making, path);
}

function migrate(db: DatabaseSync): void {
  for (let version = pragma(db, "user_version"); version < MIGRATIONS.length; version++) {
    db.exec(`BEGIN; ${MIGRATIONS[version]}; PRAGMA user_version = ${version + 1}; COMMIT`);
  }
}

function pragma(db: DatabaseSync, name: string): number {
  const row = db.prepare(`PRAGMA ${name}`).get();
  return Number(row?.[name] ?? 0);
}

function problemOf(error: unknown): Failure {
  const code = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  if (code === SQLITE_FULL) {
    return failure("storage_full", (t) => t.storageFull);
  }
  const why = errorText(error);
  return failure("storage_failed", (t) => t.storageFailed(why));
}

function headOf(path: string): string {
  using file = Deno.openSync(path);
  const head = new Uint8Array(MAGIC.length);
  const read = file.readSync(head) ?? 0;
  return new TextDecoder().decode(head.subarray(0, read));
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function bytesOf(path: string): number {
  return sizeOf(path) + sizeOf(`${path}-wal`);
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    return 0; // it comes and goes
  }
}

function remove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function shown(path: string): string {
  return `"${visible(path)}"`;
}
