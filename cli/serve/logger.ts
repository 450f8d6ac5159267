// What a log is to whoever writes entries. Nothing here writes.

import type { LogEntry } from "../../server/log_entry.ts";

/** What stands for standard error in `--log-file`. */
export const STANDARD_ERROR = "-";

/** Where entries go, and how the last ones get out. */
export interface Log {
  /** Never waits and never throws, whatever the disk does. */
  write(entry: LogEntry): void;
  /** Goes on in the file that has the path now; a sentence when there can be none. */
  reopen(): Promise<string | undefined>;
  /** Entries written and lost. */
  readonly figures: { readonly written: number; readonly lost: number };
  /** Closes within a second. */
  close(): Promise<void>;
}
