// Copies a history while its server runs: into a new file beside the target, which then gets its
// name, so that no link is followed and no half of a copy is left.

import { DatabaseSync } from "node:sqlite";
import type { Problem } from "../../protocol/problem.ts";
import { quotedPath } from "../../protocol/sanitize.ts";
import { errorText } from "../../shared/errors.ts";
import { distrustOfFolder } from "../../shared/owned_files.ts";

/** Options of {@linkcode backUp}. */
export interface BackupOptions {
  /** Path of the database that `db` reads. */
  readonly source: string;
  /** Path of the copy. */
  readonly target: string;
  /** Whether an existing file may be replaced. */
  readonly force: boolean;
}

/**
 * Writes a copy of everything committed, readable by its owner alone, and waits until it is on the
 * disk; returns why it could not. Messages stored meanwhile are not in it.
 */
export function backUp(
  db: DatabaseSync,
  { source, target, force }: BackupOptions,
): Problem | undefined {
  const shown = quotedPath(target);
  const temporary = `${target}.${crypto.randomUUID()}`;
  const mask = Deno.build.os === "windows" ? undefined : Deno.umask(0o077);
  try {
    const found = attributesOf(target);
    if (found !== undefined) {
      const refusal = refusalOf(found, { source, shown, force });
      if (refusal !== undefined) return refusal;
    }
    const distrust = distrustOfFolder(target);
    if (distrust !== undefined) return { error: `Cannot write ${shown}: ${distrust}` };
    db.prepare("VACUUM INTO ?").run(temporary);
    forgetRun(temporary);
    synchronise(temporary);
    if (!force) return give(temporary, target);
    Deno.renameSync(temporary, target);
    return undefined;
  } catch (problem) {
    const why = problem instanceof Deno.errors.NotFound
      ? "there is no such directory"
      : errorText(problem);
    return { error: `Cannot write ${shown}: ${why}` };
  } finally {
    remove(temporary);
    remove(`${temporary}-journal`);
    if (mask !== undefined) Deno.umask(mask);
  }
}

function refusalOf(
  found: Deno.FileInfo,
  { source, shown, force }: Omit<BackupOptions, "target"> & { readonly shown: string },
): Problem | undefined {
  const own = attributesOf(source);
  if (own !== undefined && own.dev === found.dev && own.ino === found.ino) {
    return { error: `${shown} is the history itself: name another file` };
  }
  if (found.isDirectory) return { error: `${shown} is a directory: name a file in it` };
  if (!found.isFile && !found.isSymlink) return { error: `${shown} is no file: name another` };
  if (force) return undefined;
  return { error: `Already there: ${shown}, name another file, or replace it with --force` };
}

/** A copy belongs to no run: a log that lies beside it where it is restored is another's. */
function forgetRun(path: string): void {
  const copy = new DatabaseSync(path);
  copy.exec("DELETE FROM counter WHERE name = 'generation'");
  copy.close();
}

/** Names the file `target`, unless one has appeared there meanwhile. */
function give(temporary: string, target: string): Problem | undefined {
  try {
    Deno.linkSync(temporary, target);
  } catch (problem) {
    if (problem instanceof Deno.errors.AlreadyExists) throw problem;
    Deno.renameSync(temporary, target); // a file system without hard links
  }
  return undefined;
}

/** Waits until the file is on the disk. */
function synchronise(path: string): void {
  using file = Deno.openSync(path, { read: true, write: true });
  file.syncSync();
}

function attributesOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (problem) {
    if (problem instanceof Deno.errors.NotFound) return undefined;
    throw problem;
  }
}

function remove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (problem) {
    if (!(problem instanceof Deno.errors.NotFound)) throw problem;
  }
}
