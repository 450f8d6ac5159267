// One event loop serves every client: no helper process, no thread per client (R1, R54, D19).

import { assert, assertEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { makeWorld, startServer } from "../harness.ts";

/** Threads that the runtime may start meanwhile; a thread per client would be far more. */
const SPARE_THREADS = 8;
const CLIENTS = 100;

/** Threads of a process, and its child processes. */
function helpersOf(pid: number): { threads: number; children: string[] } {
  const tasks = [...Deno.readDirSync(`/proc/${pid}/task`)].map(({ name }) => name);
  const children = tasks.flatMap((task) =>
    Deno.readTextFileSync(`/proc/${pid}/task/${task}/children`).split(" ").filter(Boolean)
  );
  return { threads: tasks.length, children };
}

Deno.test("serve holds 100 clients with no helper process and no thread for each (R1)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using witness = await TestClient.native(server, "witness");
  const before = helpersOf(server.pid);
  await using crowd = new AsyncDisposableStack();
  for (let at = 0; at < CLIENTS; at++) {
    const client = crowd.use(await TestClient.usermsg(server, `client${at}`, witness));
    await client.send(`MSG hello from ${at}\n`);
    await witness.lines.match(new RegExp(`hello from ${at}"`));
  }
  const during = helpersOf(server.pid);
  assertEquals(during.children, []);
  assert(
    during.threads <= before.threads + SPARE_THREADS,
    `${before.threads} threads with one client, ${during.threads} with ${CLIENTS}`,
  );
});
