// violations() on small bad sources: every rule must be able to fail.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { violations } from "../../tools/architecture.ts";
import { sourceFile } from "../../tools/source_file.ts";

const DIALECTS = ["native", "plain"];

/** The violations of one file with the body `text`, after an opening comment. */
function judge(path: string, text: string): string[] {
  return violations([sourceFile(path, `// Opens.\n${text}\n`)], DIALECTS);
}

/** Each bad source, and the text of its one violation. */
const BAD: readonly (readonly [string, string, string])[] = [
  ["protocol/a.ts", 'import "../server/b.ts";', "protocol/ must not import server/b.ts"],
  ["terminal/a.ts", 'import "../protocol/b.ts";', "terminal/ must not import protocol/b.ts"],
  ["server/chat/a.ts", 'import "../net/b.ts";', "server/chat/ must not import server/net/b.ts"],
  ["server/net/a.ts", 'import "../chat/b.ts";', "server/net/ must not import server/chat/b.ts"],
  [
    "server/net/a.ts",
    'export * from "../server.ts";',
    "server/net/ must not import server/server.ts",
  ],
  ["server/history/a.ts", 'import "../chat/b.ts";', "server/history/ must not import"],
  ["server/a.ts", 'import "../client/b.ts";', "server/ must not import client/b.ts"],
  ["client/a.ts", 'import "../server/limits.ts";', "client/ must not import server/limits.ts"],
  ["client/a.ts", 'import "../cli/b.ts";', "client/ must not import cli/b.ts"],
  ["cli/check/a.ts", 'import "../connect/b.ts";', "cli/check/ must not import cli/connect/b.ts"],
  ["check/client/a.ts", 'import "../server/b.ts";', "must not import check/server/b.ts"],
  ["check/server/a.ts", 'import "../client/b.ts";', "must not import check/client/b.ts"],
  ["admin/a.ts", 'import "../cli/b.ts";', "admin/ must not import cli/b.ts"],
  ["main.ts", 'const a = import("./server/b.ts");', "main.ts must not import server/b.ts"],
  ["admin/a.ts", 'import { b } from "../server/control.ts";', "only types of server/control.ts"],
  ["admin/a.ts", 'import type { B } from "../server/server.ts";', "admin/ must not import"],
  ["cli/a.ts", "const b = import(c);", "Computed import"],
  ["cli/a.ts", 'import { type B } from "./b.ts";', "write `import type`"],
  ["cli/a.ts", 'import {\n  type B,\n  type C as D,\n} from "./b.ts";', "write `import type`"],
  ["elsewhere/a.ts", "", "No layer for this file"],
  ["server/a.ts", 'import "valibot";', '"valibot" belongs in protocol/native'],
  ["server/a.ts", 'import "@optique/core/facade";', "belongs in cli/"],
  ["cli/a.ts", 'import "@logtape/logtape";', "belongs in cli/serve/json_log.ts"],
  ["client/a.ts", 'import "string-width";', "belongs in terminal/"],
  ["server/a.ts", 'import "node:assert/strict";', "belongs in no file"],
  ["server/a.ts", 'import "left-pad";', 'Unknown package "left-pad"'],
  ["protocol/a.ts", 'import "node:fs";', '"node:fs" belongs in'],
  ["server/chat/a.ts", 'import "node:fs";', 'Pure code imports "node:fs"'],
  ["protocol/a.ts", "Deno.exit(1);", 'uses the runtime: "Deno"'],
  ["protocol/a.ts", "globalThis.x;", "uses the runtime"],
  ["server/chat/a.ts", "export async function b() {}", 'uses waiting: "async"'],
  ["server/authority/bans.ts", "const b = await c;", 'uses waiting: "await"'],
  ["protocol/a.ts", "setTimeout(b, 1);", "uses a timer"],
  ["protocol/a.ts", "queueMicrotask(b);", "uses a timer"],
  ["protocol/a.ts", "Date.now();", "uses the clock"],
  ["protocol/a.ts", "new Date();", "uses the clock"],
  ["protocol/a.ts", "new Date;", "uses the clock"],
  ["terminal/keys.ts", "Math.random();", "uses chance"],
  ["terminal/style.ts", "crypto.randomUUID();", "uses chance"],
  ["protocol/a.ts", "fetch(b);", "uses the network"],
  ["tests/a_test.ts", "console.log(1);", 'Use a writer that is passed in: "console"'],
  ["protocol/a.ts", "`${console.log(1)}`;", "Use a writer"],
  ["server/a.ts", 'Deno.dlopen("libc.so.6", {});', "Foreign code is called only in"],
  ["tests/a_test.ts", "\n".repeat(400), "Too long: at most 400 lines"],
  ["server/a.ts", 'if (b.name === "plain") c();', "Compares a dialect's name"],
  ["server/a.ts", "if ('plain' != b) c();", "Compares a dialect's name"],
  ["client/a.ts", 'switch (b) { case "native": c(); }', "Compares a dialect's name"],
];

Deno.test("violations() finds what each rule forbids", () => {
  for (const [path, text, says] of BAD) {
    const found = judge(path, text);
    assertStrictEquals(found.length, 1, `${path}: ${text}: ${JSON.stringify(found)}`);
    assert(found[0]?.includes(says), `${found[0]} does not say: ${says}`);
    assertMatch(found[0] ?? "", new RegExp(`^${path}:\\d+: `));
  }
});

Deno.test("violations() names the line", () => {
  assertEquals(judge("protocol/a.ts", "\nconst a = 1;\nDeno.exit(a);"), [
    'protocol/a.ts:4: Pure code uses the runtime: "Deno"',
  ]);
});

Deno.test("violations() finds a missing opening comment, except in tests", () => {
  const bare = (path: string) => violations([sourceFile(path, "export {};\n")], DIALECTS);
  assertEquals(bare("server/a.ts"), [
    "server/a.ts:1: No opening comment: say what the file owns",
  ]);
  assertEquals(bare("tests/a_test.ts"), []);
});

Deno.test("violations() finds import cycles, type-only ones too", () => {
  const files = [
    sourceFile("server/a.ts", '// A.\nimport "./net/b.ts";'),
    sourceFile("server/net/b.ts", '// B.\nimport "../../protocol/c.ts";'),
    sourceFile("protocol/c.ts", '// C.\nimport type { D } from "./d.ts";'),
    sourceFile("protocol/d.ts", '// D.\nimport type { C } from "./c.ts";'),
  ];
  assertEquals(violations(files, DIALECTS), [
    "protocol/c.ts:1: Import cycle: protocol/c.ts -> protocol/d.ts -> protocol/c.ts",
  ]);
});

Deno.test("violations() leaves good sources alone", () => {
  const good: readonly (readonly [string, string])[] = [
    ["protocol/native.ts", 'import * as v from "valibot";\nimport "./b.ts";'],
    ["protocol/a.ts", '// Deno.exit()\nconst a = "Deno await fetch( console.log";'],
    ["protocol/a.ts", "const d = new Date(ms).toISOString();\nx.crypto_name = regexp.exec(y);"],
    ["protocol/dialects.ts", 'if (name === "plain") b();'],
    ["server/chat/a.ts", 'import type { History } from "../history/history.ts";'],
    ["server/a.ts", 'import "node:fs";\nimport "./chat/b.ts";\nawait Deno.stat("plain");'],
    ["server/a.ts", 'const rows = { plain: 1 };\nif (known.name === "TLS") b();'],
    ["admin/a.ts", 'import type { B, C } from "../server/control.ts";'],
    ["terminal/layout.ts", 'import "node:util";'],
    ["main.ts", 'const a = await import("./cli/serve.ts");'],
    ["cli/a.ts", 'import { type B, c, type D } from "./b.ts";'],
    ["tests/a_test.ts", 'import "../cli/b.ts";\nconst a = await import(b);'],
    ["server/a.ts", "\n".repeat(397)],
  ];
  for (const [path, text] of good) assertEquals(judge(path, text), [], `${path}: ${text}`);
});
