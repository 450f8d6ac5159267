import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { BlockWriter, type Slice } from "../../../protocol/block.ts";
import { QueueMemory, type QueueOwner } from "../../../server/net/queue_memory.ts";
import { SendQueue } from "../../../server/net/send_queue.ts";
import { type Follower, SharedLog } from "../../../server/net/shared_log.ts";
import { turn } from "../../until.ts";

const OUT = new BlockWriter();

function slice(length: number): Slice {
  OUT.begin();
  OUT.text("x".repeat(length));
  const made = OUT.end();
  assert(made);
  return made;
}

/** Connections of one server, each with a queue. */
class Crowd {
  readonly limits = { totalQueueBytes: 1_000 };
  readonly memory = new QueueMemory(this.limits, () => this.peers);
  readonly peers = new Set<QueueOwner & { readonly queue: SendQueue; readonly name: string }>();
  readonly dropped: string[] = [];

  add(name: string): SendQueue {
    const queue = new SendQueue(10_000, this.memory);
    const peer = {
      ...{ name, queue },
      get ownBytes() {
        return queue.ownBytes;
      },
      destroy: () => {
        this.dropped.push(name);
        queue.clear();
        this.peers.delete(peer);
      },
    };
    this.peers.add(peer);
    return queue;
  }
}

Deno.test("QueueMemory drops those with the largest backlog, in the next turn, until the others fit", async () => {
  const crowd = new Crowd();
  for (const [name, bytes] of [["a", 300], ["b", 600], ["c", 50], ["d", 400]] as const) {
    crowd.add(name).push(slice(bytes));
  }
  assertEquals(crowd.dropped, [], "not in the middle of giving something to many");
  assertStrictEquals(crowd.memory.bytes, 1_350);
  await turn();
  assertEquals(crowd.dropped, ["b"]);
  assertStrictEquals(crowd.memory.bytes, 750);
});

Deno.test("QueueMemory drops no peer at its limit, and none that has caught up in time", async () => {
  const crowd = new Crowd();
  const queue = crowd.add("a");
  queue.push(slice(1_000));
  await turn();
  queue.push(slice(500));
  queue.consume(600);
  await turn();
  assertEquals(crowd.dropped, []);
  assertStrictEquals(crowd.memory.bytes, 900);
});

Deno.test("QueueMemory counts what a log keeps for its readers, and forgets it with them", () => {
  const crowd = new Crowd();
  const log = new SharedLog({ maxLagBytes: 1_600, wake: () => {}, memory: crowd.memory });
  const reader: Follower = { flush: () => false, checkBacklog: () => {} };
  log.add(reader);
  for (let at = 0; at < 300; at++) log.append((out) => out.text("y".repeat(100)));
  const kept = crowd.memory.bytes;
  assert(kept >= 1_600 && kept < 30_000 + 64 * 1024);
  for (let at = 0; at < 2_000; at++) log.append((out) => out.text("y".repeat(100)));
  assert(crowd.memory.bytes < 150_000, `${crowd.memory.bytes} of 230,000 are kept`);
  log.remove(reader);
  assertStrictEquals(crowd.memory.bytes, 0);
});

Deno.test("QueueMemory is empty once every queue is, however it was emptied", () => {
  const crowd = new Crowd();
  const log = new SharedLog({ maxLagBytes: 1_000, wake: () => {} });
  const queue = crowd.add("a");
  queue.push(slice(10));
  queue.follow(log);
  log.append((out) => out.text("from the log"));
  queue.push(slice(20)); // copies the log's bytes
  assertStrictEquals(crowd.memory.bytes, 10 + 12 + 20);
  queue.consume(15);
  assertStrictEquals(crowd.memory.bytes, 27);
  queue.consume(27);
  assertStrictEquals(crowd.memory.bytes, 0);
  for (let at = 0; at < 100; at++) queue.push(slice(7));
  assertStrictEquals(crowd.memory.bytes, 700);
  queue.clear();
  assertStrictEquals(crowd.memory.bytes, 0);
});
