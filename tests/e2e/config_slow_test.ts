// `--limit`, `--config` and SIGHUP: a mistake is reported with its place and no server starts; a
// running server takes the new limits, or keeps the old ones.

import { assert, assertEquals, assertMatch, assertNotMatch, assertStrictEquals } from "@std/assert";
import { quoted } from "../../protocol/failures.ts";
import { TestClient } from "../test_client.ts";
import { admin, makeWorld, runProgram, startServer, type World } from "../harness.ts";

const LOCAL = 'port = 0\nhost = "127.0.0.1"\n';

/** Writes a file into a world, and returns its path. */
function file(world: World, text: string): string {
  const path = `${world.directory}/chat.toml`;
  Deno.writeTextFileSync(path, text);
  return path;
}

const BROKEN: readonly (readonly [what: string, text: string, expected: RegExp])[] = [
  ["an unknown key", "prot = 1\n", /:1: Unknown key "prot": did you mean port\?$/],
  ["an unknown key unlike any", "zzzzzz = 1\n", /:1: Unknown key "zzzzzz": its keys are the long/],
  [
    "a limit at the top",
    'hard-queue = "1MiB"\n',
    /:1: Unknown key "hard-queue": a limit belongs under \[limit\]$/,
  ],
  ["a wrong type", "# a\nquiet = 3\n", /:2: Set quiet to true or false$/],
  ["a value out of range", "port = 70000\n", /:1: port: Expected a value less than/],
  ["a list where there is none", "port = [1, 2]\n", /:1: Set port to a number or a text$/],
  ["a bad place", 'listen = ["tcp::1", "nowhere"]\n', /:1: listen: Cannot listen at "nowhere"/],
  ["no TOML", "port = 1\nport =\n", /:2: Not TOML: /],
  ["a key twice", "port = 1\nport = 2\n", /:2: Not TOML: /],
  ["an unknown limit", "[limit]\na = 1\n", /:2: limit: No limit is called "a": --limit help/],
  ["a limit mistyped", "[limit]\nstaled = 1\n", /:2: limit: .* did you mean stalled\?$/],
  ["a limit without unit", "\n[limit]\nstalled = 5\n", /:3: limit: Cannot set stalled to "5": exp/],
  ["a limit that is a list", "limit.stalled = [5]\n", /:1: Cannot set stalled: expected one/],
  ["a file in a file", 'config = "x"\n', /:1: Unknown key "config"/],
  [
    "a contradiction",
    '[limit]\nsoft-queue = "32MiB"\n',
    /soft-queue \(32MiB\) must be less than hard/,
  ],
];

for (const [what, text, expected] of BROKEN) {
  Deno.test(`serve --config refuses ${what} with one error message, and exits 2`, async () => {
    using world = makeWorld();
    const path = file(world, text);
    const { code, stdout, stderr } = await runProgram(world, ["serve", "--config", path]);
    assertEquals([code, stdout], [2, ""]);
    assertMatch(stderr.trimEnd(), expected);
    assertStrictEquals(stderr.trimEnd().split("\n").length, 1);
    assert(stderr.startsWith("minichat serve: "), stderr);
  });
}

Deno.test("serve --config refuses a file that is not there", async () => {
  using world = makeWorld();
  const path = `${world.directory}/none.toml`;
  const { code, stderr } = await runProgram(world, ["serve", `--config=${path}`]);
  assertStrictEquals(code, 2);
  const why = "No such file or directory: choose another --config";
  assertStrictEquals(stderr, `minichat serve: Cannot read ${quoted(path)}: ${why}\n`);
});

Deno.test("--print-config prints what file and command line come to, and reads it back the same", async () => {
  using world = makeWorld();
  const path = file(
    world,
    'port = 1234\nno-color = true\nquiet = false\nlisten = ["unix:/x", "tcp::9"]\n' +
      '[limit]\nmessage-rate = 200\nstalled = "5s"\n',
  );
  const args = ["-p", "4321", "--limit", "stalled=8s", "--max-groups=7"];
  const first = await runProgram(world, ["serve", "--config", path, ...args, "--print-config"]);
  assertStrictEquals(first.code, 0, first.stderr);
  assertMatch(first.stdout, /^port = 4321$/m);
  assertMatch(first.stdout, /^max-groups = 7$/m);
  assertMatch(first.stdout, /^no-color = true$/m);
  assertNotMatch(first.stdout, /quiet|1234/);
  assertMatch(first.stdout, /^listen = \[ "unix:\/x", "tcp::9" \]$/m);
  assertMatch(first.stdout, /^message-rate = "200\/s"$/m);
  assertMatch(first.stdout, /^stalled = "8s"$/m);
  assertMatch(first.stdout, /^# hard-queue = "16MiB"$/m);
  const again = await runProgram(world, [
    ...["serve", "--print-config", "--config", file(world, first.stdout)],
  ]);
  assertEquals(again, first);
});

for (const args of [["--limit", "help"], ["--limits"], ["--limits", "--limit", "stalled=8s"]]) {
  Deno.test(`serve ${args.join(" ")} prints the limits and starts nothing`, async () => {
    using world = makeWorld();
    const { code, stdout } = await runProgram(world, ["serve", ...args]);
    assertStrictEquals(code, 0);
    assertMatch(
      stdout,
      args.length === 3 ? /^stalled +8s \(default 10s\)/m : /^stalled +10s +1s/m,
    );
  });
}

const MISUSED: readonly (readonly [string[], RegExp])[] = [
  [["--limit", "mesage-rate=1"], /No limit is called "mesage-rate": did you mean message-rate\?\n/],
  [["--limit", "message-rate"], /Missing value: write --limit message-rate=VALUE/],
  [["--limit", "message-rate=x"], /Cannot set message-rate to "x": expected a number a second/],
  [
    ["--limit", "stalled=5min"],
    /stalled \(5m\) must not be longer than vanished \(2m\): lower/,
  ],
  [
    ["--max-clients", "5", "--limit", "address-clients=6"],
    /address-clients \(6\) must not be more/,
  ],
  [["--turns", "--limit", "stalled=8s"], /--limit makes no sense with --turns/],
];

for (const [args, expected] of MISUSED) {
  Deno.test(`serve ${args.join(" ")} explains itself and exits 2`, async () => {
    using world = makeWorld();
    const { code, stdout, stderr } = await runProgram(world, ["serve", ...args]);
    assertEquals([code, stdout], [2, ""]);
    assertMatch(
      stderr.replaceAll(/\s+/g, " ") + "\n",
      new RegExp(expected.source.replace("\\n", ""), "s"),
    );
  });
}

Deno.test("SIGHUP takes the limits a file has now, and keeps the old ones when it is broken (F70)", async () => {
  using world = makeWorld();
  const path = file(world, `${LOCAL}[limit]\nmessage-rate = 200\nname-chars = 20\n`);
  await using server = await startServer(world, ["--config", path]);
  const stats = async () => (await admin(world, "stats")).stdout;
  assertMatch(await stats(), /^limits +message-rate 200\/s, name-chars 20, others as usual$/m);

  file(world, `${LOCAL}[limit]\nmessage-rate = 300\nhard-queue = "2MiB"\n`);
  server.kill("SIGHUP");
  await server.stdout.match(/^Reloaded: limits$/);
  assert(!server.stdout.seen.some((line) => line.includes("certificates")), "it has none");
  assertMatch(await stats(), /^limits +message-rate 300\/s, others as usual$/m);
  await using nina = await TestClient.native(server, "n".repeat(32));

  for (const broken of ["port =\n", "[limit]\nmessage-rate = 0\n", '[limit]\nstalled = "1h"\n']) {
    file(world, broken);
    server.kill("SIGHUP");
    await server.stdout.match(/^Not reloaded, limits as before: /);
    assertMatch(await stats(), /^limits +message-rate 300\/s, others as usual$/m);
  }
  assertEquals(await nina.barrier(), []);
  const { data } = JSON.parse((await admin(world, "stats", "--json")).stdout);
  const [rate] = data.limits.filter(({ name }: { name: string }) => name === "message-rate");
  assertEquals(rate, {
    ...{ name: "message-rate", value: 300, default: 50, unit: "perSecond", text: "300/s" },
  });
});
