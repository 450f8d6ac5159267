// Binds Unix sockets: a file left by a killed server never blocks a start, a running server's
// always does (F60, F61), and closing removes only files of this server (F64).

import type { Problem } from "../../protocol/problem.ts";
import { errorText } from "../../shared/errors.ts";
import { distrustOfFolder, openOwned } from "../../shared/owned_files.ts";
import type { ListenTexts } from "../../texts/texts.ts";

/** A bound socket; `release` removes its files, if they still belong to it. */
export interface BoundSocket {
  readonly listener: Deno.UnixListener;
  release(): void;
}

/**
 * Listens at `path`, holding a lock. Fails if a server answers there or if the path is no socket;
 * replaces a socket that no process answers at. Sets `mode` before the path appears.
 */
export async function bindUnixSocket(
  path: string,
  texts: ListenTexts,
  options: { readonly mode?: number } = {},
): Promise<BoundSocket | Problem> {
  const lock = takeLock(path, texts);
  if ("error" in lock) return lock;
  const problem = await obstacleAt(path, texts);
  if (problem !== undefined) {
    dropLock(path, lock);
    return problem;
  }
  return bindUnderLock(path, lock, texts, options.mode);
}

/**
 * Takes the lock file beside `path`; the system unlocks it when this process ends, even by a kill.
 */
function takeLock(path: string, texts: ListenTexts): Deno.FsFile | Problem {
  const lockPath = `${path}.lock`;
  let lock: Deno.FsFile | undefined;
  try {
    const distrust = distrustOfFolder(lockPath);
    if (distrust !== undefined) return { error: texts.cannotLock(lockPath, distrust) };
    lock = openOwned(lockPath);
    const held = lock.tryLockSync(true);
    const opened = lock.statSync();
    const named = Deno.lstatSync(lockPath);
    // Another file by now: the last holder has just removed it, or it is a symlink.
    if (held && opened.ino === named.ino) return lock;
  } catch (problem) {
    lock?.close();
    return { error: texts.cannotLock(lockPath, reasonText(problem, texts)) };
  }
  lock.close();
  return { error: texts.serverAtPath(path) };
}

/** Why the path cannot be taken; undefined for no file or a dead socket. */
async function obstacleAt(path: string, texts: ListenTexts): Promise<Problem | undefined> {
  let found: Deno.FileInfo;
  try {
    found = Deno.lstatSync(path);
  } catch (problem) {
    if (problem instanceof Deno.errors.NotFound) return undefined;
    return { error: reasonText(problem, texts) };
  }
  if (!found.isSocket) return { error: texts.notSocket(path) };
  try {
    (await Deno.connect({ transport: "unix", path })).close();
    return { error: texts.serverAtPath(path) };
  } catch (problem) {
    if (problem instanceof Deno.errors.ConnectionRefused) return undefined;
    return { error: texts.cannotTell(path, reasonText(problem, texts)) };
  }
}

function bindUnderLock(
  path: string,
  lock: Deno.FsFile,
  texts: ListenTexts,
  mode: number | undefined,
): BoundSocket | Problem {
  // Bound beside its place and renamed: on close the runtime removes the name it was bound under,
  // which may belong to another process by then; this way that is never the path itself. In base
  // 36, because the longest path leaves few bytes.
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
    return { error: texts.cannotListenAtPath(path, reasonText(problem, texts)) };
  }
}

/** Unlocks and removes a lock file that is no longer needed. */
function dropLock(path: string, lock: Deno.FsFile): void {
  try {
    Deno.removeSync(`${path}.lock`);
  } catch {
    // Removed by another process: the goal is reached.
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
    // Removed by another process: none of our files is left.
  }
  lock.close();
}

function reasonText(problem: unknown, texts: ListenTexts): string {
  if (problem instanceof Deno.errors.PermissionDenied) return texts.noPermission;
  if (problem instanceof Deno.errors.NotFound) return texts.noDirectory;
  return errorText(problem);
}
