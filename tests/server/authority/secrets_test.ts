// Passwords and passphrases: hashed with salts, compared in constant time.

import {
  assert,
  assertMatch,
  assertNotEquals,
  assertNotMatch,
  assertStrictEquals,
} from "@std/assert";
import { Passphrases, USUAL_COST } from "../../../server/authority/passphrases.ts";
import { ServerPassword } from "../../../server/authority/server_password.ts";

const FAST = { n: 16, r: 1, p: 1 };

Deno.test("Passphrases.matches() accepts the right one only, however it was typed", async () => {
  const passphrases = new Passphrases(FAST);
  const hashed = await passphrases.hash("caf\u00e9 au lait");
  assert(await passphrases.matches("cafe\u0301 au lait", hashed));
  for (const wrong of ["", "caf\u00e9 au lait ", "CAF\u00c9 AU LAIT", "x".repeat(10_000)]) {
    assertStrictEquals(await passphrases.matches(wrong, hashed), false);
  }
  assertStrictEquals(await passphrases.matches("anything", undefined), false);
});

Deno.test("Two hashes of one passphrase differ, and each carries its own costs", async () => {
  const [a, b] = [
    await new Passphrases(FAST).hash("same"),
    await new Passphrases({ n: 32, r: 2, p: 1 }).hash("same"),
  ];
  assertNotEquals(a.salt, b.salt);
  assertNotEquals(a.hash, b.hash);
  assert(await new Passphrases(USUAL_COST).matches("same", a), "of an earlier version");
  assert(await new Passphrases(FAST).matches("same", b));
});

Deno.test("The usual cost of a hash is 32 MiB at least", () => {
  assert(128 * USUAL_COST.n * USUAL_COST.r >= 32 * 1024 * 1024);
});

Deno.test("ServerPassword.matches() takes what is the password and nothing that begins like it", () => {
  const password = new ServerPassword("correct horse");
  assert(password.matches("correct horse"));
  for (const wrong of ["", "correct", "correct horse ", "Correct horse", "x".repeat(100_000)]) {
    assertStrictEquals(password.matches(wrong), false);
  }
});

Deno.test("Secrets are compared by nothing but timingSafeEqual", () => {
  for (const file of ["server_password.ts", "passphrases.ts"]) {
    const path = new URL(`../../../server/authority/${file}`, import.meta.url);
    const source = Deno.readTextFileSync(path);
    assertMatch(source, /timingSafeEqual\(/);
    assertNotMatch(source, /\b(hash|key|password|salt)\)?\s*[=!]==/i);
  }
});
