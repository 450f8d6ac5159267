// What a service manager receives from the real server, over a real datagram socket.

import { assertStrictEquals } from "@std/assert";
import { exitOf, makeWorld, startServer } from "../harness.ts";
import { startOutside } from "./outside_program.ts";

const MANAGER = new URL("programs/service_manager.py", import.meta.url).pathname;

for (const kind of ["path", "abstract name"]) {
  Deno.test(`serve notifies a service manager at a ${kind}`, async () => {
    using world = makeWorld();
    const path = `${world.directory}/notify`;
    const name = kind === "path" ? path : `@${path}`;
    await using manager = startOutside("python3", [MANAGER, name]);
    assertStrictEquals(await manager.stdout.next(), "bound");
    Object.assign(world.env, { NOTIFY_SOCKET: name, WATCHDOG_USEC: "200000" });
    await using server = await startServer(world);
    const { port } = server;
    const ready = await manager.stdout.next();
    assertStrictEquals(ready, `READY=1 STATUS=Listening at tcp:127.0.0.1:${port}`);
    for (let turn = 0; turn < 3; turn++) {
      assertStrictEquals(await manager.stdout.next(), "WATCHDOG=1");
    }
    server.kill("SIGTERM");
    assertStrictEquals((await exitOf(server)).code, 0);
    await manager.stdout.match(/^STOPPING=1 STATUS=Saying goodbye$/);
  });
}

Deno.test("serve does its work without the service manager", async () => {
  using world = makeWorld();
  Object.assign(world.env, { NOTIFY_SOCKET: `${world.directory}/gone`, WATCHDOG_USEC: "20000" });
  await using server = await startServer(world);
  server.kill("SIGTERM");
  assertStrictEquals((await exitOf(server)).code, 0);
});
