// `minichat check --listen` against clients in C and Python, right ones and ones with one bug.

import assert from "node:assert/strict";
import { makeWorld, runProgram, type World } from "../harness.ts";

const FOLDER = new URL("./clients/", import.meta.url).pathname;

/** What a check found out: the ids of what failed, and the whole report. */
async function check(
  world: World,
  dialect: string,
  command: readonly string[],
): Promise<{ readonly failed: readonly string[]; readonly stdout: string }> {
  const { stdout, stderr } = await runProgram(world, [
    ...["check", "--listen", "127.0.0.1:0", "--dialect", dialect, "--", ...command],
  ]);
  const failed = [...stdout.matchAll(/^(?:FAIL|warn) +(\S+)/gm)].map(([, id = ""]) => id);
  return { failed, stdout: stdout + stderr };
}

/** Compiles a client with one bug, or none. */
function compiled(world: World, source: string, bug: number): string {
  const program = `${world.directory}/${source}-${bug}`;
  const { success, stderr } = new Deno.Command("gcc", {
    args: ["-w", `-DBUG=${bug}`, "-o", program, `${FOLDER}${source}.c`],
  }).outputSync();
  assert.ok(success, new TextDecoder().decode(stderr));
  return program;
}

const BUGS: readonly (readonly [bug: number, failed: readonly string[], hint: RegExp])[] = [
  [0, [], /Passed/],
  [1, ["two-in-one", "in-pieces", "utf8-in"], /What one read returns is no message/],
  [
    2,
    ["server-closes", "server-vanishes", "typed-to-nobody"],
    /it runs in an endless loop/,
  ],
  [3, ["sends", "sends-again", "utf8-out", "long-out"], /The NUL that ends a C string is sent too/],
];

for (const [bug, expected, hint] of BUGS) {
  Deno.test(`check --listen tells bug ${bug} of a client of sheet 004 in C`, async () => {
    using world = makeWorld();
    const { failed, stdout } = await check(world, "usermsg", [compiled(world, "usermsg", bug)]);
    assert.deepEqual(failed, expected, stdout);
    assert.match(stdout, hint);
  });
}

Deno.test("check --listen tells a death by SIGPIPE, and ends what was forked", async () => {
  using world = makeWorld();
  const { failed, stdout } = await check(world, "usermsg", [compiled(world, "blocked", 0)]);
  assert.deepEqual(failed, ["server-closes", "typed-to-nobody"], stdout);
  assert.match(stdout, /received {2}it was killed by SIGPIPE/);
});

Deno.test("check --listen passes sheet 001's synchronous client, but for CTRL-C and its advice", async () => {
  using world = makeWorld();
  const { failed, stdout } = await check(world, "plain", ["python3", `${FOLDER}given.py`]);
  assert.deepEqual(failed, ["unasked", "last-reply", "interrupt"], stdout);
  assert.match(stdout, /it crashed: KeyboardInterrupt/);
});

Deno.test("check --listen passes nc as a client of sheet 002, but nc waits for the keyboard at the end", async () => {
  using world = makeWorld();
  const { failed, stdout } = await check(world, "plain", ["nc", "-N"]);
  assert.deepEqual(failed, ["server-closes"], stdout);
});
