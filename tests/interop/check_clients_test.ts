// `minichat check --listen` against clients in C and Python, without bugs and with one bug each.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { makeWorld, runProgram, type World } from "../harness.ts";

const FOLDER = new URL("./clients/", import.meta.url).pathname;

/** The result of a check: the ids of the failures, and the whole report. */
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
  assert(success, new TextDecoder().decode(stderr));
  return program;
}

/** A client, the checks it fails, and texts of the report. */
interface Row {
  readonly client: string;
  readonly dialect: string;
  readonly command: (world: World) => readonly string[];
  readonly fails: readonly string[];
  readonly says: RegExp;
}

function bug(number: number, fails: readonly string[], says: RegExp): Row {
  const client = `bug ${number} of a client of sheet 004 in C`;
  const command = (world: World) => [compiled(world, "usermsg", number)];
  return { client, dialect: "usermsg", command, fails, says };
}

const ROWS: readonly Row[] = [
  bug(0, ["line-redrawn"], /Passed/),
  bug(
    1,
    ["two-in-one", "in-pieces", "utf8-in", "line-redrawn"],
    /What one read returns is no message/,
  ),
  bug(
    2,
    ["line-redrawn", "server-closes", "server-vanishes", "typed-to-nobody"],
    /it runs in an endless loop/,
  ),
  bug(3, ["sends"], /The NUL that ends a C string is sent too/),
  {
    client: "a death by SIGPIPE, and ends what was forked",
    dialect: "usermsg",
    command: (world) => [compiled(world, "blocked", 0)],
    fails: ["line-redrawn", "server-closes", "typed-to-nobody"],
    says: /received {2}it was killed by SIGPIPE/,
  },
  {
    client: "sheet 001's synchronous client, right but for CTRL-C and its advice",
    dialect: "plain",
    command: () => ["python3", `${FOLDER}given.py`],
    fails: ["unasked", "welcome", "last-reply", "interrupt"],
    says: /it crashed: KeyboardInterrupt/,
  },
  {
    client: "nc as a client of sheet 002, right but for its waiting for the keyboard at the end",
    dialect: "plain",
    command: () => ["nc", "-N"],
    fails: ["line-redrawn", "welcome", "server-closes"],
    says: /CTRL-C/,
  },
];

Deno.test("check --listen reports what is wrong with clients in C and Python", async (t) => {
  using world = makeWorld();
  // All at the same time: most of the time is spent waiting for timeouts.
  const checked = await Promise.all(
    ROWS.map(({ dialect, command }) => check(world, dialect, command(world))),
  );
  for (const [at, { client, fails, says }] of ROWS.entries()) {
    await t.step(client, () => {
      const { failed, stdout } = checked[at] ?? { failed: [], stdout: "" };
      assertEquals(failed, fails, stdout);
      assertMatch(stdout, says);
    });
  }
});
