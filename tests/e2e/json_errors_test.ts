// With --json the errors of every verb are JSON (O10).

import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { makeWorld, runProgram } from "../harness.ts";

const WRONG: readonly (readonly [string[], number, RegExp])[] = [
  [["history", "info", "--json", "--data", "/nowhere/x"], 1, /^No history/],
  [["history", "export", "--json", "--since", "2026-02-30"], 2, /Not a moment/],
  [["history", "backup", "--json"], 2, /^Name one FILE/],
  [["serve", "--json", "--port", "none"], 2, /none/],
  [["serve", "--json", "--host", "192.0.2.1", "--no-history"], 1, /^192\.0\.2\.1 is no address/],
  [["connect", "--json", "--port", "1"], 2, /./],
  [["connect", "--json", "127.0.0.1", "1", "ann"], 1, /127\.0\.0\.1/],
  [["check", "--json", "--tap", "127.0.0.1", "1"], 2, /^Give --tap or --json/],
  [["bench", "--json", "127.0.0.1"], 2, /--dialect/],
  [["cert", "--json", "--host", "a b"], 2, /^Not a host name/],
  [["doctor", "--json", "--port", "99999999"], 2, /99999999/],
  [["explain", "--json"], 2, /--json/],
  [["admin", "--json", "frobnicate"], 2, /frobnicate/],
];

Deno.test("with --json an error of any verb is one JSON object on stdout (O10)", async () => {
  using world = makeWorld();
  const runs = WRONG.map(async ([args, code, words]) => {
    const run = await runProgram(world, args);
    const [line = "", ...more] = run.stdout.split("\n");
    assertEquals([run.code, more], [code, [""]], `${args.join(" ")}\n${run.stdout}${run.stderr}`);
    const { ok, error, ...rest } = JSON.parse(line);
    assertEquals([ok, rest], [false, {}]);
    assertMatch(error, words, args.join(" "));
    assertNotMatch(error, /^(Error|Usage|minichat)/);
  });
  await Promise.all(runs);
});

Deno.test("without --json, and for the command of check, errors are text alone (O10)", async () => {
  using world = makeWorld();
  const check = ["check", "--listen", "nowhere", "--", "cat", "--json"];
  for (const args of [["history", "info", "--data", "/nowhere/x"], check]) {
    const { stdout } = await runProgram(world, args);
    assertEquals(stdout, "", args.join(" "));
  }
});
