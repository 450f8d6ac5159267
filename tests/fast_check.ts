// fast-check with one seed, so that the gate tries the same cases for every change. MINICHAT_SEED
// sets another; a failing property prints the seed and the path that reproduce it.

import fc from "fast-check";

fc.configureGlobal({
  ...fc.readConfigureGlobal(),
  seed: Number(Deno.env.get("MINICHAT_SEED") ?? 1),
});

/**
 * Any code point but a surrogate. `unit: "binary"` is the same, and takes a second to construct.
 */
export const CODE_POINT = fc.nat(0x10ffff - 0x800)
  .map((number) => String.fromCodePoint(number < 0xd800 ? number : number + 0x800));

export default fc;
