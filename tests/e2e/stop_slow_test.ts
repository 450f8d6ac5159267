// How a server ends: announced, by a signal, by force; every client gets a goodbye and no files are
// left.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import {
  admin,
  exitOf,
  makeWorld,
  type RunningServer,
  startServer,
  type World,
} from "../harness.ts";

/** The flags of a server that queues more for one client than the system's buffers hold. */
const FLOODED = [
  ...["--port", "0", "--host", "127.0.0.1"],
  ...["--limit", "message-rate=1000000/s", "--limit", "hard-queue=64MiB"],
  ...["--limit", "total-queue=256MiB"],
];

/** One client of each dialect, registered. */
async function threePeople(server: RunningServer) {
  const nina = await TestClient.native(server, "nina");
  const tom = await TestClient.plain(server, "tom");
  const ulla = await TestClient.usermsg(server, "ulla", nina);
  return {
    nina,
    tom,
    ulla,
    async [Symbol.asyncDispose]() {
      for (const client of [nina, tom, ulla]) await client[Symbol.asyncDispose]();
    },
  };
}

function socketFiles(world: World): string[] {
  const files: string[] = [];
  for (const entry of Deno.readDirSync(`${world.directory}/minichat`)) files.push(entry.name);
  return files;
}

Deno.test("admin shutdown 3 counts down in every dialect, then the server exits 0", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using people = await threePeople(server);
  const began = performance.now();
  assertStrictEquals((await admin(world, "shutdown", "3")).code, 0);
  for (const seconds of [3, 2, 1]) {
    await people.nina.lines.match(new RegExp(`^{"type":"shutdown","in":${seconds}}$`));
    await people.tom.lines.match(new RegExp(`^-- The server stops in ${seconds} s$`));
    await people.ulla.lines.match(new RegExp(`^MSG server The server stops in ${seconds} s$`));
  }
  await people.nina.lines.match(/^{"type":"closed","reason":"shutdown"/);
  await people.tom.lines.match(/^-- Goodbye: the server stopped$/);
  await people.ulla.lines.match(/^MSG server Goodbye: the server stopped$/);
  for (const client of [people.nina, people.tom, people.ulla]) await client.lines.ended();
  assertStrictEquals((await exitOf(server)).code, 0);
  assert(performance.now() - began >= 3000);
  await server.stdout.ended();
  assertStrictEquals(server.stdout.seen.at(-1), "Stopped");
  assertEquals(socketFiles(world), []);
});

Deno.test("a countdown is announced to latecomers, replaced by a second one, and called off", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  await admin(world, "shutdown", "600");
  await nina.lines.match(/"shutdown","in":600/);
  await using tom = await TestClient.plain(server, "tom");
  assertMatch(await tom.lines.match(/stops in/), /^-- The server stops in (10 min|9 min \d+ s)$/);
  const replaced = await admin(world, "shutdown", "500");
  assertMatch(replaced.stdout, /instead of the earlier shutdown/);
  await nina.lines.match(/"shutdown","in":500/);
  assertStrictEquals((await admin(world, "shutdown", "--cancel")).code, 0);
  await nina.lines.match(/"shutdown","in":null/);
  assertStrictEquals(await tom.lines.match(/called off/), "-- The shutdown was called off");
  const nothing = await admin(world, "shutdown", "--cancel");
  assertStrictEquals(nothing.code, 1);
  assertMatch(nothing.stderr, /Nothing to cancel/);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} says goodbye to everyone, removes the socket files and exits 0`, async () => {
    using world = makeWorld();
    const soquette = `${world.directory}/soquette`;
    await using server = await startServer(world, [
      ...["--port", "0", "--host", "127.0.0.1"],
      ...["--listen", `unix:${soquette}`],
    ]);
    await using people = await threePeople(server);
    await using local = await TestClient.connect({ path: soquette });
    await local.send("hello from a file\n");
    assertMatch(await people.tom.lines.match(/from a file/), /^user\d+: hello from a file$/);
    server.kill(signal);
    await people.tom.lines.match(/^-- Goodbye: the server stopped$/);
    await local.lines.match(/^-- Goodbye: the server stopped$/);
    assertStrictEquals((await exitOf(server)).code, 0);
    assertEquals(socketFiles(world), []);
    assert(!existsSync(soquette));
  });
}

function existsSync(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

Deno.test("a server exits on time although a client has stopped reading (F55)", async () => {
  using world = makeWorld();
  await using server = await startServer(world, [...FLOODED, "--limit", "flush=2s"]);
  await using nina = await TestClient.native(server, "nina");
  // A client that never reads: what is sent to it stays in the system's buffers, then in the queue.
  const deaf = await deafClient(server, { world, nina });
  const began = performance.now();
  server.kill("SIGTERM");
  assertStrictEquals((await exitOf(server, 8_000)).code, 0);
  // Its queue could not be sent: the server waited for the whole flush limit, and no longer.
  assert(performance.now() - began >= 1_900);
  deaf.close();
});

Deno.test("a second signal forces exit 130 while the first is still flushing (F56)", async () => {
  using world = makeWorld();
  await using server = await startServer(world, FLOODED);
  await using nina = await TestClient.native(server, "nina");
  // Its queue cannot be flushed, so the first signal waits for the flush limit.
  const deaf = await deafClient(server, { world, nina });
  server.kill("SIGTERM");
  await nina.lines.match(/"closed"/);
  const began = performance.now();
  server.kill("SIGTERM");
  assertStrictEquals((await exitOf(server)).code, 130);
  // It takes 200 ms at most; the rest is for a busy machine.
  assert(performance.now() - began < 1_000);
  assertEquals(socketFiles(world), []);
  deaf.close();
});

/** A member that never reads, with bytes queued in the server. */
async function deafClient(server: RunningServer, others: { world: World; nina: TestClient }) {
  const deaf = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await deaf.write(new TextEncoder().encode("USER deaf\n"));
  await others.nina.lines.match(/"joined","name":"deaf"/);
  await fillQueueOf("deaf", others);
  return deaf;
}

/**
 * Sends until bytes are queued in the server for that member; asks the server only now and then.
 */
async function fillQueueOf(name: string, { world, nina }: { world: World; nina: TestClient }) {
  const text = "x".repeat(8000);
  for (let sent = 0; sent < 6000; sent += 1_000) {
    let burst = "";
    for (let at = 0; at < 1_000; at++) burst += JSON.stringify({ type: "say", text }) + "\n";
    await nina.send(burst);
    await nina.barrier();
    const { stdout } = await admin(world, "who", "--json");
    const users: { name: string; queuedBytes: number }[] = JSON.parse(stdout).data.users;
    const queued = users.find((user) => user.name === name)?.queuedBytes ?? 0;
    if (queued > 100_000) return;
  }
  throw new Error(`nothing ever waited for ${name}`);
}

Deno.test("SIGHUP is no reason to stop", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  server.kill("SIGHUP");
  await using nina = await TestClient.native(server, "nina");
  assertEquals(await nina.barrier(), []);
});

Deno.test("shutdown under load: every acknowledged message reached the others (F54)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using reader = await TestClient.native(server, "reader");
  await using writer = await TestClient.native(server, "writer");
  await admin(world, "shutdown", "1");
  let sent = 0;
  const talking = (async () => {
    while (true) await writer.request({ type: "say", text: `n${++sent}`, ref: sent });
  })().catch(() => {}); // until the server closes
  await reader.lines.match(/"type":"closed"/);
  await reader.lines.ended();
  await writer.lines.ended();
  await talking;
  assertStrictEquals((await exitOf(server, 8_000)).code, 0);
  const read = seqs(reader, "message");
  const acked = seqs(writer, "ack");
  assert(acked.length > 100, `${acked.length} acknowledged`);
  assertEquals(read.slice(0, acked.length), acked);
});

function seqs(client: TestClient, type: string): number[] {
  return client.lines.seen.map((line) => JSON.parse(line)).filter((event) => event.type === type)
    .map((event) => event.seq);
}
