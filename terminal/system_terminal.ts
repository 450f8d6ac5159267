// The process's own terminal. The only file of this folder that touches the runtime.

import type { TerminalIo } from "./prompt.ts";

const UNKNOWN_COLUMNS = 80;
/** How long to wait before a terminal that takes no more is tried again. */
const RETRY_MS = 1;

/**
 * Standard input and output as a terminal. Whether they are one is for the caller to ask
 * (`Deno.stdin.isTerminal()`); `setRaw(true)` throws when standard input is none.
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
    // The way back must also work when the terminal has been closed under us.
    if (on) throw failure;
  }
}

function onResize(listener: () => void): () => void {
  // Windows has no such signal; there the next key or message finds the new width.
  if (Deno.build.os === "windows") return () => {};
  Deno.addSignalListener("SIGWINCH", listener);
  return () => Deno.removeSignalListener("SIGWINCH", listener);
}

/** A reader or terminal that is gone is noticed at the next read; there is no one to tell. */
function ignoreGone(failure: unknown): void {
  if (failure instanceof Deno.errors.BrokenPipe) return;
  if (failure instanceof Error && "code" in failure && failure.code === "EIO") return;
  throw failure;
}
