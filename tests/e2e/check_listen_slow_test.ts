// `minichat check --listen` with the real program on both sides: our own client passes in every
// dialect, a user gets instructions, and no files are left.

import { assert, assertEquals, assertMatch, assertNotMatch, assertStrictEquals } from "@std/assert";
import { listProcesses, processRow } from "../../check/process_table.ts";
import { DIALECT_NAMES } from "../../protocol/dialects.ts";
import { TestClient } from "../test_client.ts";
import { exitOf, makeWorld, programCommand, runProgram, startProgram } from "../harness.ts";

/** The command that starts our own client. */
function connect(...args: readonly string[]): string[] {
  const [program, words] = programCommand(["connect", ...args]);
  return [program, ...words];
}

Deno.test("check --listen passes minichat connect in every dialect", async () => {
  using world = makeWorld();
  await Promise.all(DIALECT_NAMES.map(async (dialect) => {
    const { code, stdout, stderr } = await runProgram(world, [
      ...["check", "--listen", "127.0.0.1:0", "--dialect", dialect, "--timeout", "10", "--"],
      ...connect("--dialect", dialect, "{host}", "{port}", "zoe"),
    ]);
    assertStrictEquals(code, 0, stdout + stderr);
    assertNotMatch(stdout, /^(?:FAIL|warn)/m);
    assertMatch(stdout, /\nPassed: all that is required and was tried works\n$/);
  }));
});

Deno.test("check --listen unix:PATH passes connect --header 8, and removes the socket", async () => {
  using world = makeWorld();
  const path = `${world.directory}/soquette`;
  const { code, stdout } = await runProgram(world, [
    ...["check", "--listen", `unix:${path}`, "--dialect", "framed", "--json", "--timeout", "10"],
    ...["--", ...connect("--dialect", "framed", "--header", "8", "unix:{path}", "zoe")],
  ]);
  assertStrictEquals(code, 0, stdout);
  assertMatch(stdout, /its header is 8 bytes: an int and a 32-bit length, little-endian/);
  assertEquals([...Deno.readDirSync(world.directory)], []);
});

Deno.test("check --listen asks a user what to do, on standard error", async () => {
  using world = makeWorld();
  await using check = startProgram(world, [
    ...["check", "--listen", "127.0.0.1:0", "--dialect", "usermsg"],
    ...["--only", "user-first", "--only", "shows-at-once", "--only", "sends", "--tap"],
  ]);
  const start = await check.stderr.match(/^>> Start your client in another terminal/);
  const port = Number(/port (\d+)$/.exec(start)?.[1]);
  await using client = await TestClient.connect({ port });
  await client.send("USER bob\n");
  assertStrictEquals(await client.lines.next(), "MSG bob good morning");
  await check.stderr.match(/^>> Type into your client, then press Enter: hello everyone$/);
  await client.send("MSG hello everyone\n");
  assertStrictEquals((await exitOf(check)).code, 0);
  assertMatch(check.stdout.seen.join("\n"), /^TAP version 14\n/);
  assertMatch(
    check.stdout.seen.join("\n"),
    /\nok 2 .* # SKIP it is not known whether it showed/,
  );
});

Deno.test("check --listen ends at CTRL-C with 130, and its client with it", async () => {
  using world = makeWorld();
  await using check = startProgram(world, [
    ...["check", "--listen", "127.0.0.1:0", "--dialect", "plain", "--only", "connects", "--json"],
    ...["--", "sh", "-c", `echo $$ > ${world.directory}/pid; sleep 1000`],
  ]);
  let pid = 0;
  for (const until = performance.now() + 10_000; pid === 0 && performance.now() < until;) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    try {
      pid = Number(Deno.readTextFileSync(`${world.directory}/pid`));
    } catch {
      // not yet
    }
  }
  check.kill("SIGINT");
  assertStrictEquals((await exitOf(check)).code, 130);
  assertStrictEquals(processRow(pid), undefined);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`check --listen by hand ends at ${signal} with 130, and asks nothing more`, async () => {
    using world = makeWorld();
    await using check = startProgram(world, [
      ...["check", "--listen", "127.0.0.1:0", "--dialect", "usermsg"],
    ]);
    await check.stderr.match(/^>> Start your client in another terminal/);
    check.kill(signal);
    assertStrictEquals((await exitOf(check)).code, 130);
    assertStrictEquals(check.stderr.seen.length, 1, check.stderr.seen.join("\n"));
    assertMatch(
      check.stdout.seen.join("\n"),
      /\n0 ok\n[^]*\nInterrupted: \d+ checks were not made$/,
    );
  });
}

Deno.test("check --listen --max-time ends a check of a client that hangs, and kills its daemons", async () => {
  using world = makeWorld();
  // A daemon without parent, session and environment of the program.
  const daemon = "(env -i setsid sh -c '(env -i sleep 98711 &)' &)";
  const before = performance.now();
  const { code, stdout } = await runProgram(world, [
    ...["check", "--listen", "127.0.0.1:0", "--dialect", "usermsg", "--max-time", "2s"],
    ...["--", "sh", "-c", `${daemon}; trap '' TERM INT; sleep 98712`],
  ]);
  assert(performance.now() - before < 20_000);
  assertStrictEquals(code, 1, stdout);
  assertMatch(stdout, /\nOut of time after 2s \(--max-time\): \d+ checks were not made$/m);
  const left = listProcesses().map(({ pid }) => commandOf(pid));
  assertEquals(left.filter((command) => /^sleep 9871[12]/.test(command)), []);
});

/** The words of a process; empty if it has ended. */
function commandOf(pid: number): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
  } catch {
    return "";
  }
}

Deno.test("check --listen refuses what cannot be", async () => {
  using world = makeWorld();
  const refused: readonly (readonly [number, string, string[]])[] = [
    [2, 'Cannot listen at "a:b"', ["--listen", "a:b", "--dialect", "etx"]],
    [2, 'Put -- before the command that starts the client: "./c"', [
      ...["--listen", "0", "--dialect", "etx", "./c"],
    ]],
    [2, "A command after -- is for --serve or --listen", [
      "localhost",
      "--dialect",
      "etx",
      "--",
      "./c",
    ]],
    [2, "{path} needs --listen unix:PATH", ["--listen", "0", "--dialect", "etx", "--", "{path}"]],
    [2, 'No such check: "x"', ["--listen", "0", "--dialect", "etx", "--only", "x"]],
    [1, 'No such program: "./no-such"', ["--listen", "0", "--dialect", "etx", "--", "./no-such"]],
    [1, "the directory does not exist", [
      "--listen",
      "unix:/no/such/place",
      "--dialect",
      "etx",
    ]],
  ];
  for (const [code, problem, args] of refused) {
    const result = await runProgram(world, ["check", ...args]);
    assertStrictEquals(result.code, code, result.stderr);
    assert(result.stderr.includes(problem), result.stderr);
  }
});
