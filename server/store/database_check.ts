// Finds out whether a database can be used, without changing it: whole, of this program, and with a
// log of its own beside it.

import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import type { Problem } from "../../protocol/problem.ts";
import { quotedPath } from "../../protocol/sanitize.ts";
import { errorText } from "../../shared/errors.ts";
import { bounded, LATEST_MS } from "./bounded_columns.ts";
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts";

/** SQLite's code for another program's lock. */
export const SQLITE_BUSY = 5;

/** What helps where a history cannot be used. */
export const HISTORY_REMEDY = "give another --data, or --no-history";

/** How long another program's lock is waited for at a start, in milliseconds. */
export const START_LOCK_MS = 2_000;

/** Larger files are not checked at every start: a gigabyte takes seconds. */
const CHECKED_BYTES = 256 * 1024 * 1024;

/** What helps where a history is damaged. */
const RESTORE = "restore it from a backup, or move it away to begin a new one";

const MAGIC = "SQLite format 3\0";

/** A database has at least one page, and a page at least 512 bytes. */
const SMALLEST_BYTES = 512;

/** Why an existing file cannot be used. */
export function databaseProblem(path: string): Problem | undefined {
  if (!fileExists(path)) return undefined;
  if (headOf(path) !== MAGIC || sizeOf(path) < SMALLEST_BYTES) {
    return { error: `The history ${quotedPath(path)} is damaged: ${RESTORE}` };
  }
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true, timeout: START_LOCK_MS });
    const id = pragma(db, "application_id");
    if (id !== APPLICATION_ID) {
      return { error: `${quotedPath(path)} is another program's database: give another --data` };
    }
    const version = pragma(db, "user_version");
    if (version > MIGRATIONS.length) {
      const error = `The history ${
        quotedPath(path)
      } is of a newer minichat (version ${version}, this one knows \
${MIGRATIONS.length}): update minichat, or ${HISTORY_REMEDY}`;
      return { error };
    }
    if (sizeOf(path) > CHECKED_BYTES) return undefined;
    const verdict = String(db.prepare("PRAGMA quick_check(1)").get()?.["quick_check"]);
    if (verdict === "ok") return undefined;
    return foreignLog(path) ??
      { error: damagedBecause(path, verdict.split("\n").at(-1) ?? verdict) };
  } catch (error) {
    // Only prepared statements report SQLite's error code.
    if (sqliteCode(error) === SQLITE_BUSY || /database is locked/.test(errorText(error))) {
      const remedy = `stop that program, or ${HISTORY_REMEDY}`;
      return { error: `Another program has locked the history ${quotedPath(path)}: ${remedy}` };
    }
    return foreignLog(path) ?? { error: damagedBecause(path, errorText(error)) };
  } finally {
    db?.close();
  }
}

/** SQLite's primary result code. */
export function sqliteCode(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : undefined;
}

/** The error message about a damaged database. */
export function damagedBecause(path: string, why: string): string {
  return `The history ${quotedPath(path)} is damaged (${why}): ${RESTORE}`;
}

/** A number that a pragma answers. */
export function pragma(db: DatabaseSync, name: string): number {
  const row = db.prepare(`PRAGMA ${name}`).get();
  return Number(row?.[name] ?? 0);
}

function headOf(path: string): string {
  using file = Deno.openSync(path);
  const head = new Uint8Array(MAGIC.length);
  const read = file.readSync(head) ?? 0;
  return new TextDecoder().decode(head.subarray(0, read));
}

/** Whether there is a file. */
export function fileExists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Bytes of a database and its log on disk. */
export function databaseBytes(path: string): number {
  return sizeOf(path) + sizeOf(`${path}-wal`);
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    return 0; // SQLite creates and removes the log
  }
}

/**
 * The problem of a database that is whole without the log beside it: a copy was restored there, and
 * the log is another's. Undefined if there is no log, or it is damaged without it too.
 */
function foreignLog(path: string): Problem | undefined {
  if (sizeOf(`${path}-wal`) === 0) return undefined;
  const verdict = withoutLog(path, (db) => db.prepare("PRAGMA quick_check(1)").get());
  return verdict?.["quick_check"] === "ok" ? foreignLogProblem(path) : undefined;
}

/** The error message about a log that belongs to another copy. */
export function foreignLogProblem(path: string): Problem {
  const remedy = "move minichat.db-wal and minichat.db-shm away to use this copy";
  return {
    error: `The history ${
      quotedPath(path)
    } is a copy, and the log minichat.db-wal beside it belongs \
to another one: ${remedy}`,
  };
}

/** The generation in the database itself, whatever its log has; undefined for none. */
export function generationOf(path: string): number | undefined {
  const sql = `SELECT ${bounded("value", LATEST_MS)} FROM counter WHERE name = 'generation'`;
  const row = withoutLog(path, (db) => db.prepare(sql).get());
  return row === undefined ? undefined : Number(row["value"]);
}

/** The result of a query on the database without its log; undefined if it fails. */
function withoutLog<Row>(path: string, query: (db: DatabaseSync) => Row): Row | undefined {
  let db: DatabaseSync | undefined;
  try {
    const { href } = pathToFileURL(path);
    db = new DatabaseSync(`${href}?immutable=1`, { readOnly: true });
    return query(db);
  } catch {
    return undefined;
  } finally {
    db?.close();
  }
}
