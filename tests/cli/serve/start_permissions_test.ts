// Starts of a server with fewer permissions than --allow-all, from source: the executable has its
// permissions built in.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { exitOf, makeWorld, startCommand } from "../../harness.ts";
import { TestClient } from "../../test_client.ts";

const MAIN = new URL("../../../main.ts", import.meta.url).pathname;
const LEAST = ["--allow-net", "--allow-read", "--allow-write", "--allow-env"];

/** The arguments of the runtime for a server with these permissions. */
function serve(permissions: readonly string[], more: readonly string[] = []): string[] {
  const run = ["run", "--quiet", "--no-prompt", ...permissions];
  return [...run, MAIN, "serve", "--port", "0", "--no-history", ...more];
}

Deno.test({
  name: "serve starts without --allow-sys, and says what is missing (O1, O2)",
  async fn() {
    using world = makeWorld();
    await using server = await startCommand(world, Deno.execPath(), serve(LEAST));
    const unlisted = /addresses cannot be listed \(.*--allow-sys/;
    assert(server.banner.some((line) => unlisted.test(line)), server.banner.join("\n"));
    await using ann = await TestClient.native({ port: server.port }, "ann");
    assertEquals(await ann.barrier(), []);
    server.kill("SIGTERM");
    assertStrictEquals((await exitOf(server)).code, 0);
  },
});

Deno.test({
  ignore: Deno.build.os !== "linux",
  name: "serve uses direct calls with --allow-ffi and without --allow-all, as doctor says (O2)",
  async fn() {
    using world = makeWorld();
    const log = `${world.directory}/log`;
    const args = serve([...LEAST, "--allow-ffi"], ["--log-file", log]);
    await using server = await startCommand(world, Deno.execPath(), args);
    await using ann = await TestClient.native({ port: server.port }, "ann");
    assertEquals(await ann.barrier(), []);
    server.kill("SIGTERM");
    assertStrictEquals((await exitOf(server)).code, 0);
    assertMatch(await Deno.readTextFile(log), /"sockets":"system"/);
  },
});

Deno.test({
  name: "serve says what failed at the start, and ends (O1)",
  async fn() {
    using world = makeWorld();
    const args = serve(["--allow-all", "--deny-env=NOTIFY_SOCKET"]);
    const { code, stderr } = await new Deno.Command(Deno.execPath(), { args, env: world.env })
      .output();
    assertStrictEquals(code, 1);
    const told = new TextDecoder().decode(stderr);
    assertMatch(told, /^minichat serve: Cannot start: [^\n]*NOTIFY_SOCKET[^\n]*\n$/);
  },
});
