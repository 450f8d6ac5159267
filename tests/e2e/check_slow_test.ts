// `minichat check` with the real program on both sides: its report in each form, and its exit code.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { usermsgServer } from "../check/buggy_servers.ts";
import { ToyServer } from "../check/toy_server.ts";
import { exitOf, makeWorld, runProgram, startProgram, startServer } from "../harness.ts";

/** A few quick checks. */
const FEW = ["--only", "talk", "--only", "one-packet"];

Deno.test("check passes our own server, on TCP and on a Unix socket", async () => {
  using world = makeWorld();
  const path = `${world.directory}/chat`;
  await using server = await startServer(world, [
    ...["--host", "127.0.0.1", "--port", "0", "--listen", `unix:${path}`],
  ]);
  const tcp = `127.0.0.1:${server.port}`;
  for (
    const [dialect, place] of [
      ["usermsg", ["127.0.0.1", String(server.port)]],
      ["plain", [tcp]],
      ["framed", [`unix:${path}`, "--header", "12"]],
    ] as const
  ) {
    const { code, stdout, stderr } = await runProgram(world, [
      ...["check", ...place, "--dialect", dialect, "--timeout", "5", ...FEW],
    ]);
    assertStrictEquals(code, 0, stdout + stderr);
    assertMatch(stdout, new RegExp(`^Checking the server at .* as ${dialect} .*, 2 checks\n`));
    assertMatch(stdout, /\n\n2 ok\nRequirements of sheet \d+ that are met:\n/);
    assertMatch(stdout, /\nPassed: all that is required and was tried works\n$/);
    assertStrictEquals(stderr, "");
  }
});

Deno.test("check reports what is wrong with a server, in three forms, and exits 1", async () => {
  using world = makeWorld();
  const check = async (...flags: string[]) => {
    // A server for each: what one check sends would disturb the others.
    await using toy = new ToyServer(usermsgServer({ oneLineARead: true }));
    assert(toy.address.kind === "tcp");
    const place = `127.0.0.1:${toy.address.port}`;
    const { code, stdout } = await runProgram(world, [
      ...["check", place, "--dialect", "usermsg", "--timeout", "2", ...FEW, ...flags],
    ]);
    assertStrictEquals(code, 1, stdout);
    return stdout;
  };
  const [text, tap, json] = await Promise.all([check(), check("--tap"), check("--json")]);
  assertMatch(text, /^FAIL {2}one-packet .*\n {6}(ana\w+) sent {2}USER \1\\n$/m);
  assertMatch(text, /^ {6}ana\w+ sent {2}MSG First of two\.\\nMSG Second of two\.\\n$/m);
  assertMatch(text, /^ {6}expected {2}bob\w+ gets MSG ana\w+ Second of two\.\\n within 2 s$/m);
  assertMatch(text, /^ {6}probably {2}One read\(\) may bring several messages/m);
  assertMatch(text, /^1 ok, 1 failed \(one-packet\)\nRequirements of sheet 004/m);
  assertMatch(text, /^ {2}section protocol: 0 of 3 \(failed R90; not tried R89, R91\)$/m);
  assertMatch(text, /^Not passed: begin with one-packet/m);
  assertMatch(tap, /^TAP version 14\n.*\n1\.\.2\nok 1 - talk: .*\nnot ok 2 - one-packet: /);
  const lines = json.trim().split("\n").map((line) => JSON.parse(line));
  const { exercises, requirements, ...end } = lines.at(-1);
  assertEquals(exercises[1], { sheet: "004", exercise: "protocol", met: 0, of: 3 });
  assertStrictEquals(requirements.length, 14);
  assertEquals(end, {
    type: "end",
    passed: false,
    ok: 1,
    failed: ["one-packet"],
    warned: [],
    skipped: 0,
  });
});

Deno.test("check ends at CTRL-C with 130, and reports what it has found", async () => {
  using world = makeWorld();
  let reads = 0;
  const silent = Promise.withResolvers<void>();
  await using toy = new ToyServer({ chunk: () => void (++reads > 1 && silent.resolve()) });
  assert(toy.address.kind === "tcp");
  await using check = startProgram(world, [
    ...["check", `127.0.0.1:${toy.address.port}`, "--dialect", "usermsg", "--timeout", "60"],
  ]);
  await silent.promise;
  check.kill("SIGINT");
  assertStrictEquals((await exitOf(check)).code, 130);
  assertMatch(check.stdout.seen.join("\n"), /\n0 ok\n[^]*\nInterrupted: 29 checks were not made$/);
});

Deno.test("check of a warning alone exits 0", async () => {
  using world = makeWorld();
  await using toy = new ToyServer(usermsgServer({ noNewline: true }));
  assert(toy.address.kind === "tcp");
  const { code, stdout } = await runProgram(world, [
    ...["check", `127.0.0.1:${toy.address.port}`, "--dialect", "usermsg", "--timeout", "1"],
    ...["--only", "talk", "--only", "newline"],
  ]);
  assertStrictEquals(code, 0, stdout);
  assertMatch(stdout, /^warn {2}newline/m);
  assertMatch(stdout, /1 ok, 1 warned \(newline\)\n[^]*\nPassed/);
});

Deno.test("check without --dialect guesses it, and prints what and why", async () => {
  using world = makeWorld();
  await using toy = new ToyServer(usermsgServer({}));
  assert(toy.address.kind === "tcp");
  const place = `127.0.0.1:${toy.address.port}`;
  const { code, stdout } = await runProgram(world, ["check", place, "--only", "talk"]);
  assertStrictEquals(code, 0, stdout);
  const guess =
    /\nGuessed usermsg \(sheet 004\) \(--dialect usermsg\): in it a message .*\nok {4}talk/;
  assertMatch(stdout, guess);
});

Deno.test("check --list names each check, its level and where it is asked for", async () => {
  using world = makeWorld();
  const { code, stdout } = await runProgram(world, ["check", "--dialect", "etx", "--list"]);
  assertStrictEquals(code, 0);
  assertMatch(stdout, /^lowest-id +required {2}A new client gets the lowest id .* \(R70 R83\)$/m);
  assertMatch(stdout, /^deaf +warn {2}/m);
  const ids = stdout.trim().split("\n").map((line) => line.split(" ")[0]);
  assertStrictEquals(new Set(ids).size, ids.length);
});

const WRONG: readonly (readonly [args: string[], code: number, stderr: RegExp])[] = [
  [["127.0.0.1", "1", "--list"], 2, /--list needs --dialect/],
  [["127.0.0.1", "1"], 1, /^No server at 127.0.0.1:1: start yours first.*\n$/],
  [["127.0.0.1", "1", "--dialect", "004", "--join", "x"], 2, /--join is for the dialect plain/],
  [["127.0.0.1", "1", "--dialect", "plain", "--join", "x"], 2, /Write \{name\} in --join/],
  [["--dialect", "usermsg"], 2, /Usage: minichat check.*Missing HOST/s],
  [["localhost", "0", "--dialect", "usermsg"], 2, /Usage/],
  [["localhost:4000", "4000", "--dialect", "usermsg"], 2, /Two ports/],
  [["localhost", "--dialect", "klingon"], 2, /klingon/],
  [["localhost", "--dialect", "etx", "--only", "warp"], 2, /No such check: "warp", --list shows/],
  [["localhost", "--dialect", "etx", "--tap", "--json"], 2, /not both/],
  [["localhost", "--dialect", "etx", "--timeout", "0"], 2, /timeout/],
  [["127.0.0.1", "1", "--dialect", "etx"], 1, /^No server at 127.0.0.1:1: start yours first.*\n$/],
  [
    ["unix:/nonexistent", "--dialect", "etx"],
    1,
    /^No such socket "\/nonexistent": start yours.*\n$/,
  ],
];

for (const [args, expected, pattern] of WRONG) {
  Deno.test(`check ${args.join(" ")} exits ${expected} and says why`, async () => {
    using world = makeWorld();
    const { code, stdout, stderr } = await runProgram(world, ["check", ...args]);
    assertStrictEquals(code, expected, stderr);
    assertMatch(stderr, pattern);
    assertMatch(stdout, args.includes("--json") ? /^\{"ok":false,.*\}\n$/ : /^$/); // O10
  });
}
