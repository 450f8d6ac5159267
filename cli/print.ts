// Prints lines to the standard streams, synchronously. Loads few modules.

import { writeAllSync } from "../shared/write_all.ts";

/** What this run has printed so far: for `--json`, whose errors are JSON too. */
const printed: { isOutput: boolean; error: string | undefined } = {
  isOutput: false,
  error: undefined,
};

/**
 * Prints `{"ok":false,"error":TEXT}` to standard output, as `minichat admin --json` does, with the
 * last error that was printed; prints no line without one, or after a report, which has it.
 */
export function printJsonError(): void {
  const { isOutput, error } = printed;
  if (isOutput || error === undefined) return;
  // Without the usage in front of it, and the name of the verb.
  const text = error.replace(/^.*^Error: /ms, "").replace(/^minichat [a-z]+: /, "").trimEnd();
  print(Deno.stdout, JSON.stringify({ ok: false, error: text }));
}

/** Prints one line or block to a standard stream; ignores a closed pipe. */
export function print(stream: Pick<typeof Deno.stdout, "writeSync">, text: string): void {
  if (stream === Deno.stdout) printed.isOutput = true;
  if (stream === Deno.stderr) printed.error = text;
  const bytes = new TextEncoder().encode(text + "\n");
  try {
    writeAllSync(stream, bytes);
  } catch {
    // EPIPE, as in `minichat --help | head -1`
  }
}
