// The command line run inside the test instead of in a process of its own, which costs a tenth of a
// second: for what is parsed, answered and over. With an executable under test, that is run.

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

/** What is written to a standard stream until this is disposed of; the stream is no terminal then. */
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
  Object.assign(stream, fake); // in front of the prototype's
  return {
    get text() {
      return text;
    },
    [Symbol.dispose]() {
      for (const name of Object.keys(fake)) Reflect.deleteProperty(stream, name);
    },
  };
}
