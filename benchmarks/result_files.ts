// Writes results: lines to a stream, and files whose folder may not exist yet.

import { dirname } from "node:path";
import { writeAllSync } from "../shared/write_all.ts";

export function printTo(to: { writeSync(bytes: Uint8Array): number }, text: string): void {
  writeAllSync(to, new TextEncoder().encode(`${text}\n`));
}

/** Writes a text file, and creates its folder. */
export async function writeFile(path: string, text: string): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(path, text);
}
