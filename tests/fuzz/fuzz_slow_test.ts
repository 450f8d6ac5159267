import { breaksNothing } from "./breaks_nothing.ts";
import type { FuzzTarget } from "./fuzzer.ts";

const INPUTS: Readonly<Record<FuzzTarget, number>> = { server: 400, client: 250 };

for (const [side, inputs] of Object.entries(INPUTS) as [FuzzTarget, number][]) {
  Deno.test(`F76: ${inputs} inputs of the fuzzer break nothing on the side of the ${side}`, () =>
    breaksNothing(side, inputs));
}
