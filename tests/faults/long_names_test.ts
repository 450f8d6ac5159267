// A1: names, targets and secrets of tens of kilobytes are refused by their length, before they are
// normalised, in every verb and dialect; and JSON that is deep or has thousands of keys unparsed.

import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  MAX_JSON_DEPTH,
  MAX_JSON_ITEMS,
  MAX_JSON_OBJECTS,
  MAX_NAME_UNITS,
} from "../../protocol/limits.ts";
import { exceedsJsonLimits } from "../../protocol/json_limits.ts";
import { ServerFixture } from "./server_fixture.ts";

/** Names that take long to normalise: marks in the wrong order, and a letter that becomes 18. */
const LONG = ["a" + "\u0323\u0301".repeat(9_000), "\ufdfa".repeat(15_000)];

/** Longest text that may be normalised, in UTF-16 units: a passphrase. */
const MOST = 1024;

/** The longest text normalised by `work`, in UTF-16 units. */
async function longestNormalised(work: () => Promise<unknown>): Promise<number> {
  const { normalize } = String.prototype;
  let longest = 0;
  String.prototype.normalize = function (this: string, form?: string) {
    longest = Math.max(longest, this.length);
    return normalize.call(this.slice(0, MOST), form);
  };
  try {
    await work();
  } finally {
    String.prototype.normalize = normalize;
  }
  return longest;
}

const NATIVE: readonly ((name: string) => Record<string, unknown>)[] = [
  (name) => ({ type: "say", to: "@" + name, text: "x" }),
  (name) => ({ type: "say", to: "#" + name, text: "x", ref: 1 }),
  (name) => ({ type: "say", text: name }),
  (name) => ({ type: "join", group: name }),
  (name) => ({ type: "leave", group: name }),
  (name) => ({ type: "rename", name }),
  (name) => ({ type: "hello", name, version: 1 }),
  (name) => ({ type: "hello", name: "carl", passphrase: name, version: 1 }),
  (name) => ({ type: name }),
  (name) => ({ action: "nick", pseudo: name }),
  (name) => ({ action: "private", dest: name, texte: "x" }),
];

for (const [at, request] of NATIVE.entries()) {
  const { type, action } = request("");
  const shown = `${String(type || action || "an unknown type")} (${at})`;
  Deno.test(`A1: native ${shown} with 60 KB is refused by its length`, async () => {
    await using fixture = await ServerFixture.open();
    const member = await fixture.join("native", "mallory");
    const stranger = await fixture.connect("native");
    for (const name of LONG) {
      const longest = await longestNormalised(async () => {
        const line = JSON.stringify(request(name)) + "\n";
        await member.send(line);
        await stranger.send(line);
        assertMatch((await member.barrier()).join("\n"), /"type":"error"/);
        await stranger.send('{"type":"ping","ref":"end"}\n');
        await stranger.match(/"pong","ref":"end"/);
      });
      assert(longest <= MOST, `${longest} units were normalised`);
    }
    await fixture.canary();
  });
}

Deno.test("A1: a login with a name of 60 KB is refused by its length", async () => {
  await using fixture = await ServerFixture.open();
  const member = await fixture.join("native", "mallory");
  for (const name of LONG) {
    const longest = await longestNormalised(async () => {
      await member.send(JSON.stringify({ type: "login", name, passphrase: "abcdefgh" }) + "\n");
      assertMatch((await member.barrier()).join("\n"), /bad_name/);
    });
    assert(longest <= MAX_NAME_UNITS, `${longest} units were normalised`);
  }
});

Deno.test("A1: secrets of 60 KB are compared without being normalised", async () => {
  await using fixture = await ServerFixture.open({ password: "sesame" });
  const member = await fixture.connect("native");
  for (const password of LONG) {
    const longest = await longestNormalised(async () => {
      await member.send(JSON.stringify({ type: "hello", name: "bob", password }) + "\n");
      await member.match(/wrong_password/);
    });
    assert(longest <= MOST, `${longest} units were normalised`);
  }
});

const LINES: readonly (readonly ["plain" | "usermsg" | "etx", (name: string) => string])[] = [
  ["plain", (name) => `/name ${name}`],
  ["plain", (name) => `@${name} x`],
  ["plain", (name) => `/msg ${name} x`],
  ["plain", (name) => `/join ${name}`],
  ["plain", (name) => `/leave ${name}`],
  ["plain", (name) => `/${name}`],
  ["usermsg", (name) => `USER ${name}`],
  ["usermsg", (name) => name],
  ["etx", (name) => `n ${name}`],
  ["etx", (name) => `s ${name} x`],
  ["etx", (name) => `j ${name}`],
  ["etx", (name) => `p ${name}`],
];

for (const [dialect, line] of LINES) {
  Deno.test(`A1: ${dialect} "${line("NAME")}" with 8 KB is refused by its length`, async () => {
    await using fixture = await ServerFixture.open();
    const member = await fixture.join(dialect, "mallory");
    for (const name of LONG) {
      const longest = await longestNormalised(async () => {
        await member.send(line(name.slice(0, 2_700)) + "\n");
        await member.barrier();
      });
      assert(longest <= MAX_NAME_UNITS, `${longest} units were normalised`);
    }
    await fixture.canary();
  });
}

Deno.test("A7: JSON that is deep or has many keys is refused, and the connection stays", async () => {
  await using fixture = await ServerFixture.open();
  const member = await fixture.join("native", "mallory");
  const deep = "[".repeat(20_000) + "]".repeat(20_000);
  const keys = Array.from({ length: 5_500 }, (_, key) => `"k${key}":1`).join(",");
  for (const junk of [`"x":${deep}`, keys, `"x":[${"1,".repeat(20_000)}1]`, `"x":[${'"",'}""]`]) {
    await member.send(`{"type":"ping",${junk}}\n`);
    const answer = (await member.barrier()).join("\n");
    assertMatch(answer, junk.length > 100 ? /"bad_request".*Too much JSON/ : /pong/);
  }
});

const nested = (depth: number) =>
  '{"a":'.repeat(depth) + '"'.padEnd(600, "x") + '"' + "}".repeat(depth);
const listed = (count: number) => JSON.stringify({ a: Array.from({ length: count }, () => "x") });

Deno.test("exceedsJsonLimits() counts what is outside strings", () => {
  const rows: readonly (readonly [text: string, exceeds: boolean])[] = [
    [nested(MAX_JSON_DEPTH), false],
    [nested(MAX_JSON_DEPTH + 1), true],
    [listed(MAX_JSON_ITEMS), false],
    [listed(3 * MAX_JSON_ITEMS), true],
    [JSON.stringify({ text: '[{,:"\\'.repeat(5_000) }), false],
    [JSON.stringify({ type: "say", text: "x" }).repeat(MAX_JSON_OBJECTS), false],
    [JSON.stringify({ type: "say", text: "x" }).repeat(MAX_JSON_OBJECTS + 1), true],
    ["{}".repeat(30_000), true],
    [JSON.stringify({ text: "\\".repeat(5_001) }) + listed(3 * MAX_JSON_ITEMS), true],
    ['"' + "[".repeat(5_000), false],
    ["]".repeat(600) + "[".repeat(600), true],
  ];
  assertEquals(rows.map(([text]) => exceedsJsonLimits(text)), rows.map(([, exceeds]) => exceeds));
});
