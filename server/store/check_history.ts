// Verifies a history or a copy of one, thoroughly and without changing it: the file, its log, its
// rows.

import { DatabaseSync } from "node:sqlite";
import { quotedPath } from "../../protocol/sanitize.ts";
import { errorText } from "../../shared/errors.ts";
import { MAX_STORED } from "./bounded_columns.ts";
import { damagedRows } from "./damaged_rows.ts";
import { DATABASE_FILE, LOCK_FILE } from "./data_directory_check.ts";
import { databaseBytes, databaseProblem, START_LOCK_MS } from "./database_check.ts";
import { inspectLog } from "./write_ahead_log.ts";

/** The result of a check. */
export interface CheckedHistory {
  readonly path: string;
  /** What is wrong, one line each; empty for a whole history. */
  readonly problems: readonly string[];
  readonly messages: number;
  /** The numbers of the oldest and the newest message; 0 if there is none. */
  readonly first: number;
  readonly last: number;
  /** How many numbers between them no message has: it was deleted, by hand or for want of space. */
  readonly missing: number;
  /** Size of the database and its log. */
  readonly bytes: number;
}

/** Most findings of the database's own check that are listed. */
const MOST_FINDINGS = 10;

/** Checks the database at `path`, or the one in the directory `path`. */
export function checkHistory(path: string): CheckedHistory {
  const file = isDirectory(path) ? `${path}/${DATABASE_FILE}` : path;
  const bytes = databaseBytes(file);
  const empty = { path: file, messages: 0, first: 0, last: 0, missing: 0, bytes };
  try {
    if (!Deno.lstatSync(file).isFile) {
      return { ...empty, problems: [`${quotedPath(file)} is no file`] };
    }
  } catch (problem) {
    const why = problem instanceof Deno.errors.NotFound ? "there is none" : errorText(problem);
    return { ...empty, problems: [`No history in ${quotedPath(file)}: ${why}`] };
  }
  try {
    const unusable = databaseProblem(file);
    if (unusable !== undefined) return { ...empty, problems: [unusable.error] };
    return { ...empty, ...contentsOf(file) };
  } catch (problem) {
    return { ...empty, problems: [`Cannot read ${quotedPath(file)}: ${errorText(problem)}`] };
  }
}

function contentsOf(
  file: string,
): Omit<CheckedHistory, "path" | "bytes"> {
  const problems: string[] = [];
  // The log of a running server grows while it is read.
  const log = isInUse(file) ? undefined : inspectLog(`${file}-wal`);
  const db = new DatabaseSync(file, { readOnly: true, timeout: START_LOCK_MS });
  try {
    const { messages, first, last } = rangeIn(db);
    if (log?.isDamaged) problems.push(`The log is damaged: messages after number ${last} are lost`);
    for (const row of db.prepare(`PRAGMA integrity_check(${MOST_FINDINGS})`).all()) {
      const finding = String(row["integrity_check"]);
      if (finding !== "ok") problems.push(`The file is damaged: ${finding}`);
    }
    for (const { table, rows } of damagedRows(db, { thorough: true })) {
      problems.push(`${rows} damaged in the table ${table}`);
    }
    const missing = messages === 0 ? 0 : last - first + 1 - messages;
    return { problems, messages, first, last, missing };
  } finally {
    db.close();
  }
}

function rangeIn(db: DatabaseSync): { messages: number; first: number; last: number } {
  const row = db.prepare(
    `SELECT count(*) AS messages, min(seq) AS first, max(seq) AS last FROM message
     WHERE seq BETWEEN 1 AND ${MAX_STORED}`,
  ).get();
  return {
    messages: Number(row?.["messages"] ?? 0),
    first: Number(row?.["first"] ?? 0),
    last: Number(row?.["last"] ?? 0),
  };
}

/** Whether a server has the directory of that file. */
function isInUse(file: string): boolean {
  const path = `${file.slice(0, file.lastIndexOf("/") + 1)}${LOCK_FILE}`;
  if (!file.endsWith(`/${DATABASE_FILE}`)) return false;
  try {
    if (!Deno.lstatSync(path).isFile) return false;
    using lock = Deno.openSync(path);
    return !lock.tryLockSync(false);
  } catch {
    return false; // no lock: no server
  }
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
