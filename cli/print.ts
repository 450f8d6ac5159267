// Lines for the standard streams, written in place. Loads next to nothing.

import { writeAllSync } from "../shared/write_all.ts";

/** Prints one line or block to a standard stream; a reader that is gone is no error. */
export function print(stream: Pick<typeof Deno.stdout, "writeSync">, text: string): void {
  const bytes = new TextEncoder().encode(text + "\n");
  try {
    writeAllSync(stream, bytes);
  } catch {
    // EPIPE: `minichat --help | head -1` has seen enough
  }
}
