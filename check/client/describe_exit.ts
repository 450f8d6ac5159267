// Bytes and endings in words for the report of a check. Pure.

import type { ProgramExit } from "./client_driver.ts";
import { visibleBytes } from "../visible.ts";

const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
const ENCODER = new TextEncoder();

/** Text as bytes. */
export function encodedText(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** Bytes as text; invalid ones become U+FFFD. */
export function decodedText(bytes: Uint8Array): string {
  return DECODER.decode(bytes);
}

/** Bytes or text in quotes, every control character written out: `"MSG ana hi\n"`; or `nothing`. */
export function quotedData(data: Uint8Array | string): string {
  const bytes = typeof data === "string" ? encodedText(data) : data;
  return bytes.length === 0 ? "nothing" : `"${visibleBytes(bytes)}"`;
}

/** Text without the escape sequences that move cursors and change colours. */
export function withoutEscapes(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g, "");
}

/** `it ended with exit code 1`, `it was killed by SIGSEGV`. */
export function exitText({ code, signal }: ProgramExit): string {
  return signal === null ? `it ended with exit code ${code}` : `it was killed by ${signal}`;
}

const FAULTS: ReadonlySet<string> = new Set(["SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL"]);
const TRACES = /Traceback \(most recent call last\)|panicked at|Exception in thread|Uncaught/;

/** How a program crashed, in words; nothing when it did not. */
export function crashText(ending: ProgramExit, screen: string | undefined): string | undefined {
  if (ending.signal !== null && FAULTS.has(ending.signal)) return exitText(ending);
  const line = screen?.trimEnd().split("\n").at(-1)?.trim() ?? "";
  return TRACES.test(screen ?? "") ? `it crashed: ${line}` : undefined;
}
