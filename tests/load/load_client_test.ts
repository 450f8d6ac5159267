import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { LoadClient, type LoadClientHandler, readable } from "../../load/load_client.ts";
import { scannerFor } from "../../load/stamp_scanners.ts";
import { Stamp } from "../../load/stamp.ts";
import { FakeWire } from "../fake_wire.ts";
import { turn, until } from "../until.ts";

const STAMP = new Stamp("ab12", 300);

function line(number: number): Uint8Array {
  const bytes = new Uint8Array(STAMP.bytes);
  STAMP.write(bytes, 0, 1, number);
  return Uint8Array.from([...new TextEncoder().encode("MSG a "), ...bytes, 0x0a]);
}

/** Records the calls of a client's handler. */
class RecordingHandler implements LoadClientHandler {
  readonly numbers: number[] = [];
  readonly damaged: string[] = [];
  bytes = 0;
  ended = 0;

  begin(_client: LoadClient, bytes: number): void {
    this.bytes += bytes;
  }
  intact(_sender: number, number: number): void {
    this.numbers.push(number);
  }
  torn(_sender: number, _number: number, bytes: Uint8Array): void {
    this.damaged.push(readable(bytes));
  }
  onEnd(): void {
    this.ended++;
  }
}

function setUp() {
  const socket = new FakeWire();
  const reported = new RecordingHandler();
  const scanner = scannerFor("usermsg", { stamp: STAMP, headerBytes: 16 });
  const client = new LoadClient(socket, { index: 0, scanner, handler: reported });
  return { socket, reported, client, running: client.run() };
}

for (const size of [1, 7, 299, 307, 1_000, 4_096, 100_000]) {
  Deno.test(`LoadClient.run() finds every message in reads of ${size} bytes`, async () => {
    const { socket, reported, running } = setUp();
    const count = size === 1 ? 20 : 400;
    const lines = Array.from({ length: count }, (_, number) => [...line(number)]).flat();
    for (let at = 0; at < lines.length; at += size) {
      socket.send(Uint8Array.from(lines.slice(at, at + size)));
    }
    socket.end();
    await running;
    assertEquals(reported.numbers, [...Array(count).keys()]);
    assertEquals([reported.damaged, reported.bytes, reported.ended], [[], lines.length, 1]);
  });
}

Deno.test("LoadClient.run() stores what the server sent last", async () => {
  const { socket, client, running } = setUp();
  socket.send(line(0));
  socket.send("MSG server no room\nMSG");
  socket.end();
  await running;
  assertStrictEquals(new TextDecoder().decode(client.lastRead), "MSG server no room\nMSG");
  assertStrictEquals(client.isOpen, false);
});

Deno.test("LoadClient.run() gives up a line without an end, in bounded memory", async () => {
  const { socket, reported, client, running } = setUp();
  const piece = "x".repeat(64 * 1024);
  for (let i = 0; i < 32; i++) socket.send(piece);
  socket.send("\n");
  socket.send(line(5));
  await until(() => reported.numbers.length === 1, "the message behind it");
  assert(reported.damaged.length >= 1);
  assert(reported.damaged.every((text) => text.length < 200));
  assert(Math.max(...socket.readSizes) <= 512 * 1024);
  client.close();
  await running;
  assertStrictEquals(reported.ended, 0, "closed here, not by the server");
});

Deno.test("LoadClient.write() keeps two writes apart, whatever the system takes at a time", async () => {
  const { socket, client, running } = setUp();
  socket.take(Infinity, 3);
  const both = [client.write(new TextEncoder().encode("hello ")), client.write(line(1))];
  await Promise.all(both);
  assert(socket.text.startsWith("hello MSG a ~ab12"));
  assertStrictEquals(socket.mostWritesAtOnce, 1);
  socket.failWrites();
  await client.write(line(2));
  await turn();
  client.close();
  await running;
});

Deno.test("readable() shows control bytes and only the beginning", () => {
  assertStrictEquals(readable(new TextEncoder().encode("a\x1b[2Jb")), "a\\x1b[2Jb");
  assertStrictEquals(readable(new TextEncoder().encode("x".repeat(500))), "x".repeat(120) + "...");
});
