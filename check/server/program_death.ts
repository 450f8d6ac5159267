// How a server that the check has started came to its end, in words: its signal, its exit code, its
// last lines; and what probably mends it. Pure.

import type { ServedProgramTexts, ServerCheckTexts } from "../../texts/texts.ts";
import type { ProgramExit } from "../isolated_process.ts";
import { crashText, exitText } from "../program_exit.ts";

/** The end of a program: how it ended, and the end of its standard error. */
export interface ProgramDeath {
  /** Undefined if only some of its processes have ended. */
  readonly exit: ProgramExit | undefined;
  readonly lastErrors: string;
}

const LINES = 3;
const MAX_CHARS = 300;
/**
 * The last line of a Python, Java or JavaScript stack trace. Some modules of Python write theirs small
 * (`struct.error: ...`), which stands for an exception only after the name of a module. SystemExit is
 * no fault.
 */
const EXCEPTION =
  /^(?!SystemExit)(?:[\w.]*(?:Error|Exception|Interrupt|Exit|Warning|Iteration)\b|\w+\.(?:\w*error|timeout|Empty|Full)(?=:|$)).*$/;
const FAULTS: ReadonlySet<string> = new Set(["SIGSEGV", "SIGBUS", "SIGABRT", "SIGFPE", "SIGILL"]);

/** The last line of the last stack trace in what a program printed; undefined if there is none. */
export function exceptionIn(output: string): string | undefined {
  return output.split("\n").findLast((line) => EXCEPTION.test(line))?.trim();
}

/** The last lines of what a program printed, in one line; empty if it printed nothing. */
export function lastLines(output: string): string {
  const lines = output.trimEnd().split("\n").map((line) => line.trim()).filter((line) =>
    line !== ""
  );
  const text = exceptionIn(output) ?? lines.slice(-LINES).join(" / ");
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}...` : text;
}

/** `it was killed by SIGPIPE`, `it crashed: ValueError: ...`, `it ended with exit code 1: ...`. */
export function deathText({ exit, lastErrors }: ProgramDeath, texts: ServedProgramTexts): string {
  if (exit === undefined) return texts.stoppedListening;
  const crash = crashText(exit, lastErrors, texts.exits);
  if (crash !== undefined) return crash;
  const how = exitText(exit, texts.exits);
  const lines = lastLines(lastErrors);
  return lines === "" ? how : texts.withLastLines(how, lines);
}

/**
 * What mends this end; undefined if its cause does not show. `ifItCrashes` says what probably led to a
 * crash.
 */
export function deathHint(
  { exit, lastErrors }: ProgramDeath,
  hints: ServerCheckTexts["hints"],
  ifItCrashes?: (hints: ServerCheckTexts["hints"]) => string,
): string | undefined {
  const { common, program } = hints;
  const exception = exceptionIn(lastErrors);
  if (exit?.signal === "SIGPIPE") return common.sigpipe;
  if (exception !== undefined && /BrokenPipe|ConnectionReset/.test(exception)) {
    return program.lostClient;
  }
  if (exception !== undefined) {
    return withCause(program.exception(exception), ifItCrashes?.(hints));
  }
  if (exit?.signal !== null && exit?.signal !== undefined && FAULTS.has(exit.signal)) {
    return withCause(program.fault(exit.signal), ifItCrashes?.(hints));
  }
  if (exit?.code === 0) return program.endedItself;
  return exit === undefined ? undefined : ifItCrashes?.(hints);
}

function withCause(hint: string, cause: string | undefined): string {
  return cause === undefined ? hint : `${hint}. ${cause}`;
}
