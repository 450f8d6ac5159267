// One server a data directory: whoever holds the lock may write there. The system lets go of it when
// its holder dies, however that happens.

import type { Problem } from "../../protocol/problem.ts";
import { visible } from "../../protocol/sanitize.ts";
import { errorText } from "../../shared/errors.ts";

/** A held lock. */
export interface DirectoryLock {
  release(): void;
}

/** The file that is locked; it says who holds it, for people. */
export const LOCK_FILE = "lock";

/**
 * Makes the directory, readable by its owner alone, unless it is there, and locks it; answers a
 * sentence when another server has it (F60) or the system refuses.
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
        error: `Another server${holder} keeps its history in "${visible(directory)}": \
stop it, or give this one another --port or --data`,
      };
    }
    file.truncateSync();
    file.writeSync(new TextEncoder().encode(`${Deno.pid}\n`));
  } catch (problem) {
    file?.close();
    const why = errorText(problem);
    return {
      error: `Cannot keep a history in "${visible(directory)}": ${why}: give another --data, \
or --no-history`,
    };
  }
  const held = file;
  return {
    release() {
      // The file stays: to remove it would let two servers lock two files of one name.
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
