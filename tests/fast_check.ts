// fast-check with one seed, so that the gate tries the same cases for every change. MINICHAT_SEED sets
// another one; a property that fails prints the seed and the path that reproduce it.

import fc from "fast-check";

fc.configureGlobal({
  ...fc.readConfigureGlobal(),
  seed: Number(Deno.env.get("MINICHAT_SEED") ?? 1),
});

export default fc;
