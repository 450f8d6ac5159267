// The cost of the fan-out, as counts on a transport that does nothing: they hold on any machine,
// unlike times. benchmarks/ measures times.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import v8 from "node:v8";
import vm from "node:vm";
import { allSent, CountingServer, countingServer, messages } from "./counting_server.ts";
import { turn } from "../until.ts";

const MESSAGES = 64;

/** Collects garbage; returns the bytes of the remaining objects. */
function liveBytes(): number {
  v8.setFlagsFromString("--expose-gc");
  const collect: () => void = vm.runInNewContext("gc");
  collect();
  collect();
  return Deno.memoryUsage().heapUsed;
}

Deno.test("Fan-out: messages that came together leave in one write for each reader", async () => {
  const { hall, sockets, sender } = await countingServer(500);
  sender.send(messages(MESSAGES));
  await allSent(500);
  const length = "MSG ana ".length + 64 + 1;
  assertEquals(new Set(sockets.map(({ writes }) => writes)), new Set([1]));
  assertEquals(new Set(sockets.map(({ bytes }) => bytes)), new Set([MESSAGES * length]));
  hall.close();
});

Deno.test("Fan-out: all readers are sent the same memory, whatever their number", async () => {
  const { hall, sockets, sender } = await countingServer(500);
  sender.send(messages(1));
  await allSent(500);
  assertStrictEquals(new Set(sockets.map(({ memory }) => memory)).size, 1, "no copy for a reader");
  hall.close();
});

Deno.test("Fan-out: a delivery allocates a fraction of what it delivers", async () => {
  const { hall, sockets, sender } = await countingServer(1000);
  const text = messages(MESSAGES);
  for (let warm = 0; warm < 20; warm++) {
    sender.send(text);
    await allSent(1000);
  }
  const before = liveBytes();
  sender.send(text);
  await allSent(1000);
  const allocated = Deno.memoryUsage().heapUsed - before;
  const each = allocated / (MESSAGES * sockets.length);
  assert(each < 16, `${each.toFixed(1)} bytes for each delivery of 73`);
  hall.close();
});

Deno.test("Fan-out: no turn writes more than it may, however much is to be written", async () => {
  const readers = 1000;
  const { hall, sockets, sender } = await countingServer(readers);
  for (let round = 0; round < 3; round++) {
    sender.send(messages(MESSAGES));
    for (let turns = 0; turns <= readers / hall.writesPerTurn + 2; turns++) {
      const before = hall.writes;
      await turn();
      const written = hall.writes - before;
      // The rest of one turn and the whole of the next may fall between two samples.
      assert(written <= 2 * hall.writesPerTurn, `${written} writes`);
    }
  }
  assertStrictEquals(hall.writes, 3 * readers);
  assertEquals(new Set(sockets.map(({ writes }) => writes)), new Set([3]));
  hall.close();
});

/** Bytes that a client takes that has sent `hello` and nothing else. */
async function bytesOfIdle(hello: (name: string) => string): Promise<number> {
  const hall = new CountingServer();
  hall.join(hello("first"));
  await allSent(1);
  const before = liveBytes();
  const count = 2000;
  for (let at = 0; at < count; at++) hall.join(hello(`r${at}`));
  await allSent(count);
  hall.idle();
  const each = (liveBytes() - before) / count;
  hall.close();
  return each;
}

Deno.test("An idle client costs at most 1.75 KiB of objects, whatever it speaks", async () => {
  await bytesOfIdle((name) => `USER ${name}\n`); // code that runs for the first time is no client's
  const usermsg = await bytesOfIdle((name) => `USER ${name}\n`);
  const native = await bytesOfIdle((name) => JSON.stringify({ type: "hello", name }) + "\n");
  for (const each of [usermsg, native]) {
    assert(each > 0 && each <= 1.75 * 1024, `${usermsg.toFixed(0)}, ${native.toFixed(0)} bytes`);
  }
});
