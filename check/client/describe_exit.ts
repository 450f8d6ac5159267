// Bytes and ends of programs as texts for the report of a check. Pure.

import type { ClientCheckTexts } from "../../texts/texts.ts";
import { visibleBytes } from "../visible.ts";
import type { ProgramExit } from "./client_driver.ts";

const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
const ENCODER = new TextEncoder();

/** Text as UTF-8. */
export function encodedText(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** UTF-8 as text; invalid bytes become U+FFFD. */
export function decodedText(bytes: Uint8Array): string {
  return DECODER.decode(bytes);
}

/** Text in quotes with control characters escaped: `"MSG ana hi\n"`; `nothing` if it is empty. */
export function quotedText(text: string, texts: ClientCheckTexts): string {
  return text === "" ? texts.data.nothing : `"${visibleBytes(encodedText(text))}"`;
}

/** Text without the escape sequences that move cursors and change colours. */
export function withoutEscapes(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g, "");
}

/** `it ended with exit code 1`, `it was killed by SIGSEGV`. */
export function exitText({ code, signal }: ProgramExit, { exits }: ClientCheckTexts): string {
  return signal === null ? exits.code(code) : exits.killed(signal);
}

const FAULTS: ReadonlySet<string> = new Set(["SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL"]);
const TRACES = /Traceback \(most recent call last\)|panicked at|Exception in thread|Uncaught/;

/** How a program crashed, by its signal or the stack trace on its `screen`; undefined if it did not. */
export function crashText(
  ending: ProgramExit,
  screen: string | undefined,
  texts: ClientCheckTexts,
): string | undefined {
  if (ending.signal !== null && FAULTS.has(ending.signal)) return exitText(ending, texts);
  const line = screen?.trimEnd().split("\n").at(-1)?.trim() ?? "";
  return TRACES.test(screen ?? "") ? texts.exits.crashed(line) : undefined;
}
