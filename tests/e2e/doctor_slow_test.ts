// `minichat doctor` on this machine: its findings about a real port, data directory and server.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { openStore, Store } from "../../server/store/store.ts";
import { EXECUTABLE, makeWorld, runProgram, startServer, type World } from "../harness.ts";

interface Check {
  readonly id: string;
  readonly verdict: string;
  readonly found: string;
  readonly remedy?: string;
}

/** The doctor's findings with `flags`, by check. */
async function examined(world: World, ...flags: string[]) {
  const data = flags.includes("--data") ? [] : ["--data", `${world.directory}/data`];
  const args = [
    "doctor",
    "--json",
    "--host",
    "127.0.0.1",
    "--max-clients",
    "10",
    ...data,
    ...flags,
  ];
  const { code, stdout, stderr } = await runProgram(world, args);
  assertStrictEquals(stderr, "");
  const { ok, checks }: { ok: boolean; checks: Check[] } = JSON.parse(stdout);
  assertStrictEquals(code, ok ? 0 : 1);
  return { code, checks: new Map(checks.map((check) => [check.id, check])) };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

const IDS = [
  ...["port", "control", "running", "data", "descriptors"],
  ...["backlog", "sockets", "localhost", "clock", "terminal"],
];

Deno.test("docs/operations.md has each thing the doctor looks at, in its order", () => {
  const page = Deno.readTextFileSync(new URL("../../docs/operations.md", import.meta.url));
  const [, section = ""] = /^## Before the start.*?\n(.*?)^## /ms.exec(page) ?? [];
  assertEquals([...section.matchAll(/^\| `(\w+)` /gm)].map(([, id]) => id), IDS);
});

Deno.test("doctor finds nothing wrong with a free port, and changes nothing", async () => {
  using world = makeWorld();
  const { code, checks } = await examined(world, "--port", `${freePort()}`);
  assertStrictEquals(code, 0, JSON.stringify([...checks.values()]));
  assertEquals([...checks.keys()], IDS);
  assertStrictEquals(checks.get("port")?.verdict, "ok");
  assertEquals([...Deno.readDirSync(world.directory)], []);
});

Deno.test("doctor says who has the port: a program, or minichat itself with its health", async () => {
  using world = makeWorld();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const foreign = await examined(world, "--port", `${taken.addr.port}`);
  assertStrictEquals(foreign.code, 1);
  const { verdict, found } = foreign.checks.get("port") ?? {};
  assertStrictEquals(verdict, "fail");
  if (Deno.build.os === "linux") assertMatch(`${found}`, new RegExp(`process ${Deno.pid} of `));

  const flags = ["--host", "127.0.0.1", "--port", "0", "--metrics", "0"];
  await using server = await startServer(world, flags);
  const own = await examined(world, "--port", `${server.port}`);
  assertStrictEquals(own.code, 1); // no server could be started there
  assertMatch(own.checks.get("port")?.found ?? "", new RegExp(`minichat.*process ${server.pid}`));
  assertMatch(own.checks.get("running")?.found ?? "", /0 clients, healthy at http:.*\/healthz$/);
});

Deno.test("doctor finds a socket that a killed server left", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  server.kill("SIGKILL");
  await server.exited;
  const { code, checks } = await examined(world, "--port", `${freePort()}`);
  assertStrictEquals(code, 0);
  const { verdict, found } = checks.get("control") ?? {};
  assertStrictEquals(verdict, "warn");
  assertMatch(`${found}`, new RegExp(`A killed server has left ".*/${server.port}\\.sock"`));
});

Deno.test("doctor judges a real data directory: whole, held, damaged", async () => {
  using world = makeWorld();
  const data = `${world.directory}/data`;
  const port = ["--port", `${freePort()}`];
  const store = openStore({ directory: data, durable: false });
  assert(store instanceof Store);
  const held = await examined(world, ...port);
  assertStrictEquals(held.code, 1);
  assertMatch(held.checks.get("data")?.found ?? "", new RegExp(`in use by process ${Deno.pid}$`));
  store.close();
  const whole = await examined(world, ...port);
  assertMatch(whole.checks.get("data")?.found ?? "", /has a history of .*, whole, /);
  Deno.writeTextFileSync(store.path, "no database");
  const damaged = await examined(world, ...port);
  assertStrictEquals(damaged.code, 1);
  assertMatch(damaged.checks.get("data")?.found ?? "", /is damaged$/);
});

Deno.test("doctor prints an aligned report, and refuses wrong usage", async () => {
  using world = makeWorld();
  const args = ["doctor", "--data", `${world.directory}/data`, "--port", `${freePort()}`];
  const { stdout } = await runProgram(world, args);
  const lines = stdout.split("\n").filter((line) => /^(ok|warn|FAIL) /.test(line));
  assertEquals(lines.map((line) => line.slice(6, 17).trim()), IDS);
  assertMatch(stdout, /\n\nA server would .*\n$/);
  assertStrictEquals((await runProgram(world, ["doctor", "--port", "0"])).code, 2);
});

if (EXECUTABLE === undefined) {
  Deno.test("doctor reports that direct calls are not allowed", async () => {
    using world = makeWorld();
    const main = new URL("../../main.ts", import.meta.url).pathname;
    const permissions = ["--allow-all", "--deny-ffi"];
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", ...permissions, main, "doctor", "--json"],
      env: { ...world.env, HOME: world.directory },
    }).output();
    const { checks }: { checks: Check[] } = JSON.parse(new TextDecoder().decode(stdout));
    const sockets = checks.find(({ id }) => id === "sockets");
    if (Deno.build.os === "linux") assertStrictEquals(sockets?.verdict, "warn");
    else assertStrictEquals(sockets?.verdict, "ok");
  });
}
