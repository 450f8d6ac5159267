import { assertEquals, assertStrictEquals } from "@std/assert";
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
    assertStrictEquals(maskSecret(typed), shown);
    assertStrictEquals(maskSecret(typed).length, typed.length);
  }
  assertStrictEquals(secretStart("hello"), undefined);
});

Deno.test("orSecret() takes a line for a secret only while one is asked for", () => {
  const means = { verb: "say", text: "x" } as const;
  assertStrictEquals(orSecret(undefined, { text: "x", means }), means);
  assertStrictEquals(orSecret({ awaitsSecret: false }, { text: "x", means }), means);
  assertEquals(orSecret({ awaitsSecret: true }, { text: "x", means }), {
    verb: "secret",
    text: "x",
    means,
  });
});
