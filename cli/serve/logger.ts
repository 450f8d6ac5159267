// The interface of a log.

import type { Problem } from "../../protocol/problem.ts";
import type { LogEntry } from "../../server/log_entry.ts";

/** The `--log-file` that means standard error. */
export const STANDARD_ERROR = "-";

/** Writes entries in the background. */
export interface Log {
  /** Never waits and never throws, even if the disk fails. */
  write(entry: LogEntry): void;
  /** Opens the path again (log rotation); with a problem the old file is still written. */
  reopen(): Promise<Problem | undefined>;
  /** Numbers of entries written and lost. */
  readonly figures: { readonly written: number; readonly lost: number };
  /** Writes the queued entries and closes, within a second. */
  close(): Promise<void>;
}
