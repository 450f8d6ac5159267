import assert from "node:assert/strict";
import { ClientConnection, type Wire } from "../../client/client_connection.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import { framed } from "../../protocol/framed.ts";
import { native } from "../../protocol/native.ts";
import { usermsg } from "../../protocol/usermsg.ts";
import { message, settledInTime, untilClient } from "./client_fakes.ts";

/** A socket in memory: what is read is given in chunks, what is written is kept. */
class FakeWire implements Wire {
  readonly log: string[] = [];
  #chunks: (Uint8Array | Error | null)[];
  #wake = Promise.withResolvers<void>();
  /** Most bytes one write takes. */
  writeBytes = Infinity;
  /** While set, writes wait for it. */
  gate: Promise<void> | undefined;
  writing = 0;

  constructor(...chunks: (Uint8Array | Error | null)[]) {
    this.#chunks = chunks;
  }
  give(chunk: Uint8Array | Error | null): void {
    this.#chunks.push(chunk);
    this.#wake.resolve();
  }
  async read(buffer: Uint8Array): Promise<number | null> {
    while (this.#chunks.length === 0) {
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
    }
    const chunk = this.#chunks.shift() ?? null;
    if (chunk instanceof Error) throw chunk;
    if (chunk === null) return null;
    buffer.set(chunk);
    return chunk.length;
  }
  async write(bytes: Uint8Array): Promise<number> {
    assert.equal(this.writing++, 0, "two writes at once");
    await this.gate;
    this.writing--;
    const count = Math.min(bytes.length, this.writeBytes);
    this.log.push(new TextDecoder().decode(bytes.subarray(0, count)));
    return count;
  }
  closeWrite(): Promise<void> {
    this.log.push("<half-closed>");
    return Promise.resolve();
  }
  close(): void {
    this.log.push("<closed>");
    this.give(new Error("closed while reading"));
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const json = (...events: ServerEvent[]): string =>
  events.map((event) => JSON.stringify(event) + "\n").join("");

async function collect(link: ClientConnection): Promise<{ events: ServerEvent[]; end: unknown }> {
  const events: ServerEvent[] = [];
  const end = await settledInTime(
    link.run((event) => {
      events.push(event);
    }),
    "the end of the link",
  );
  return { events, end };
}

Deno.test("Link.run() hands over the same events at every byte split", async () => {
  const events: ServerEvent[] = [message("zoë", "héllo 👋"), { type: "joined", name: "bob" }];
  const stream = bytes(json(...events));
  for (let at = 1; at < stream.length; at++) {
    const wire = new FakeWire(stream.slice(0, at), stream.slice(at), null);
    const seen = await collect(new ClientConnection(wire, native));
    assert.deepEqual(seen, { events, end: { kind: "eof" } });
  }
  const single = new FakeWire(...Array.from(stream, (byte) => Uint8Array.of(byte)), null);
  assert.deepEqual((await collect(new ClientConnection(single, native))).events, events);
});

Deno.test("Link.run() hands over an unfinished last line of a line server", async () => {
  const link = new ClientConnection(new FakeWire(bytes("MSG bob hi"), null), usermsg);
  assert.deepEqual((await collect(link)).events, [message("bob", "hi", { seq: 0, at: "" })]);
});

Deno.test("Link.run() makes every string of an event safe to show", async () => {
  const stream = json(message("b\x1b[2Job", "\x07\u202etext\x9b"), {
    type: "who",
    users: [{ id: 1, name: "\x1b]0;x", groups: ["\u200f"], since: "\r", dialect: "plain" }],
    total: 1,
  });
  const { events } = await collect(new ClientConnection(new FakeWire(bytes(stream), null), native));
  assert.equal(events.length, 2);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(events.map(strings).join(""), /[\0-\x1f\x7f-\x9f\u202e\u200f]/);
});

function strings(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "object" && value !== null
    ? Object.values(value).map(strings).join()
    : "";
}

Deno.test("Link.run() answers why the link ended", async () => {
  const goodbye: ServerEvent = { type: "closed", reason: "kicked", text: "kicked" };
  const ends: readonly [chunks: (Uint8Array | Error | null)[], end: unknown][] = [
    [[bytes(json(goodbye)), null], { kind: "closed", event: goodbye }],
    [[bytes(json(goodbye)), new Error("reset")], { kind: "closed", event: goodbye }],
    // A server that says so and leaves the closing to the client.
    [[bytes(json(goodbye))], { kind: "closed", event: goodbye }],
    [[null], { kind: "eof" }],
    [[new Error("reset")], { kind: "lost", detail: "reset" }],
  ];
  for (const [chunks, end] of ends) {
    const wire = new FakeWire(...chunks);
    assert.deepEqual((await collect(new ClientConnection(wire, native))).end, end);
    assert.equal(wire.log.filter((entry) => entry === "<closed>").length, 1);
  }
});

Deno.test("Link.close() ends run(), once", async () => {
  const wire = new FakeWire();
  const link = new ClientConnection(wire, native);
  const end = collect(link);
  link.close();
  link.close();
  assert.deepEqual(await end, { events: [], end: { kind: "here" } });
  assert.deepEqual(wire.log, ["<closed>"]);
});

Deno.test("Link.run() waits for a slow listener before it reads on", async () => {
  const wire = new FakeWire(bytes(json(message("bob", "1"), message("bob", "2"))), null);
  const gate = Promise.withResolvers<void>();
  const seen: string[] = [];
  const run = new ClientConnection(wire, native).run((event) => {
    if (event.type === "message") seen.push(event.text);
    return gate.promise;
  });
  await untilClient(() => seen.length === 1, "the first event");
  gate.resolve();
  await settledInTime(run, "the end");
  assert.deepEqual(seen, ["1", "2"]);
});

Deno.test("Link.send() writes in order, with one writer, whatever a write takes", async () => {
  const wire = new FakeWire();
  wire.writeBytes = 3;
  const link = new ClientConnection(wire, usermsg);
  const gate = Promise.withResolvers<void>();
  wire.gate = gate.promise;
  for (let i = 0; i < 50; i++) assert.equal(link.send({ verb: "say", text: `n${i}` }), "sent");
  await untilClient(() => wire.writing === 1, "a write under way");
  assert.equal(link.send({ verb: "say", text: "last" }), "sent");
  assert.ok(link.queuedBytes > 50);
  gate.resolve();
  await settledInTime(link.closeWrite(), "the half-close");
  const said = Array.from({ length: 50 }, (_, i) => `MSG n${i}\n`).join("");
  assert.equal(wire.log.join(""), `${said}MSG last\n<half-closed>`);
  assert.equal(link.queuedBytes, 0);
});

Deno.test("Link writes header and payload of a frame at once (R11)", async () => {
  const wire = new FakeWire();
  const link = new ClientConnection(wire, framed);
  link.send({ verb: "say", text: "hi" });
  await link.drained();
  assert.deepEqual(wire.log, ["\x01" + "\0".repeat(7) + "\x02" + "\0".repeat(7) + "hi"]);
});

Deno.test("Link.send() says what the dialect has no words for", async () => {
  const wire = new FakeWire();
  const link = new ClientConnection(wire, usermsg);
  assert.equal(link.send({ verb: "who" }), "unsupported");
  assert.equal(
    link.send({ verb: "say", to: { sigil: "@", name: "bob" }, text: "x" }),
    "unsupported",
  );
  await link.drained();
  assert.deepEqual(wire.log, []);
});

Deno.test("Link.send() refuses what a server would refuse or close for, at the byte", () => {
  const link = new ClientConnection(new FakeWire(), native);
  assert.equal(link.send({ verb: "say", text: "x".repeat(8192) }), "sent");
  assert.equal(link.send({ verb: "say", text: "x".repeat(8193) }), "too_long");
  assert.equal(link.send({ verb: "say", text: "é".repeat(4097) }), "too_long");
  // Each character takes six bytes in JSON, and a full message still fits its line.
  assert.equal(link.send({ verb: "say", text: "\x01".repeat(8192) }), "sent");
  assert.equal(link.send({ verb: "rename", name: "x".repeat(70_000) }), "too_long");
});

Deno.test("Link survives a server that reads no more, and tells of it at the end", async () => {
  const wire = new FakeWire();
  wire.write = () => Promise.reject(new Error("broken pipe"));
  const link = new ClientConnection(wire, native);
  link.send({ verb: "say", text: "hi" });
  await settledInTime(link.drained(), "the writer");
  assert.equal(link.send({ verb: "say", text: "again" }), "sent");
  assert.equal(link.queuedBytes, 0);
  wire.give(null);
  assert.deepEqual((await collect(link)).end, { kind: "lost", detail: "broken pipe" });
});
