// Opens the log that the flags ask for; the logging library is loaded only with `--log-file`.

import { quoted } from "../../protocol/failures.ts";
import type { Problem } from "../../protocol/problem.ts";
import { errorText } from "../../shared/errors.ts";
import type { Log } from "./logger.ts";
import type { MetricsOptions } from "./metrics_options.ts";

/** The log of a server without one. */
export const NO_LOG: Log = {
  write: () => {},
  reopen: () => Promise.resolve(undefined),
  figures: { written: 0, lost: 0 },
  close: () => Promise.resolve(),
};

/** Opens the log; returns an error message with the exit code if it cannot. */
export async function chooseLog(
  { logFile, logLevel }: Pick<MetricsOptions, "logFile" | "logLevel">,
): Promise<Log | Problem & { readonly code: number }> {
  if (logFile === undefined) {
    if (logLevel === undefined) return NO_LOG;
    return {
      error: "--log-level needs --log-file: add a FILE, or - for standard error",
      code: 2,
    };
  }
  const { openLog } = await import("./json_log.ts");
  try {
    return openLog(logFile, logLevel);
  } catch (problem) {
    const why = errorText(problem);
    const error = `Cannot write the log ${quoted(logFile)}: ${why}: choose another --log-file`;
    return { error, code: 1 };
  }
}
