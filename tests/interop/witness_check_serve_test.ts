// `minichat check --serve` starts servers as strangers write them, right and wrong ones, types at
// their consoles and sends them signals.

import { judgeWitnesses, witnessRows } from "./witness_manifest.ts";
import { judgeStartedWitness } from "./witness_started.ts";

Deno.test("check --serve judges servers as strangers write them", async (context) => {
  const rows = witnessRows().filter(({ group }) => group.startsWith("check --serve"));
  await judgeWitnesses(context, rows, judgeStartedWitness);
});
