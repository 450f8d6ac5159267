// Locks a data directory for one server; the system releases the lock when the process ends,
// however that happens.

import type { Problem } from "../../protocol/problem.ts";
import { quotedPath } from "../../protocol/sanitize.ts";
import { errorText } from "../../shared/errors.ts";

/** A held lock. */
export interface DirectoryLock {
  release(): void;
}

/** The file that is locked; its text names the holder, for a person who looks there. */
export const LOCK_FILE = "lock";

/**
 * Creates the directory if it is missing, readable by its owner alone, and locks it; returns an
 * error message if another server holds the lock (F60) or the system refuses.
 */
export function acquireDirectoryLock(directory: string): DirectoryLock | Problem {
  let file: Deno.FsFile | undefined;
  try {
    Deno.mkdirSync(directory, { recursive: true, mode: 0o700 });
    file = Deno.openSync(`${directory}/${LOCK_FILE}`, {
      read: true,
      write: true,
      create: true,
      mode: 0o600,
    });
    if (!file.tryLockSync(true)) {
      const holder = readHolder(file);
      file.close();
      return {
        error: `Another server${holder} keeps its history in ${quotedPath(directory)}: \
stop it, or give this one another --port or --data`,
      };
    }
    file.truncateSync();
    file.writeSync(new TextEncoder().encode(`${Deno.pid}\n`));
  } catch (problem) {
    file?.close();
    const why = errorText(problem);
    return {
      error: `Cannot keep a history in ${quotedPath(directory)}: ${why}: give another --data, \
or --no-history`,
    };
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

function readHolder(file: Deno.FsFile): string {
  const bytes = new Uint8Array(20);
  const read = file.readSync(bytes) ?? 0;
  const pid = new TextDecoder().decode(bytes.subarray(0, read)).trim();
  return /^\d+$/.test(pid) ? ` (process ${pid})` : "";
}
