import assert from "node:assert/strict";
import { maskSecret, orSecret, secretStart } from "../../protocol/secrets.ts";

Deno.test("maskSecret() hides what follows /claim and /login NAME, at the same length", () => {
  for (
    const [typed, shown] of [
      ["/claim open sesame", "/claim ***********"],
      ["  /CLAIM x", "  /CLAIM *"],
      ["/cl secret", "/cl ******"],
      ["/login bob open", "/login bob ****"],
      ["/lo bob open", "/lo bob ****"],
      ["/login bob", "/login bob"],
      ["/claim", "/claim"],
      ["/list me", "/list me"],
      ["claim this", "claim this"],
      ["//claim this", "//claim this"],
    ] as const
  ) {
    assert.equal(maskSecret(typed), shown);
    assert.equal(maskSecret(typed).length, typed.length);
  }
  assert.equal(secretStart("hello"), undefined);
});

Deno.test("orSecret() takes a line for a secret only while one is asked for", () => {
  const means = { verb: "say", text: "x" } as const;
  assert.equal(orSecret(undefined, { text: "x", means }), means);
  assert.equal(orSecret({ awaitsSecret: false }, { text: "x", means }), means);
  assert.deepEqual(orSecret({ awaitsSecret: true }, { text: "x", means }), {
    verb: "secret",
    text: "x",
    means,
  });
});
