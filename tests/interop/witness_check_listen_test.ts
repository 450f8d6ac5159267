// `minichat check --listen` starts clients as strangers write them, right, wrong and hostile ones.

import { judgeWitnesses, witnessRows } from "./witness_manifest.ts";
import { judgeStartedWitness } from "./witness_started.ts";

Deno.test("check --listen judges clients as strangers write them, and survives them", async (context) => {
  const rows = witnessRows().filter(({ group }) => group.startsWith("check --listen"));
  await judgeWitnesses(context, rows, judgeStartedWitness);
});
