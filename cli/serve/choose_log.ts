// Which log a server has. What writes one is loaded only when there is to be one.

import { quoted } from "../../protocol/failures.ts";
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

/** The log that was asked for; else a sentence, with the exit code it comes with. */
export async function chooseLog(
  { logFile, logLevel }: Pick<MetricsOptions, "logFile" | "logLevel">,
): Promise<Log | { readonly error: string; readonly code: number }> {
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
