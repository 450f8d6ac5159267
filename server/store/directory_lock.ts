// Locks a data directory for one server; the system releases the lock when the process ends,
// however that happens.

import type { Problem } from "../../protocol/problem.ts";
import { quotedPath } from "../../protocol/sanitize.ts";
import { errorText } from "../../shared/errors.ts";
import { openOwned } from "../../shared/owned_files.ts";
import { LOCK_FILE, prepareDataDirectory } from "./data_directory_check.ts";

/** A held lock. */
export interface DirectoryLock {
  release(): void;
}

/**
 * Creates the directory if it is missing, readable by its owner alone, and locks it; returns an
 * error message if another server holds the lock (F60), another user could have put a file there,
 * or the system refuses.
 */
export function acquireDirectoryLock(directory: string): DirectoryLock | Problem {
  let file: Deno.FsFile | undefined;
  try {
    const refusal = prepareDataDirectory(directory);
    if (refusal !== undefined) return cannotKeep(directory, refusal);
    file = openOwned(`${directory}/${LOCK_FILE}`, { read: true });
    if (!file.tryLockSync(true) && !retriedLock(file)) {
      const holder = readHolder(file);
      file.close();
      return {
        error: `Another server${holder} keeps its history in ${quotedPath(directory)}: \
stop it, or give this one another --port or --data`,
      };
    }
    file.truncateSync();
    file.seekSync(0, Deno.SeekMode.Start);
    file.writeSync(new TextEncoder().encode(`${Deno.pid}\n`));
  } catch (problem) {
    file?.close();
    return cannotKeep(directory, errorText(problem));
  }
  const held = file;
  return {
    release() {
      // The file stays: removing it would let two servers lock two files of one name.
      held.truncateSync();
      held.close();
    },
  };
}

function cannotKeep(directory: string, why: string): Problem {
  return {
    error: `Cannot keep a history in ${quotedPath(directory)}: ${why}: give another --data, \
or --no-history`,
  };
}

/**
 * Tries again for some milliseconds while the file names no holder: one has just released it, but a
 * process that it is starting still has the descriptor.
 */
function retriedLock(file: Deno.FsFile): boolean {
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  for (let left = 20; left > 0 && readHolder(file) === ""; left--) {
    Atomics.wait(nothing, 0, 0, 5);
    if (file.tryLockSync(true)) return true;
  }
  return false;
}

function readHolder(file: Deno.FsFile): string {
  const bytes = new Uint8Array(20);
  file.seekSync(0, Deno.SeekMode.Start);
  const read = file.readSync(bytes) ?? 0;
  const pid = new TextDecoder().decode(bytes.subarray(0, read)).trim();
  return /^\d+$/.test(pid) ? ` (process ${pid})` : "";
}
