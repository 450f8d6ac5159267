// Starting again: after a clean end, after a kill, and beside a running server.

import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { admin, exitOf, makeWorld, runProgram, startServer } from "../harness.ts";

Deno.test("the port is free immediately for the next start (R47)", async () => {
  using world = makeWorld();
  const first = await startServer(world);
  // Connections that the server closes first leave the port in TIME_WAIT.
  await using nina = await TestClient.native(first, "nina");
  first.kill("SIGTERM");
  await nina.lines.ended();
  assertStrictEquals((await exitOf(first)).code, 0);
  await first[Symbol.asyncDispose]();
  await using second = await startServer(world, [
    ...["--port", String(first.port), "--host", "127.0.0.1"],
  ]);
  assertStrictEquals(second.port, first.port);
});

Deno.test("socket files left by kill -9 block neither the next start nor admin (F61)", async () => {
  using world = makeWorld();
  const args = ["--listen", `unix:${world.directory}/soquette`];
  const first = await startServer(world, args);
  first.kill("SIGKILL");
  await first[Symbol.asyncDispose]();
  assert(Deno.lstatSync(`${world.directory}/soquette`).isSocket);
  const nobody = await admin(world, "who");
  assertStrictEquals(nobody.code, 1);
  assertMatch(nobody.stderr, /No server is running/);
  await using second = await startServer(world, args);
  await using client = await TestClient.connect({ path: `${world.directory}/soquette` });
  await client.send("still works\n");
  await second.stdout.match(/still works/);
  assertStrictEquals((await admin(world, "who")).code, 0);
});

Deno.test("a live server's socket blocks a second one and stays untouched (F60)", async () => {
  using world = makeWorld();
  const path = `${world.directory}/soquette`;
  await using first = await startServer(world, ["--listen", `unix:${path}`]);
  const second = await runProgram(world, ["serve", "--no-history", "--listen", `unix:${path}`]);
  assertStrictEquals(second.code, 1);
  assertMatch(second.stderr, /Another server is running at .*soquette: stop it or choose/);
  // Nor is its history touched, which a server at the same place would want to have.
  const third = await runProgram(world, ["serve", "--listen", `unix:${path}`]);
  assertStrictEquals(third.code, 1);
  assertMatch(
    third.stderr,
    new RegExp(`^minichat serve: Another server \\(process ${first.pid}\\) keeps its`),
  );
  await using client = await TestClient.connect({ path });
  await client.send("alive\n");
  await first.stdout.match(/alive/);
});

Deno.test("a file that is no socket is never replaced", async () => {
  using world = makeWorld();
  const path = `${world.directory}/notes.txt`;
  Deno.writeTextFileSync(path, "precious");
  const { code, stderr } = await runProgram(world, ["serve", "--listen", `unix:${path}`]);
  assertStrictEquals(code, 1);
  assertMatch(stderr, /is no socket: remove it or choose another path/);
  assertStrictEquals(Deno.readTextFileSync(path), "precious");
});

Deno.test("a port that a minichat has gives one error message with the remedy, exit 1", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  const port = String(server.port);
  const second = await runProgram(world, ["serve", "--host", "127.0.0.1", "--port", port]);
  assertStrictEquals(second.code, 1);
  assertMatch(
    second.stderr,
    new RegExp(`^minichat serve: A minichat runs at port ${port} already: .*--port`),
  );
  assertStrictEquals(second.stderr.trim().split("\n").length, 1);
  assertStrictEquals((await admin(world, "who")).code, 0);
});

Deno.test("two servers may have one port at different addresses, each with its control", async () => {
  using world = makeWorld();
  await using first = await startServer(world);
  const place = ["--port", String(first.port), "--host", "127.0.0.2"];
  await using second = await startServer(world, place);
  const sockets = [...Deno.readDirSync(`${world.directory}/minichat`)].map(({ name }) => name);
  const control = sockets.find((name) => name === `pid-${second.pid}.sock`);
  assert(control, sockets.join(" "));
  const path = `${world.directory}/minichat/${control}`;
  const stats = await admin(world, "--socket", path, "stats", "--json");
  assertStrictEquals(JSON.parse(stats.stdout).data.pid, second.pid);
});
