import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { type RuntimeConn, RuntimeSocket } from "../../../server/net/runtime_sockets.ts";
import { until } from "../../until.ts";

/** A runtime's connection whose reads the test answers. */
class FakeConn implements RuntimeConn {
  readonly sizes: number[] = [];
  #waiting: { buffer: Uint8Array; settle: PromiseWithResolvers<number | null> } | undefined;

  get isReading(): boolean {
    return this.#waiting !== undefined;
  }

  read(buffer: Uint8Array): Promise<number | null> {
    assertStrictEquals(this.#waiting, undefined, "one read at a time");
    this.sizes.push(buffer.length);
    this.#waiting = { buffer, settle: Promise.withResolvers<number | null>() };
    return this.#waiting.settle.promise;
  }

  /** Answers the pending read with `data`, filling its buffer if there are enough bytes. */
  answer(data: Uint8Array | null | Error): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    assert(waiting, "a read waits");
    if (data instanceof Error) return waiting.settle.reject(data);
    if (data === null) return waiting.settle.resolve(null);
    const part = data.subarray(0, waiting.buffer.length);
    waiting.buffer.set(part);
    waiting.settle.resolve(part.length);
  }

  write(bytes: Uint8Array): Promise<number> {
    return Promise.resolve(bytes.length);
  }

  closeWrite(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    throw new Deno.errors.BadResource("closed by the runtime already");
  }
}

/** A socket, and how often its reader was called. */
function opened(first = 8, max = 64) {
  const conn = new FakeConn();
  const socket = new RuntimeSocket(conn, { first, max });
  const reported = { times: 0 };
  socket.open({ onReadable: () => void reported.times++ });
  return { conn, socket, reported };
}

Deno.test("RuntimeSocket reads into a small buffer, a larger one while much comes, a small one again", async () => {
  const { conn, socket, reported } = opened();
  const lengths: number[] = [];
  for (const count of [8, 32, 64, 64, 5, 5]) {
    const before = reported.times;
    conn.answer(new Uint8Array(count));
    await until(() => reported.times > before, "the reader to be told");
    lengths.push(socket.receive()?.length ?? 0);
    assertStrictEquals(socket.receive(), undefined);
  }
  assertEquals(lengths, [8, 32, 64, 64, 5, 5]);
  assertEquals(conn.sizes, [8, 32, 64, 64, 64, 8, 8]);
  conn.answer(null);
});

Deno.test("RuntimeSocket does not read while received bytes are not taken", async () => {
  const { conn, socket, reported } = opened();
  conn.answer(new Uint8Array([1, 2]));
  await until(() => reported.times === 1, "the reader to be told");
  assert(!conn.isReading);
  assertEquals(socket.receive(), new Uint8Array([1, 2]));
  assert(!conn.isReading);
  assertStrictEquals(socket.receive(), undefined);
  assert(conn.isReading);
  conn.answer(null);
});

Deno.test("RuntimeSocket.receive() answers the end for ever, and throws a reset", async () => {
  const ending = opened();
  ending.conn.answer(null);
  await until(() => ending.reported.times === 1, "the end");
  assertStrictEquals(ending.socket.receive(), null);
  assertStrictEquals(ending.socket.receive(), null);
  const broken = opened();
  broken.conn.answer(new Deno.errors.ConnectionReset("by the test"));
  await until(() => broken.reported.times === 1, "the reset");
  assertThrows(() => broken.socket.receive(), Deno.errors.ConnectionReset);
});

Deno.test("RuntimeSocket.close() survives what the runtime has closed, and reports no more", async () => {
  const { conn, socket, reported } = opened();
  socket.close();
  conn.answer(new Uint8Array(1));
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertStrictEquals(reported.times, 0);
});
