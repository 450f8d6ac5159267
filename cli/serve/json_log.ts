// The operator's log: one file that knows the logging library. The server tells what happened as
// LogEntry; here it becomes JSON Lines in a file, or on standard error.

import { configureSync, getLogger, type LogRecord } from "@logtape/logtape";
import type { LogEntry, LogLevel } from "../../server/log_entry.ts";
import { errorText } from "../../shared/errors.ts";
import { type Log, STANDARD_ERROR } from "./logger.ts";
import { type LogTarget, LogWriter } from "./log_writer.ts";

/** Longest wait for the last entries to be written, in milliseconds. */
const LAST_ENTRIES_MS = 1_000;

/**
 * Opens (creating or appending) the file at `path`, or standard error for "-", for JSON Lines from
 * `level` up. Control and format characters in anybody's words are escaped, so an entry is always one
 * line (F67). Throws what opening throws.
 */
export function openLog(path: string, level: LogLevel = "info"): Log {
  const options = { create: true, append: true };
  const writer = new LogWriter({
    target: path === STANDARD_ERROR ? standardError() : Deno.openSync(path, options),
    lossLine: (lines) => logLine(Date.now(), { level: "warning", what: "log_lost", lines }),
  });
  configureSync({
    reset: true,
    sinks: { lines: (record: LogRecord) => writer.write(formatted(record)) },
    loggers: [
      { category: "minichat", sinks: ["lines"], lowestLevel: level },
      { category: ["logtape", "meta"], sinks: [], lowestLevel: "fatal" },
    ],
  });
  const logger = getLogger("minichat");
  const write = ({ level, what, details }: LogEntry) => logger[level](what, { ...details });
  return {
    write,
    async reopen() {
      if (path === STANDARD_ERROR) return undefined;
      try {
        await writer.replace(await Deno.open(path, options));
      } catch (problem) {
        return `Cannot open the log again, it goes on in the old file: ${errorText(problem)}`;
      }
      return undefined;
    },
    get figures() {
      return writer.figures;
    },
    close: () => writer.close(LAST_ENTRIES_MS),
  };
}

/** One entry as a line: `time`, `level` and `what`, then its fields. */
export function logLine(at: number, entry: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify({ time: new Date(at).toISOString(), ...entry });
  // What JSON leaves alone: DEL and C1, line separators, and what turns a terminal's line around.
  const safe = json.replace(/[\x7f-\x9f]|\p{Cf}|\p{Zl}|\p{Zp}/gu, escaped);
  return `${safe}\n`;
}

function escaped(char: string): string {
  const units = Array.from({ length: char.length }, (_, at) => char.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

function formatted({ timestamp, level, rawMessage, properties }: LogRecord): string {
  const what = String(rawMessage);
  try {
    return logLine(timestamp, { level, what, ...properties });
  } catch {
    return logLine(timestamp, { level, what }); // a field that is no JSON, such as a cycle
  }
}

function standardError(): LogTarget {
  return { write: (bytes) => Deno.stderr.write(bytes), close: () => {} };
}
