// How fast the executable answers. Registered only when one is under test: `deno run` compiles first.

import assert from "node:assert/strict";
import { EXECUTABLE, makeWorld, startProgram } from "../harness.ts";

/** Most it may take, in milliseconds. */
const LIMIT_MS = 150;

/** Starts before it counts as slow: one that was held up by something else says nothing. */
const MOST_STARTS = 30;

if (EXECUTABLE !== undefined) {
  Deno.test("the executable prints its first line within 150 ms", async () => {
    let best = Infinity;
    for (let start = 0; start < MOST_STARTS && best >= LIMIT_MS; start++) {
      using world = makeWorld();
      const began = performance.now();
      await using server = startProgram(world, ["serve", "--host", "127.0.0.1", "--port", "0"]);
      await server.stdout.next();
      best = Math.min(best, performance.now() - began);
    }
    assert.ok(best < LIMIT_MS, `best of ${MOST_STARTS}: ${best.toFixed(0)} ms`);
  });
}
