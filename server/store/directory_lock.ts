// Locks a data directory for one server; the system releases the lock when the process ends,
// however that happens.

import type { Problem } from "../../protocol/problem.ts";
import { quotedPath } from "../../protocol/sanitize.ts";
import { errorText } from "../../shared/errors.ts";
import { openOwned } from "../../shared/owned_files.ts";
import { LOCK_FILE, prepareDataDirectory } from "./data_directory_check.ts";

/** A held lock. */
export interface DirectoryLock {
  /** The number of the run that had the lock last, if that server was killed. */
  readonly generation: number | undefined;
  /** Notes the number of this run, for the next holder if this one is killed. */
  record(generation: number): void;
  release(): void;
  /** Releases it after nothing was changed: the next holder sees what this one saw. */
  abandon(): void;
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
    const held = file;
    const before = readText(held);
    const [, , digits] = /^(\d*)\n(\d+)\n/.exec(before) ?? [];
    writeText(held, `${Deno.pid}\n`);
    return {
      generation: digits === undefined ? undefined : Number(digits),
      record: (generation) => writeText(held, `${Deno.pid}\n${generation}\n`),
      release() {
        // The file stays: removing it would let two servers lock two files of one name.
        held.truncateSync();
        held.close();
      },
      abandon() {
        writeText(held, before.replace(/^\d+/, ""));
        held.close();
      },
    };
  } catch (problem) {
    file?.close();
    return cannotKeep(directory, errorText(problem));
  }
}

function writeText(file: Deno.FsFile, text: string): void {
  file.truncateSync();
  file.seekSync(0, Deno.SeekMode.Start);
  file.writeSync(new TextEncoder().encode(text));
}

function readText(file: Deno.FsFile): string {
  const bytes = new Uint8Array(40);
  file.seekSync(0, Deno.SeekMode.Start);
  const read = file.readSync(bytes) ?? 0;
  return new TextDecoder().decode(bytes.subarray(0, read));
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
  const pid = /^\d+/.exec(readText(file))?.[0];
  return pid === undefined ? "" : ` (process ${pid})`;
}
