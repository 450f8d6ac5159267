import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { native } from "../../protocol/native.ts";
import { describeViolation } from "../../benchmarks/torture/torture_ledger.ts";
import { runTorture } from "../../benchmarks/torture/run_torture.ts";
import { programCommand } from "../harness.ts";

Deno.test("a server killed under load loses and doubles nothing it acknowledged (F50)", async () => {
  const [command, args] = programCommand([]);
  const result = await runTorture({
    program: [command, ...args],
    dialect: native,
    seed: 11,
    kills: 4,
    people: 9,
    programs: 1,
    rate: 150,
    onProgress: () => {},
  });
  assertEquals(result.findings.map(describeViolation), []);
  assertEquals(result.problems, []);
  assertStrictEquals(result.faults["kill"], 4);
  assert(result.acknowledged > 50, `${result.acknowledged} acknowledged`);
  assert(result.returns >= 9, `${result.returns} returns`);
  assert(result.stored >= result.acknowledged);
});
