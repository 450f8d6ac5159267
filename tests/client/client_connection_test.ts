import { assert, assertEquals, assertNotMatch, assertStrictEquals } from "@std/assert";
import { ClientConnection } from "../../client/client_connection.ts";
import type { Dialect } from "../../protocol/dialect.ts";
import { etx } from "../../protocol/etx.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import { framed } from "../../protocol/framed.ts";
import { native } from "../../protocol/native.ts";
import { plain } from "../../protocol/plain.ts";
import { usermsg } from "../../protocol/usermsg.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { FakeWire } from "../fake_wire.ts";
import { message } from "./client_fakes.ts";
import { settledInTime, turn, until } from "../until.ts";

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

Deno.test("ClientConnection.run() hands over the same events at every byte split", async () => {
  const events: ServerEvent[] = [message("zoë", "héllo 👋"), { type: "joined", name: "bob" }];
  const stream = bytes(json(...events));
  for (let at = 1; at < stream.length; at++) {
    const wire = new FakeWire(stream.slice(0, at), stream.slice(at), null);
    const seen = await collect(new ClientConnection(wire, native));
    assertEquals(seen, { events, end: { kind: "eof" } });
  }
  const single = new FakeWire(...Array.from(stream, (byte) => Uint8Array.of(byte)), null);
  assertEquals((await collect(new ClientConnection(single, native))).events, events);
});

Deno.test("ClientConnection.run() hands over an unfinished last line of a line server", async () => {
  const link = new ClientConnection(new FakeWire(bytes("MSG bob hi"), null), usermsg);
  assertEquals((await collect(link)).events, [message("bob", "hi", { seq: 0, at: "" })]);
});

/** What a connection on a fake clock has shown, with a pause after each chunk. */
async function shownWithPauses(
  dialect: Pick<Dialect, "client">,
  chunks: readonly string[],
  pauseMs: number,
  laterPauseMs = pauseMs,
): Promise<string[]> {
  const clock = new FakeClock();
  const wire = new FakeWire();
  const shown: string[] = [];
  const link = new ClientConnection(wire, dialect, clock);
  const over = link.run((event) => {
    shown.push(event.type === "message" ? `${event.from}: ${event.text}` : textOf(event));
  });
  for (const [index, chunk] of chunks.entries()) {
    wire.send(chunk);
    await turn();
    clock.advance(index === 0 ? pauseMs : laterPauseMs);
    await turn();
  }
  link.close();
  await settledInTime(over, "the end of the connection");
  assertStrictEquals(clock.pending, 0);
  return shown;
}

function textOf(event: ServerEvent): string {
  if (event.type === "you") return `you: ${event.name}`;
  return event.type === "notice" ? event.text : event.type;
}

Deno.test("ClientConnection.run() shows text without a line end after a pause, once (C1, D24)", async () => {
  const prompts = ["Enter your name: ", "Hi\n> ", "bob: hi\n> ", "\n", "end"];
  for (const dialect of [plain, etx]) {
    const shown = await shownWithPauses(dialect, prompts, 300);
    const again = dialect === plain ? [] : ["> "]; // a prompt without words is shown once
    assertEquals(shown, ["Enter your name: ", "Hi", "> ", "bob: hi", ...again, "end"]);
  }
  // Shorter than a pause: the network cut a line.
  assertEquals(await shownWithPauses(plain, ["bob", ": hi", "\n"], 299), ["bob: hi"]);
  // A server that ends no line: its next text is not the rest of the last one.
  assertEquals(await shownWithPauses(plain, ["bob: hi", "x"], 300), ["bob: hi", "x"]);
  assertEquals(await shownWithPauses(plain, ["hi", "ho", "so"], 300, 50), ["hi", "ho", "so"]);
  assertEquals(await shownWithPauses(plain, ["hi", "ho\n", "so"], 300, 50), ["hi", "ho"]);
});

Deno.test("ClientConnection.run() takes NUL for the end of a line, and skips more of them (C2, D25)", async () => {
  const texts = ["bob: hi\0bob: ho\0\0\0", "\0\0bob: so\n\0", "bob: ", "end\0"];
  for (const dialect of [plain, etx]) {
    const shown = await shownWithPauses(dialect, texts, 0);
    assertEquals(shown, ["bob: hi", "bob: ho", "bob: so", "bob: end"]);
  }
  const messages = ["MSG bob hi\0MSG eve so\0\0", "\0MSG bob ho\0"];
  assertEquals(await shownWithPauses(usermsg, messages, 0), ["bob: hi", "eve: so", "bob: ho"]);
});

Deno.test("ClientConnection.run() reads messages of usermsg without line ends, and cut ones (C1)", async () => {
  const ended = (chunks: readonly string[], pauseMs = 300) =>
    shownWithPauses(usermsg, chunks, pauseMs);
  assertEquals(await ended(["MSG bob hi", "MSG eve so"]), ["bob: hi", "eve: so"]);
  assertEquals(await ended(["MSG bob hi", "MSG eve so", "MSG x "], 0), ["bob: hi", "eve: so"]);
  // A held up end of a line of a server that ends its lines stays with its author.
  assertEquals(await ended(["MSG a 1\nMSG bob hel", "lo\n"]), ["a: 1", "bob: hel", "bob: lo"]);
  assertEquals(await ended(["MSG a 1\nMSG bob hi", "\nMSG a 2\n"]), ["a: 1", "bob: hi", "a: 2"]);
});

Deno.test("ClientConnection.run() never cuts a line of JSON, but shows another program's prompt", async () => {
  const line = JSON.stringify({ type: "joined", name: "bob" });
  assertEquals(await shownWithPauses(native, [line.slice(0, 9), line.slice(9), "\n"], 900), [
    "joined",
  ]);
  assertEquals(await shownWithPauses(native, ["Login: "], 300), ["error"]);
});

Deno.test("ClientConnection.run() makes every string of an event safe to show", async () => {
  const stream = json(message("b\x1b[2Job", "\x07\u202etext\x9b"), {
    type: "who",
    users: [{ id: 1, name: "\x1b]0;x", groups: ["\u200f"], since: "\r", dialect: "plain" }],
    total: 1,
  });
  const { events } = await collect(new ClientConnection(new FakeWire(bytes(stream), null), native));
  assertStrictEquals(events.length, 2);
  // deno-lint-ignore no-control-regex
  assertNotMatch(events.map(strings).join(""), /[\0-\x1f\x7f-\x9f\u202e\u200f]/);
});

function strings(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "object" && value !== null
    ? Object.values(value).map(strings).join()
    : "";
}

Deno.test("ClientConnection.run() returns why the connection ended", async () => {
  const goodbye: ServerEvent = { type: "closed", reason: "kicked", text: "kicked" };
  const ends: readonly [chunks: (Uint8Array | Error | null)[], end: unknown][] = [
    [[bytes(json(goodbye)), null], { kind: "closed", event: goodbye }],
    [[bytes(json(goodbye)), new Error("reset")], { kind: "closed", event: goodbye }],
    // A server that says goodbye and lets the client close.
    [[bytes(json(goodbye))], { kind: "closed", event: goodbye }],
    [[null], { kind: "eof" }],
    [[new Error("reset")], { kind: "lost", detail: "reset" }],
  ];
  for (const [chunks, end] of ends) {
    const wire = new FakeWire(...chunks);
    assertEquals((await collect(new ClientConnection(wire, native))).end, end);
    assertStrictEquals(wire.log.filter((entry) => entry === "<closed>").length, 1);
  }
});

Deno.test("ClientConnection.close() ends run(), once", async () => {
  const wire = new FakeWire();
  const link = new ClientConnection(wire, native);
  const end = collect(link);
  link.close();
  link.close();
  assertEquals(await end, { events: [], end: { kind: "here" } });
  assertEquals(wire.log, ["<closed>"]);
});

Deno.test("ClientConnection.run() waits for a slow listener before it reads on", async () => {
  const wire = new FakeWire(bytes(json(message("bob", "1"), message("bob", "2"))), null);
  const gate = Promise.withResolvers<void>();
  const seen: string[] = [];
  const run = new ClientConnection(wire, native).run((event) => {
    if (event.type === "message") seen.push(event.text);
    return gate.promise;
  });
  await until(() => seen.length === 1, "the first event");
  gate.resolve();
  await settledInTime(run, "the end");
  assertEquals(seen, ["1", "2"]);
});

Deno.test("ClientConnection.send() writes in order, with one writer, whatever a write takes", async () => {
  const wire = new FakeWire();
  wire.take(0);
  const link = new ClientConnection(wire, usermsg);
  for (let i = 0; i < 50; i++) {
    assertStrictEquals(link.send({ verb: "say", text: `n${i}` }), "sent");
  }
  await until(() => wire.isWriting, "a write under way");
  assertStrictEquals(link.send({ verb: "say", text: "last" }), "sent");
  assert(link.queuedBytes > 50);
  wire.take(Infinity, 3);
  await settledInTime(link.closeWrite(), "the half-close");
  const sent = Array.from({ length: 50 }, (_, i) => `MSG n${i}\n`).join("");
  assertStrictEquals(wire.log.join(""), `${sent}MSG last\n<half-closed>`);
  assertStrictEquals(link.queuedBytes, 0);
  assertStrictEquals(wire.mostWritesAtOnce, 1);
});

Deno.test("ClientConnection writes header and payload of a frame in one write (R11)", async () => {
  const wire = new FakeWire();
  const link = new ClientConnection(wire, framed);
  link.send({ verb: "say", text: "hi" });
  await link.drained();
  assertEquals(wire.log, ["\x01" + "\0".repeat(7) + "\x02" + "\0".repeat(7) + "hi"]);
});

Deno.test("ClientConnection.send() sends a text to @tous or @all as one to everyone", async () => {
  for (const dialect of [usermsg, framed]) {
    const [wire, plain] = [new FakeWire(), new FakeWire()];
    const [link, same] = [
      new ClientConnection(wire, dialect),
      new ClientConnection(plain, dialect),
    ];
    for (const name of ["tous", "ALL"]) {
      assertStrictEquals(link.send({ verb: "say", to: { sigil: "@", name }, text: "hi" }), "sent");
      same.send({ verb: "say", text: "hi" });
    }
    const group = { sigil: "#", name: "all" } as const;
    assertStrictEquals(link.send({ verb: "say", to: group, text: "x" }), "unsupported");
    await Promise.all([link.drained(), same.drained()]);
    assertEquals(wire.log.join(""), plain.log.join(""));
  }
});

Deno.test("ClientConnection.send() refuses what the dialect cannot express", async () => {
  const wire = new FakeWire();
  const link = new ClientConnection(wire, usermsg);
  assertStrictEquals(link.send({ verb: "who" }), "unsupported");
  assertStrictEquals(
    link.send({ verb: "say", to: { sigil: "@", name: "bob" }, text: "x" }),
    "unsupported",
  );
  await link.drained();
  assertEquals(wire.log, []);
});

Deno.test("ClientConnection.send() refuses what a server would refuse or close for, at the byte", () => {
  const link = new ClientConnection(new FakeWire(), native);
  assertStrictEquals(link.send({ verb: "say", text: "x".repeat(8192) }), "sent");
  assertStrictEquals(link.send({ verb: "say", text: "x".repeat(8193) }), "too_long");
  assertStrictEquals(link.send({ verb: "say", text: "é".repeat(4097) }), "too_long");
  // Each character takes six bytes in JSON, and a full message still fits its line.
  assertStrictEquals(link.send({ verb: "say", text: "\x01".repeat(8192) }), "sent");
  assertStrictEquals(link.send({ verb: "rename", name: "x".repeat(70_000) }), "too_long");
});

Deno.test("ClientConnection survives a server that reads no more, and reports it at the end", async () => {
  const wire = new FakeWire();
  wire.failWrites(new Error("broken pipe"));
  const link = new ClientConnection(wire, native);
  link.send({ verb: "say", text: "hi" });
  await settledInTime(link.drained(), "the writer");
  assertStrictEquals(link.send({ verb: "say", text: "again" }), "sent");
  assertStrictEquals(link.queuedBytes, 0);
  wire.end();
  assertEquals((await collect(link)).end, { kind: "lost", detail: "broken pipe" });
});
