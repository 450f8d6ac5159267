// `minichat check --serve` with the real program: its report, its errors, and that nothing of the
// server is left when it is interrupted.

import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { exitOf, makeWorld, runProgram, startProgram } from "../harness.ts";
import { until } from "../until.ts";

const SERVERS = new URL("../check/served_servers/", import.meta.url).pathname;
const TURNS = ["python3", `${SERVERS}turns_server.py`];

Deno.test("check --serve --turns reports on sheet 002, exercise by exercise", async () => {
  using world = makeWorld();
  const { code, stdout, stderr } = await runProgram(world, [
    ...["check", "--serve", "--dialect", "002", "--only", "line-shown", "--only", "answer-typed"],
    ...["--", ...TURNS, "turns", "{port}"],
  ]);
  assertStrictEquals(code, 0, stdout + stderr);
  assertMatch(stdout, /^Checking the server python3 \S+ turns \{port\} as turns \(sheet 002\), 2/);
  assertMatch(stdout, /^ok {4}answer-typed /m);
  assertMatch(stdout, /^ {2}exercise 1: 2 of 4 \(not tried R45, R47\)$/m);
});

Deno.test("check --serve guesses what its server speaks, and says why", async () => {
  using world = makeWorld();
  for (
    const [check, server, expected] of [
      ["line-shown", ["turns_server.py", "turns", "{port}"], /^Probably turns .* \(--turns\): /m],
      ["talk", ["etx_server.py", "{port}"], /^Guessed etx .*--dialect etx\): /m],
      ["sigterm", ["framed_server.py", "{path}"], /^Guessed framed .*--header 16\): /m],
    ] as const
  ) {
    const [file, ...args] = server;
    const command = ["python3", SERVERS + file, ...args];
    const run = ["check", "--serve", "--only", check, "--", ...command];
    const { code, stdout, stderr } = await runProgram(world, run);
    assertStrictEquals(code, 0, stdout + stderr);
    assertMatch(stdout, expected);
  }
});

Deno.test("check --serve says why a server cannot be checked", async () => {
  using world = makeWorld();
  const serve = (...command: string[]) =>
    runProgram(world, ["check", "--serve", "--dialect", "plain", "--", ...command]);
  for (
    const [command, expected] of [
      [["./no-such-server", "{port}"], /^There is no program \.\/no-such-server to start\n$/],
      [
        ["sh", "-c", "echo no such card >&2; exit 3"],
        /^The server did not listen, it ended with exit code 3: no such card\n$/,
      ],
      [["sh", "-c", "kill -SEGV $$"], /^The server did not listen, it was killed by SIGSEGV\n$/],
    ] as const
  ) {
    const { code, stdout, stderr } = await serve(...command);
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, expected);
  }
});

Deno.test("check --serve checks the port on which a server really listens, and says so", async () => {
  using world = makeWorld();
  const program =
    "import socket; s = socket.create_server(('127.0.0.1', 0)); s.accept(); s.accept()";
  const { code, stderr } = await runProgram(world, [
    ...["check", "--serve", "--turns", "--only", "port-8080", "--"],
    ...["python3", "-c", program, "{port}"],
  ]);
  assertStrictEquals(code, 1);
  assertMatch(stderr, /^The server listens on (127\.0\.0\.1:\d+), not on \S+ .*: \1 is checked\n$/);
});

Deno.test("check --serve refuses flags that do not fit together", async () => {
  using world = makeWorld();
  for (
    const [args, expected] of [
      [["--serve", "--dialect", "plain"], /Missing the command that starts the server, after --/],
      [["--serve", "--listen", "0", "--dialect", "plain", "--", "x"], /--serve or --listen, not/],
      [["--serve", "--dialect", "plain", "host", "--", "x"], /Put -- before the command/],
      [["--turns", "localhost"], /--turns needs --serve/],
      [["--dialect", "plain", "localhost", "--", "x"], /A command after -- is for/],
    ] as const
  ) {
    const { code, stderr } = await runProgram(world, ["check", ...args]);
    assertStrictEquals(code, 2, stderr);
    assertMatch(stderr, expected);
  }
});

for (const moment of ["starts", "is checked"]) {
  Deno.test(`check --serve leaves no process behind when it is interrupted while its server ${moment}`, async () => {
    using world = makeWorld();
    const sign = `sign-${crypto.randomUUID()}`;
    const server = moment === "starts"
      ? ["sleep", "60"]
      : ["python3", `${SERVERS}plain_server.py`, "{port}"];
    await using check = startProgram(world, [
      ...["check", "--serve", "--dialect", "plain", "--", "env", `SIGN=${sign}`, ...server],
    ]);
    await until(() => processesWith(`SIGN=${sign}`).length > 0, "the server to run");
    if (moment !== "starts") await until(() => check.stdout.seen.length > 1, "the first finding");
    check.kill("SIGINT");
    assertStrictEquals((await exitOf(check)).code, 130);
    assertEquals(processesWith(`SIGN=${sign}`), []);
  });
}

/** The processes that began with this text in their environment. */
function processesWith(sign: string): readonly string[] {
  return Array.from(Deno.readDirSync("/proc"), ({ name }) => name).filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return Deno.readTextFileSync(`/proc/${name}/environ`).includes(sign);
    } catch {
      return false; // it has ended, or belongs to ancheck user
    }
  });
}
