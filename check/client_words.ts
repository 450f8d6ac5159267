// Bytes and endings in words for the report of a check. Pure.

import type { Ending } from "./client_driver.ts";

/** Bytes quoted in a report at most; the transcript has the rest. */
const MAX_SHOWN_BYTES = 120;

const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
const ENCODER = new TextEncoder();

/** Text as bytes. */
export function bytesOf(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** Bytes as text; invalid ones become U+FFFD. */
export function textOf(bytes: Uint8Array): string {
  return DECODER.decode(bytes);
}

/** Bytes or text with every control character written out: `"MSG ana hi\n"`; `nothing` for none. */
export function visible(data: Uint8Array | string): string {
  const bytes = typeof data === "string" ? bytesOf(data) : data;
  if (bytes.length === 0) return "nothing";
  const isLong = bytes.length > MAX_SHOWN_BYTES;
  const text = textOf(isLong ? bytes.subarray(0, MAX_SHOWN_BYTES) : bytes);
  // deno-lint-ignore no-control-regex
  const shown = text.replace(/[\x00-\x1f\x7f-\x9f]/g, written);
  return isLong ? `"${shown}"... (${bytes.length} bytes)` : `"${shown}"`;
}

function written(character: string): string {
  const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0" }[character];
  return short ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

/** Text without the escape sequences that move cursors and change colours. */
export function withoutEscapes(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g, "");
}

/** `it ended with exit code 1`, `it was killed by SIGSEGV`. */
export function endingText({ code, signal }: Ending): string {
  return signal === null ? `it ended with exit code ${code}` : `it was killed by ${signal}`;
}

const FAULTS: ReadonlySet<string> = new Set(["SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL"]);
const TRACES = /Traceback \(most recent call last\)|panicked at|Exception in thread|Uncaught/;

/** How a program crashed, in words; nothing when it did not. */
export function crashText(ending: Ending, screen: string | undefined): string | undefined {
  if (ending.signal !== null && FAULTS.has(ending.signal)) return endingText(ending);
  const line = screen?.trimEnd().split("\n").at(-1)?.trim() ?? "";
  return TRACES.test(screen ?? "") ? `it crashed: ${line}` : undefined;
}
