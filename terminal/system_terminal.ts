// The process's standard input and output as a terminal.

import type { TerminalIo } from "./prompt.ts";

const UNKNOWN_COLUMNS = 80;
/** Milliseconds before a write is retried on a terminal that would block. */
const RETRY_MS = 1;

/**
 * Standard input and output as a terminal. The caller checks that they are one
 * (`Deno.stdin.isTerminal()`); `setRaw(true)` throws if standard input is none.
 */
export function systemTerminal(): TerminalIo {
  return { read: (buffer) => Deno.stdin.read(buffer), write, columns, setRaw, onResize };
}

function write(text: string): void {
  let rest = new TextEncoder().encode(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(Deno.stdout.writeSync(rest));
    } catch (failure) {
      // Another program that shares the terminal may have made it non-blocking.
      if (!(failure instanceof Deno.errors.WouldBlock)) return ignoreGone(failure);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}

function columns(): number {
  try {
    return Deno.consoleSize().columns || UNKNOWN_COLUMNS;
  } catch {
    return UNKNOWN_COLUMNS;
  }
}

function setRaw(on: boolean): void {
  try {
    Deno.stdin.setRaw(on);
  } catch (failure) {
    // Restoring must also work after the terminal was closed.
    if (on) throw failure;
  }
}

function onResize(listener: () => void): () => void {
  // Windows has no such signal; there the next key or message uses the new width.
  if (Deno.build.os === "windows") return () => {};
  Deno.addSignalListener("SIGWINCH", listener);
  return () => Deno.removeSignalListener("SIGWINCH", listener);
}

/** Ignores a closed reader or terminal: the next read reports the end. */
function ignoreGone(failure: unknown): void {
  if (failure instanceof Deno.errors.BrokenPipe) return;
  if (failure instanceof Error && "code" in failure && failure.code === "EIO") return;
  throw failure;
}
