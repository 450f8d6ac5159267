// Prints lines to the standard streams, synchronously. Loads few modules.

import { writeAllSync } from "../shared/write_all.ts";

/** Prints one line or block to a standard stream; ignores a closed pipe. */
export function print(stream: Pick<typeof Deno.stdout, "writeSync">, text: string): void {
  const bytes = new TextEncoder().encode(text + "\n");
  try {
    writeAllSync(stream, bytes);
  } catch {
    // EPIPE, as in `minichat --help | head -1`
  }
}
