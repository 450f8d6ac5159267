import { assert, assertEquals } from "@std/assert";
import { fuzz, type FuzzTarget } from "./fuzzer.ts";

/** F76: the first inputs of one seed break no invariant, and reach enough of the program. */
export async function breaksNothing(side: FuzzTarget, inputs: number): Promise<void> {
  const { findings, progress } = await fuzz({
    seed: 2026,
    side,
    goesOn: (progress) => progress.inputs < inputs,
  });
  assertEquals(findings.map(({ broken }) => broken.message), []);
  assert(progress.features > 40, `${progress.features} behaviours`);
}
