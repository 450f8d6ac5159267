// The operator's log: writes each LogEntry as a line of JSON to a file or standard error, with the
// logging library.

import { configureSync, getLogger, type LogRecord } from "@logtape/logtape";
import type { LogEntry, LogLevel } from "../../server/log_entry.ts";
import { errorText } from "../../shared/errors.ts";
import { distrustOfFolder, openOwned, UntrustedFileError } from "../../shared/owned_files.ts";
import { type Log, STANDARD_ERROR } from "./logger.ts";
import { type LogTarget, LogWriter } from "./log_writer.ts";

/** Longest wait for the last entries to be written, in milliseconds. */
const FLUSH_TIMEOUT_MS = 1_000;

/**
 * Opens the file at `path` to append, creating it if needed, or standard error for "-", for entries
 * from `level` up. Control and format characters are escaped, so an entry is always one line (F67).
 * Throws if the file cannot be opened, or if another user could have put it there.
 */
export function openLog(path: string, level: LogLevel = "info"): Log {
  const writer = new LogWriter({
    target: path === STANDARD_ERROR ? standardError() : openFile(path),
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
        await writer.drained(FLUSH_TIMEOUT_MS); // earlier lines belong in the old file
        await writer.replace(openFile(path));
      } catch (problem) {
        const why = errorText(problem);
        return { error: `Cannot open the log again, it is still written to the old file: ${why}` };
      }
      return undefined;
    },
    get figures() {
      return writer.figures;
    },
    close: () => writer.close(FLUSH_TIMEOUT_MS),
  };
}

/** Formats one entry as a line: `time`, `level` and `what`, then its fields. */
export function logLine(at: number, entry: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify({ time: new Date(at).toISOString(), ...entry });
  // JSON does not escape DEL and C1, line separators, and characters that reverse a terminal's text.
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
    return logLine(timestamp, { level, what }); // a field that JSON cannot hold, such as a cycle
  }
}

function openFile(path: string): Deno.FsFile {
  const distrust = distrustOfFolder(path);
  if (distrust !== undefined) throw new UntrustedFileError(distrust);
  return openOwned(path, { append: true, mode: 0o640 });
}

function standardError(): LogTarget {
  return { write: (bytes) => Deno.stderr.write(bytes), close: () => {} };
}
