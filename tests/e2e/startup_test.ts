// How fast the executable answers. Registered only if one is under test: `deno run` compiles first.

import { assert } from "@std/assert";
import { EXECUTABLE, makeWorld, startProgram } from "../harness.ts";

if (EXECUTABLE !== undefined) {
  Deno.test("the executable prints its first line within 150 ms", async () => {
    const tookMs: number[] = [];
    for (let round = 0; round < 10; round++) {
      using world = makeWorld();
      const began = performance.now();
      await using server = startProgram(world, ["serve", "--host", "127.0.0.1", "--port", "0"]);
      await server.stdout.next();
      tookMs.push(performance.now() - began);
    }
    // The best of ten: the time the program needs, whatever else the machine does.
    const best = Math.min(...tookMs);
    assert(best < 150, `best of ten: ${best.toFixed(0)} ms`);
  });
}
