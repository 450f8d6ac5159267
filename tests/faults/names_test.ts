// F16, F17, F18: names that are not allowed, and names that are taken in another spelling.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { DIALECT_PHRASES } from "../dialect_phrases.ts";
import { ServerFixture } from "./server_fixture.ts";
import { until } from "../until.ts";

const REFUSED: readonly string[] = [
  ...["server", "SERVER", "admin", "Admin", "tous", "all", "everyone", "ｓｅｒｖｅｒ"],
  ...["*", "0", "007", "-x", ".x", "#g", "@g", "..", ".", "a b", "a:b", "a/b", "a,b"],
  ...["constructor", "__proto__", "__PROTO__", "x".repeat(33), "𝕩".repeat(33)],
  // A14: two scripts, two kinds of digits, reserved words in French and in look-alikes
  ...["carⲟl", "bסb", "ᗷob", "еvan", "bob\u0967", "зоя\u0661", "ali\u0661\u06f2"],
  ...["serveur", "Opérateur", "operateur", "toutes", "t๐us", "ꮁerver", "seꭇver", "sérvęr"],
  // F16
  ...["ev\u202ean", "ev\u2066an", "ev\u200ban", "ev\u200can", "ev\u200dan", "ev\ufeffan"],
  ...["\ufeffevan", "ev\u00adan", "ev\u{e0041}an", "ev\ufe0fan", "ev\u{e0100}an", "ev\u115fan"],
  ...[
    "ev\u3164an",
    "ev\u034fan",
    "ev\u2800an",
    "ev\u00a0an",
    "ev\u0301\u0302\u0303an",
    "\u0301evan",
  ],
];

/** Whether that dialect can send the name, without trimming it or reading it as a command. */
function canBeTyped(dialect: string, name: string): boolean {
  if (dialect === "native") return true;
  if (dialect === "framed") return name === name.trim();
  if (dialect === "etx") return !/\s/.test(name);
  return name === name.trim() && (dialect === "plain" ? !/^[@/]/.test(name) : !name.includes(" "));
}

for (const { dialect, hello, rename } of DIALECT_PHRASES) {
  const names = REFUSED.filter((name) => canBeTyped(dialect, name));

  Deno.test(`F18: ${dialect} cannot register under a forbidden name`, async () => {
    await using fixture = await ServerFixture.open();
    for (const name of names) {
      const newcomer = await fixture.connect(dialect);
      await newcomer.send(hello(name));
      await newcomer.barrier();
      for (const member of fixture.server.chat.members) {
        assertMatch(member.name, /^(user\d+|usable_?\d*)$/, JSON.stringify(name));
      }
      // The connection still works: another name is accepted.
      await newcomer.send(rename("usable"));
      await newcomer.barrier();
      assert(fixture.isHere("usable"), JSON.stringify(name));
      await newcomer.client[Symbol.asyncDispose]();
      await until(() => !fixture.isHere("usable"), "the name was free");
    }
    await fixture.canary();
  });

  Deno.test(`F18: ${dialect} cannot rename itself to a forbidden name`, async () => {
    await using fixture = await ServerFixture.open();
    const guest = await fixture.join(dialect, "guest");
    for (const name of names) {
      await guest.send(rename(name));
      const answers = await guest.barrier();
      assert(answers.some((line) => guest.book.refusal.test(line)), JSON.stringify(name));
      assert(fixture.isHere("guest"), JSON.stringify(name));
    }
    await fixture.canary();
  });
}

Deno.test("F18: no group may have such a name, and no member is found under it", async () => {
  await using fixture = await ServerFixture.open();
  const guest = await fixture.join("native", "guest");
  for (const name of [...REFUSED.filter((name) => !/^[#@]/.test(name)), ""]) {
    await guest.client.request({ type: "join", group: name });
    await guest.client.request({ type: "leave", group: name });
    const kinds = (await guest.client.events()).map(({ type }) => type);
    assertEquals(kinds, ["error", "error"], JSON.stringify(name));
  }
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "0", "*"]) {
    await guest.client.request({ type: "say", to: `@${name}`, text: "hello" });
    const [answer] = await guest.client.events();
    assertStrictEquals(answer?.["code"], "no_such_name", name);
  }
  assertStrictEquals(fixture.operator.groups().length, 0);
  await fixture.canary();
});

/** Names that look the same: the first is taken, the second must be refused. */
const SAME: readonly (readonly [string, string])[] = [
  ["evan", "EVAN"],
  ["cope", "соре"], // all Cyrillic
  ["evan", "Ｅvan"],
  ["соре", "cope"],
  ["finn", "ﬁnn"],
  ["ivan", "İvan"],
  ["kate", "\u212aate"], // the Kelvin sign
  ["strasse", "straße"],
  ["STRASSE", "straße"],
  ["josé", "jose\u0301"],
  ["alice", "a\u029fice"], // a small capital L (A14)
];

for (const [held, wanted] of SAME) {
  Deno.test(`F17: "${wanted}" is taken where "${held}" is`, async () => {
    await using fixture = await ServerFixture.open();
    await fixture.join("native", held);
    for (const { dialect, hello, rename } of DIALECT_PHRASES) {
      const copy = await fixture.connect(dialect);
      await copy.send(hello(wanted));
      await copy.send(rename(wanted));
      await copy.barrier();
      const names = [...fixture.server.chat.members].map(({ name }) => name);
      const twins = names.slice(1).filter((name) => name === wanted.normalize("NFKC"));
      assertEquals(twins, [], dialect);
    }
    const joiner = await fixture.join("native", "joiner");
    await joiner.client.request({ type: "join", group: wanted });
    const [answer] = await joiner.client.events();
    assertStrictEquals(answer?.["code"], "name_taken");
  });
}

Deno.test("F17: corn and com are two, as are different accents", async () => {
  await using fixture = await ServerFixture.open();
  for (const name of ["corn", "com", "jose", "josé", "日本", "日木"]) {
    await fixture.join("native", name);
  }
  await fixture.canary();
});
