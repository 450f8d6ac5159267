// `minichat check --listen` without --dialect guesses it from what the client sends first.

import { assertMatch, assertStrictEquals } from "@std/assert";
import { makeWorld, programCommand, runProgram } from "../harness.ts";

/** Clients by the words of their command, and what they are taken for. */
const CLIENTS: readonly (readonly [readonly string[], RegExp])[] = [
  [
    connect("--dialect", "usermsg"),
    /^Guessed usermsg \(sheet 004\) \(--dialect usermsg\): it began with "USER zoe\\n"/m,
  ],
  [
    connect("--dialect", "framed"),
    /^Guessed framed \(sheet 000\) \(--dialect framed\): it began with "\\0/m,
  ],
  [
    connect("--dialect", "etx"),
    /^Guessed etx \(sheet 003\) \(--dialect etx\): it began with "hello zoe\\n"/m,
  ],
  // It wants its name as an argument.
  [
    [
      ...["bash", "-c"],
      '[ $# = 2 ] || exit 1; exec 3<>"/dev/tcp/$0/$1"; echo "USER $2" >&3; ' +
      'while read -r line; do echo "MSG $line" >&3; done',
    ],
    /^Guessed usermsg \(sheet 004\) \(--dialect usermsg\): it began with "USER ana\\n"/m,
  ],
  // It asks for a name, and says nothing by itself.
  [
    ["bash", "-c", 'echo "Name?"; read -r name; exec 3<>"/dev/tcp/$0/$1"; cat >&3'],
    /^Guessed plain \(sheets 001 and 002\) \(--dialect plain\): it sends nothing before its user types/m,
  ],
];

function connect(...options: readonly string[]): readonly string[] {
  const [program, words] = programCommand(["connect", ...options, "{host}", "{port}", "zoe"]);
  return [program, ...words];
}

Deno.test("check --listen says what it takes a client for, and why", async () => {
  using world = makeWorld();
  await Promise.all(CLIENTS.map(async ([words, expected]) => {
    const { code, stdout, stderr } = await runProgram(world, [
      ...["check", "--listen", "127.0.0.1:0", "--only", "sends", "--timeout", "10"],
      ...["--", ...words],
    ]);
    assertMatch(stdout, expected);
    assertStrictEquals(code, 0, stdout + stderr);
  }));
});

Deno.test("check --listen --list needs the dialect", async () => {
  using world = makeWorld();
  const { code, stderr } = await runProgram(world, ["check", "--listen", "0", "--list"]);
  assertStrictEquals(code, 2);
  assertMatch(stderr, /--list needs --dialect/);
});
