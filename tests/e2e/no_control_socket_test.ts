// A server without a place for its control socket, as on a disk that is read-only (O8).

import { assertMatch, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { exitOf, makeWorld, startProgram, startServer } from "../harness.ts";

const SERVE = ["--host", "127.0.0.1", "--port", "0", "--no-history"];

Deno.test("serve starts without a place for its control socket, and says that there is none (O8)", async () => {
  using world = makeWorld();
  world.env["XDG_RUNTIME_DIR"] = `${world.directory}/absent/deeper`;
  {
    await using server = await startServer(world, SERVE);
    await using client = await TestClient.native(server, "ann");
    await client.request({ type: "say", text: "hi" });
    await client.lines.match(/"ack"/);
  }
  await using text = startProgram(world, ["serve", ...SERVE]);
  const line = await text.stdout.match(/^No control socket/);
  assertMatch(line, /minichat admin finds no server here: .*set XDG_RUNTIME_DIR/);
  text.kill("SIGTERM");
  assertStrictEquals((await exitOf(text)).code, 0);
});
