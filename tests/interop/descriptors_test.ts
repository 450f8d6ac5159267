// A server that runs out of descriptors while it runs, because another program lowers its limit.

import { assert, assertMatch } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { makeWorld, startServer } from "../harness.ts";
import { until } from "../until.ts";

/** Sets the limit on open files of a running program. */
async function limitFiles(pid: number, soft: number): Promise<void> {
  const { success, stderr } = await new Deno.Command("prlimit", {
    args: [`--pid=${pid}`, `--nofile=${soft}:`],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}

/** The lowest number that is not in use: as a limit, no file can be opened. */
function lowestFree(pid: number): number {
  const used = new Set([...Deno.readDirSync(`/proc/${pid}/fd`)].map(({ name }) => Number(name)));
  let free = 0;
  while (used.has(free)) free++;
  return free;
}

/** Processor time of a program so far, in clock ticks of 10 ms. */
function ticks(pid: number): number {
  const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).replace(/^.*\) /, "").split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

Deno.test("F43: without descriptors the server waits, serves its clients, then accepts those that waited", async () => {
  using world = makeWorld();
  const logFile = `${world.directory}/log`;
  await using server = await startServer(world, [
    ...["--port", "0", "--host", "127.0.0.1"],
    ...["--log-file", logFile],
  ]);
  await using first = await TestClient.native(server, "first");
  await limitFiles(server.pid, lowestFree(server.pid));
  await using crowd = new AsyncDisposableStack();
  const waiting: TestClient[] = [];
  for (let at = 0; at < 20; at++) {
    const client = crowd.use(await TestClient.connect(server));
    await client.send(`USER late${at}\n`);
    waiting.push(client);
  }
  const reported = () => Deno.readTextFileSync(logFile).includes("accept_failed");
  await until(reported, "the refusal in the log");
  assertMatch(Deno.readTextFileSync(logFile), /Too many open files \(os error 24\)/);

  const before = ticks(server.pid);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  assert(ticks(server.pid) - before < 30, "it waits instead of trying for ever");
  await first.request({ type: "ping", ref: "still served" });
  await first.lines.match(/"still served"/);

  await limitFiles(server.pid, 1024);
  for (const client of waiting) await client.send("MSG here\n");
  for (let at = 0; at < waiting.length; at++) {
    await first.lines.match(/"text":"here"/);
  }
});

Deno.test("an idle server uses no processor time, with clients or without", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using _first = await TestClient.native(server, "first");
  const before = ticks(server.pid);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  assert(ticks(server.pid) - before <= 10, `${ticks(server.pid) - before} ticks in 2 s`);
});
