// `minichat check --serve`: starts the server that the command after `--` names, for the checks.

import { ServedProgram } from "../../check/server/served_program.ts";
import type { Problem } from "../../protocol/problem.ts";
import { chosenTexts } from "../language.ts";
import { print } from "../print.ts";

/**
 * Starts the server; says so on standard error if it does not listen where it should. Returns why it
 * does not listen at all.
 */
export async function startServed(
  words: readonly string[],
  stop: AbortSignal,
): Promise<ServedProgram | Problem> {
  const texts = chosenTexts().serverChecks.program;
  const program = new ServedProgram({ words, texts, stop });
  const problem = await program.start();
  if (problem !== undefined) {
    await program.close();
    return problem;
  }
  if (program.note !== undefined) print(Deno.stderr, program.note);
  return program;
}
