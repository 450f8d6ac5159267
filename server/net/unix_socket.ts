// Binding a Unix socket safely: a file that a killed server left behind never blocks the next start,
// a live server's always does (F60, F61), and closing removes our file only (F64).

import type { Problem } from "../../protocol/problem.ts";
import { errorText } from "../../shared/errors.ts";

/** A bound socket; `release` removes its files, if they are still ours. */
export interface BoundSocket {
  readonly listener: Deno.UnixListener;
  release(): void;
}

/**
 * Listens at `path`. Under a lock: whoever answers there is left alone; a socket nobody answers at is
 * replaced; anything that is no socket is not touched. `mode` is set before the path appears.
 */
export async function bindUnixSocket(
  path: string,
  options: { readonly mode?: number } = {},
): Promise<BoundSocket | Problem> {
  const lock = takeLock(path);
  if ("error" in lock) return lock;
  const problem = await inTheWay(path);
  if (problem !== undefined) {
    dropLock(path, lock);
    return problem;
  }
  return bindUnderLock(path, lock, options.mode);
}

/** The lock file beside `path`, locked for as long as we live: the system lets go of it even after a kill. */
function takeLock(path: string): Deno.FsFile | Problem {
  const lockPath = `${path}.lock`;
  let lock: Deno.FsFile | undefined;
  try {
    lock = Deno.openSync(lockPath, { create: true, write: true, mode: 0o600 });
    const held = lock.tryLockSync(true);
    const opened = lock.statSync();
    const named = Deno.lstatSync(lockPath);
    // Another file by now: whoever held the lock has just removed it, or it is a symlink.
    if (held && opened.ino === named.ino) return lock;
  } catch (problem) {
    lock?.close();
    return { error: `Cannot lock ${lockPath}: ${sentence(problem)}` };
  }
  lock.close();
  return { error: `Another server is running at ${path}: stop it or choose another path` };
}

/** What is at the path and must stay; a dead socket need not. */
async function inTheWay(path: string): Promise<Problem | undefined> {
  let found: Deno.FileInfo;
  try {
    found = Deno.lstatSync(path);
  } catch (problem) {
    return problem instanceof Deno.errors.NotFound ? undefined : { error: sentence(problem) };
  }
  if (!found.isSocket) {
    return { error: `${path} exists and is no socket: remove it or choose another path` };
  }
  try {
    (await Deno.connect({ transport: "unix", path })).close();
    return { error: `Another server is running at ${path}: stop it or choose another path` };
  } catch (problem) {
    if (problem instanceof Deno.errors.ConnectionRefused) return undefined;
    return { error: `Cannot tell whether ${path} is in use: ${sentence(problem)}` };
  }
}

function bindUnderLock(
  path: string,
  lock: Deno.FsFile,
  mode: number | undefined,
): BoundSocket | Problem {
  // Bound beside its place and moved there: the runtime removes the name it was bound under when it
  // closes, whoever may own it by then; this way that name is never the path itself.
  // In base 36 because few bytes are left behind the longest path.
  const temporary = `${path}.${Deno.pid.toString(36)}`;
  let listener: Deno.UnixListener | undefined;
  try {
    listener = Deno.listen({ transport: "unix", path: temporary });
    if (mode !== undefined) Deno.chmodSync(temporary, mode);
    Deno.renameSync(temporary, path);
    const { ino } = Deno.lstatSync(path);
    return { listener, release: () => release(path, ino, lock) };
  } catch (problem) {
    listener?.close();
    dropLock(path, lock);
    return { error: `Cannot listen at ${path}: ${sentence(problem)}` };
  }
}

/** Gives up a lock that guards nothing, and its file with it. */
function dropLock(path: string, lock: Deno.FsFile): void {
  try {
    Deno.removeSync(`${path}.lock`);
  } catch {
    // Whoever removed it has saved us the work.
  }
  lock.close();
}

function release(path: string, ino: number | null, lock: Deno.FsFile): void {
  try {
    if (Deno.lstatSync(path).ino === ino) {
      Deno.removeSync(path);
      Deno.removeSync(`${path}.lock`);
    }
  } catch {
    // Somebody has removed it already: nothing of ours is left.
  }
  lock.close();
}

function sentence(problem: unknown): string {
  if (problem instanceof Deno.errors.PermissionDenied) return "no permission for that directory";
  if (problem instanceof Deno.errors.NotFound) return "the directory does not exist";
  return errorText(problem);
}
