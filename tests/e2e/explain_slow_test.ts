// `minichat explain`: prints the documents of the protocols, which are part of the program.

import { assert, assertEquals, assertMatch, assertNotMatch, assertStrictEquals } from "@std/assert";
import { DIALECTS } from "../../protocol/dialects.ts";
import { makeWorld, runProgram } from "../harness.ts";

/** A text that only that dialect's document has. */
const TELLING: Readonly<Record<string, RegExp>> = {
  native: /^ {4}> {"type":"hello","name":"bot","version":1}$/m,
  framed: /^ {4}HEADER = struct\.Struct\("@iN"\)/m,
  usermsg: /^`usermsg`: sheet 004\n-{20}$/m,
  etx: /^`s DEST TEXT` {2}to the client of that name/m,
  plain: /^ {4}< -- You are bob\. Here: ana\.\\n$/m,
};

Deno.test("explain lists the dialects, a line each, and exits 0", async () => {
  using world = makeWorld();
  const { code, stdout } = await runProgram(world, ["explain"]);
  assertStrictEquals(code, 0);
  for (const { name } of DIALECTS) assertMatch(stdout, new RegExp(`^\`${name}\` +\\S`, "m"));
});

for (const { name } of DIALECTS) {
  Deno.test(`explain ${name} prints its document, wrapped and without colours in a pipe`, async () => {
    using world = makeWorld();
    const { code, stdout, stderr } = await runProgram(world, ["explain", name]);
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, TELLING[name] ?? /no such test/);
    // deno-lint-ignore no-control-regex
    assertNotMatch(stdout, /\x1b/);
    // Lines of JSON are long, and must not be wrapped.
    const isJson = /^ {4}[<>] \{"/;
    const tooWide = stdout.split("\n").filter((line) => line.length > 80 && !isJson.test(line));
    assertEquals(tooWide, []);
  });
}

Deno.test("explain --markdown prints the source as it is", async () => {
  using world = makeWorld();
  const { stdout } = await runProgram(world, ["explain", "usermsg", "--markdown"]);
  const page = Deno.readTextFileSync(new URL("../../docs/dialects.md", import.meta.url));
  const [section = "", lines = ""] = stdout.split(/(?=^## Lines of text$)/m);
  for (const part of [section, lines]) assert(page.includes(part.trimEnd()));
  assertMatch(section, /^## `usermsg`: sheet 004\n[^]*```python\n[^]*```\n+$/);
  assertMatch(lines, /^## Lines of text\n/);
});

Deno.test("explain names what was probably meant, exit 2", async () => {
  using world = makeWorld();
  const { code, stdout, stderr } = await runProgram(world, ["explain", "etc"]);
  assertEquals([code, stdout], [2, ""]);
  assertMatch(stderr, /^Usage: minichat explain[^]*etc/);
});
