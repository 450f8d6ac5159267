// What the fan-out costs, as counts on a transport that does nothing: they hold on any machine, where
// times would not. What it costs in time is measured by bench/.

import assert from "node:assert/strict";
import v8 from "node:v8";
import vm from "node:vm";
import { Connection } from "../../server/net/connection.ts";
import { Flusher } from "../../server/net/flusher.ts";
import type { Socket, SocketReader } from "../../server/net/socket.ts";
import { Server } from "../../server/server.ts";
import { Session } from "../../server/session.ts";
import { turn } from "../fakes.ts";

const MESSAGES = 64;

/** A peer that takes all it is given and keeps only counts. */
class CountingSocket implements Socket {
  writes = 0;
  bytes = 0;
  /** Memory that what was written last is a view of. */
  memory: ArrayBuffer | undefined;
  #reader: SocketReader | undefined;
  #pending: Uint8Array | undefined;

  open(reader: SocketReader): void {
    this.#reader = reader;
  }

  /** The peer sends `text` in one packet. */
  send(text: string): void {
    this.#pending = new TextEncoder().encode(text);
    this.#reader?.onReadable();
  }

  receive(): Uint8Array | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }

  write(bytes: Uint8Array<ArrayBuffer>): number {
    this.writes++;
    this.bytes += bytes.length;
    this.memory = bytes.buffer;
    return bytes.length;
  }

  closeWrite(): void {}

  close(): void {}
}

/** A server on {@linkcode CountingSocket}s. */
class Hall {
  readonly server = new Server();
  readonly #flusher = new Flusher(this.server.limits.writesPerTurn.runtime);
  readonly #sessions: Session[] = [];

  /** Somebody who has said `hello`. */
  join(hello: string): CountingSocket {
    const { chat, clock, fanout, limits, rounds } = this.server;
    const socket = new CountingSocket();
    const onFault = (fault: unknown) => assert.fail(`${fault}`);
    const connection = new Connection(socket, { clock, limits, flusher: this.#flusher, onFault });
    const listener = { at: { kind: "tcp", host: "127.0.0.1", port: 1 }, notices: false } as const;
    const session = new Session(
      connection,
      { chat, clock, limits, rounds, listener, delivery: fanout },
      { address: "127.0.0.1", turnedAway: undefined },
    );
    this.#sessions.push(session);
    session.run(() => {});
    socket.send(hello);
    return socket;
  }

  /** Everyone is gone, and so are their timers. */
  close(): void {
    this.server.chat.disband();
    for (const session of this.#sessions) session.destroy("shutdown");
  }
}

/** Readers of sheet 004's protocol, and one who talks to them. */
async function hallOf(readers: number) {
  const hall = new Hall();
  const sockets = Array.from({ length: readers }, (_, at) => hall.join(`USER r${at}\n`));
  const sender = hall.join("USER ana\n");
  await allSent(readers);
  for (const socket of sockets) socket.writes = socket.bytes = 0;
  return { hall, sockets, sender };
}

function messages(count: number): string {
  return Array.from({ length: count }, (_, at) => `MSG ${String(at).padStart(64, "0")}\n`).join("");
}

/** Everything queued has left. */
async function allSent(readers: number): Promise<void> {
  for (let turns = 0; turns <= readers / 100 + 2; turns++) await turn();
}

/** Collects garbage, and answers the bytes of the objects that are left. */
function liveBytes(): number {
  v8.setFlagsFromString("--expose-gc");
  const collect: () => void = vm.runInNewContext("gc");
  collect();
  collect();
  return Deno.memoryUsage().heapUsed;
}

Deno.test("Fan-out: messages that came together leave in one write for each reader", async () => {
  const { hall, sockets, sender } = await hallOf(500);
  sender.send(messages(MESSAGES));
  await allSent(500);
  const length = "MSG ana ".length + 64 + 1;
  assert.deepEqual(new Set(sockets.map(({ writes }) => writes)), new Set([1]));
  assert.deepEqual(new Set(sockets.map(({ bytes }) => bytes)), new Set([MESSAGES * length]));
  hall.close();
});

Deno.test("Fan-out: all readers are sent the same memory, whatever their number", async () => {
  const { hall, sockets, sender } = await hallOf(500);
  sender.send(messages(1));
  await allSent(500);
  assert.equal(new Set(sockets.map(({ memory }) => memory)).size, 1, "no copy for a reader");
  hall.close();
});

Deno.test("Fan-out: a delivery allocates a fraction of what it delivers", async () => {
  const { hall, sockets, sender } = await hallOf(1000);
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
  assert.ok(each < 16, `${each.toFixed(1)} bytes for each delivery of 73`);
  hall.close();
});

Deno.test("An idle client costs at most 3 KiB of objects", () => {
  const hall = new Hall();
  hall.join("USER first\n");
  const before = liveBytes();
  const count = 2000;
  for (let at = 0; at < count; at++) hall.join(`USER r${at}\n`);
  const each = (liveBytes() - before) / count;
  assert.ok(each > 0 && each <= 3 * 1024, `${each.toFixed(0)} bytes`);
  hall.close();
});
