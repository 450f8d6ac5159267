// `minichat check` judges servers as strangers write them: right ones pass, wrong ones fail with
// what is wrong in them and nothing else.

import { assertEquals } from "@std/assert";
import { makeWorld } from "../harness.ts";
import {
  buildWitness,
  freeWitnessPort,
  judgeWitnesses,
  listens,
  type WitnessRow,
  witnessRows,
} from "./witness_manifest.ts";
import { assertTrueReport, reportOf } from "./witness_verdict.ts";

async function judge(row: WitnessRow): Promise<void> {
  using world = makeWorld();
  const built = await buildWitness(world, row);
  const place = { port: freeWitnessPort(), path: `${world.directory}/s` };
  await using _server = built.start(place);
  const refuses = row.expect.check?.includes("refused") ?? false;
  assertEquals(await listens(place), !refuses, "it listens");
  const address = row.start.includes("PATH")
    ? [`unix:${place.path}`]
    : ["127.0.0.1", String(place.port)];
  const options = row.expect.options?.split(" ") ?? [];
  const dialect = ["--dialect", row.dialect];
  assertTrueReport(row, await reportOf(world, [...address, ...dialect, ...options, "--json"]));
}

// More programs than those of the repository may be beside it: five minutes could be too few.
Deno.test("check judges servers as strangers write them", { timeout: 900_000 }, async (context) => {
  const rows = witnessRows()
    .filter(({ kind, group }) => kind === "server" && /^check\b(?! --)/.test(group))
    // Those that are wrong take longest.
    .toSorted((a, b) => Number(a.expect.check === "pass") - Number(b.expect.check === "pass"));
  await judgeWitnesses(context, rows, judge);
});
