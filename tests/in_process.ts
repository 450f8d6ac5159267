// Runs the command line inside the test, which spares the tenth of a second that a process takes:
// for what only prints and ends. An executable under test is run as a process.

import { run } from "../cli/run.ts";
import { EXECUTABLE, type ProgramResult, runProgram, type World } from "./harness.ts";

/** Runs the program with `args` to its end, and collects what it writes with `writeSync()`. */
export async function runInProcess(world: World, args: readonly string[]): Promise<ProgramResult> {
  if (EXECUTABLE !== undefined) return await runProgram(world, args);
  using stdout = collected(Deno.stdout);
  using stderr = collected(Deno.stderr);
  const code = await run(args);
  return { code, stdout: stdout.text, stderr: stderr.text };
}

/**
 * Collects what is written to a standard stream until it is disposed of; the stream is no terminal
 * then.
 */
function collected(stream: typeof Deno.stdout): Disposable & { readonly text: string } {
  const decoder = new TextDecoder();
  let text = "";
  const fake = {
    isTerminal: () => false,
    writeSync(bytes: Uint8Array): number {
      text += decoder.decode(bytes, { stream: true });
      return bytes.length;
    },
  };
  Object.assign(stream, fake); // before those of the prototype
  return {
    get text() {
      return text;
    },
    [Symbol.dispose]() {
      for (const name of Object.keys(fake)) Reflect.deleteProperty(stream, name);
    },
  };
}
