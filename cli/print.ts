// Lines for the standard streams, written at once. Loads nothing.

/** Prints one line or block to a standard stream; a reader that is gone is no error. */
export function print(stream: Pick<typeof Deno.stdout, "writeSync">, text: string): void {
  const bytes = new TextEncoder().encode(text + "\n");
  try {
    for (let at = 0; at < bytes.length;) at += stream.writeSync(bytes.subarray(at));
  } catch {
    // EPIPE: `minichat --help | head -1` has seen enough
  }
}
