// How a program ended, as text for the report of a check: its exit code, its signal, the limit it
// passed, or its crash by what it printed last. Pure.

import type { ProgramExitTexts } from "../texts/texts.ts";
import type { ProgramExit } from "./isolated_process.ts";

/** `it ended with exit code 1`, `it was killed by SIGSEGV`, `it printed more than 64 MB`. */
export function exitText({ code, signal, passed }: ProgramExit, exits: ProgramExitTexts): string {
  if (passed !== undefined) return exits.passed[passed];
  return signal === null ? exits.code(code) : exits.killed(signal);
}

const FAULTS: ReadonlySet<string> = new Set(["SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL"]);
const TRACES = /Traceback \(most recent call last\)|panicked at|Exception in thread|Uncaught/;

/** How a program crashed, by its signal or the stack trace in its `output`; undefined if it did not. */
export function crashText(
  exit: ProgramExit,
  output: string | undefined,
  exits: ProgramExitTexts,
): string | undefined {
  const isFault = exit.signal !== null && FAULTS.has(exit.signal);
  if (isFault || exit.passed !== undefined) return exitText(exit, exits);
  const line = output?.trimEnd().split("\n").at(-1)?.trim() ?? "";
  // sys.exit(0) in a task or a thread prints a trace, and is the end that the program wanted.
  if (exit.code === 0 && /^SystemExit\b/.test(line)) return undefined;
  return TRACES.test(output ?? "") ? exits.crashed(line) : undefined;
}
