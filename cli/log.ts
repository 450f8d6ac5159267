// The operator's log: one file that knows the logging library. The server tells what happened as
// LogEntry; here it becomes JSON Lines in a file.

import { configureSync, getJsonLinesFormatter, getLogger, type LogRecord } from "@logtape/logtape";
import type { LogEntry } from "../server/server_options.ts";

/** Where entries go, and how the last ones get out. */
export interface Log {
  write(entry: LogEntry): void;
  close(): void;
}

/**
 * Opens (creating or appending) the file at `path` for JSON Lines; control characters in anybody's
 * words are escaped by JSON, so an entry is always one line (F67). Throws what opening throws.
 */
export function openLog(path: string): Log {
  const file = Deno.openSync(path, { create: true, append: true });
  const format = getJsonLinesFormatter({ properties: "flatten" });
  const encoder = new TextEncoder();
  configureSync({
    reset: true,
    sinks: {
      file(record: LogRecord) {
        try {
          file.writeSync(encoder.encode(format(record)));
        } catch {
          // A full disk costs the log its lines, not the people their chat.
        }
      },
    },
    loggers: [
      { category: "minichat", sinks: ["file"], lowestLevel: "info" },
      { category: ["logtape", "meta"], sinks: [], lowestLevel: "fatal" },
    ],
  });
  const logger = getLogger("minichat");
  return {
    write({ level, what, details }) {
      logger[level](what, { ...details });
    },
    close: () => file.close(),
  };
}
