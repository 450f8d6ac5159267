// A session of the control socket, over a real Unix socket in front of a fake server.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { encodeControlLine } from "../../admin/control_protocol.ts";
import { MAX_QUEUED_BYTES } from "../../admin/control_server.ts";
import { ControlPlace, type FakeServer, JsonLines } from "./control_socket.ts";
import { FakeControl, messageWatched } from "./fake_control.ts";
import { until } from "../until.ts";

/** A client that writes exactly the bytes it is given. */
class RawClient implements Disposable {
  readonly lines: JsonLines;
  constructor(readonly conn: Deno.UnixConn) {
    this.lines = new JsonLines(conn);
  }
  static async connect({ path }: FakeServer): Promise<RawClient> {
    return new RawClient(await Deno.connect({ transport: "unix", path }));
  }
  async write(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length;) at += await this.conn.write(bytes.subarray(at));
  }
  ask(command: string, ...args: string[]): Promise<void> {
    return this.write(encodeControlLine({ command, args }));
  }
  [Symbol.dispose](): void {
    this.conn.close();
  }
}

Deno.test("serveControl() answers commands in order, also several in one write", async () => {
  await using place = new ControlPlace();
  const server = place.serve("8080");
  using client = await RawClient.connect(server);
  await client.write(
    encodeControlLine({ command: "wall", args: ["hi"] }) + "\n{\n" +
      encodeControlLine({ command: "kick", args: [] }) +
      encodeControlLine({ command: "help", args: ["mute"] }),
  );
  assertEquals(await client.lines.next(), {
    ok: true,
    text: "Sent to 1 person",
    data: { recipients: 1 },
  });
  assertEquals(await client.lines.next(), { ok: false, error: 'Not JSON: "{"', usage: false });
  assertStrictEquals((await client.lines.next())?.usage, true);
  assertMatch(
    `${(await client.lines.next())?.text}`,
    /^Usage: minichat admin mute NAME\|ADDRESS \[--for DURATION\]\n/,
  );
  assertEquals(server.control.calls, [["wall", "hi"]]);
});

Deno.test("serveControl() keeps a hostile argument one argument (F67)", async () => {
  await using place = new ControlPlace();
  const server = place.serve("8080");
  using client = await RawClient.connect(server);
  const nick = 'bob\n{"command":"shutdown","args":["0"]}\r\0\u2028';
  await client.ask("mute", nick);
  assertStrictEquals((await client.lines.next())?.ok, true);
  assertEquals(server.control.calls, [["mute", nick]]);
});

Deno.test("serveControl() answers a client that has closed its half, to the end", async () => {
  await using place = new ControlPlace();
  const control = new FakeControl();
  // More than the system's buffers hold: it is still being written when the EOF is seen.
  const reason = "r".repeat(MAX_QUEUED_BYTES);
  control.banned = [{ subject: "bob", kind: "name", until: null, reason }];
  using client = await RawClient.connect(place.serve("8080", control));
  await client.ask("bans");
  await client.conn.closeWrite();
  assertEquals((await client.lines.next())?.data, { bans: control.banned });
  assertStrictEquals(await client.lines.next(), undefined);
});

Deno.test("serveControl() streams events until the client leaves", async () => {
  await using place = new ControlPlace();
  const server = place.serve("8080");
  const { control } = server;
  {
    using client = await RawClient.connect(server);
    await client.ask("tail");
    assertEquals(await client.lines.next(), { ok: true, text: "", data: null });
    control.happen(messageWatched("one"));
    control.happen(messageWatched("two"));
    const text = "03:04:05Z bob: one";
    assertEquals(await client.lines.next(), { event: messageWatched("one"), text });
    assertStrictEquals((await client.lines.next())?.text, "03:04:05Z bob: two");
    await client.ask("tail");
    assertStrictEquals((await client.lines.next())?.ok, false);
    assertStrictEquals(control.listeners.size, 1);
  }
  await until(() => control.listeners.size === 0, "the stream stops watching");
  assertEquals(server.faults, []);
});

Deno.test("serveControl() says that a stream is over when the server ends", async () => {
  await using place = new ControlPlace();
  const server = place.serve("8080");
  using client = await RawClient.connect(server);
  await client.ask("tail");
  await client.lines.next();
  server.control.happen(messageWatched("last words"));
  await server.stop();
  assertStrictEquals((await client.lines.next())?.text, "03:04:05Z bob: last words");
  assertEquals(await client.lines.next(), { ok: true, text: "", data: null });
  assertStrictEquals(await client.lines.next(), undefined);
});

Deno.test("serveControl() drops a stream that is not read, and delays no other", async () => {
  await using place = new ControlPlace();
  const server = place.serve("8080");
  using slow = await RawClient.connect(server);
  await slow.ask("tail");
  await slow.lines.next();
  const event = messageWatched("x".repeat(8192));
  // Without a turn of the event loop in between: nothing can have been written yet.
  for (let bytes = 0; bytes <= MAX_QUEUED_BYTES + 20_000; bytes += 8192) {
    server.control.happen(event);
  }
  assertStrictEquals(server.control.listeners.size, 0);
  await server.sessions[0]?.done;
  using other = await RawClient.connect(server);
  await other.ask("groups");
  assertStrictEquals((await other.lines.next())?.ok, true);
  assertEquals(server.faults, []);
});

Deno.test("serveControl() lets one answer be longer than the queue's limit", async () => {
  await using place = new ControlPlace();
  const control = new FakeControl();
  const reason = "r".repeat(2 * MAX_QUEUED_BYTES);
  control.banned = [{ subject: "bob", kind: "name", until: null, reason }];
  using client = await RawClient.connect(place.serve("8080", control));
  await client.ask("bans");
  assertEquals((await client.lines.next())?.data, { bans: control.banned });
});

Deno.test("ControlSession.end() waits a second at most for a reader that does not read", async () => {
  await using place = new ControlPlace();
  const control = new FakeControl();
  const reason = "r".repeat(4 * MAX_QUEUED_BYTES);
  control.banned = [{ subject: "bob", kind: "name", until: null, reason }];
  const server = place.serve("8080", control);
  using client = await RawClient.connect(server);
  await client.ask("bans");
  // The first bytes have arrived: the rest is stuck, as the client reads no more.
  await client.conn.read(new Uint8Array(1));
  const before = performance.now();
  await server.stop();
  assert(performance.now() - before < 5_000);
  assertEquals(server.faults, []);
});

Deno.test("serveControl() closes on a line over the cap, with a reason", async () => {
  await using place = new ControlPlace();
  using client = await RawClient.connect(place.serve("8080"));
  await client.write("x".repeat(70_000)).catch(() => {}); // it may be closed before all is written
  assertMatch(`${(await client.lines.next())?.error}`, /^Line too long/);
  assertStrictEquals(await client.lines.next().catch(() => undefined), undefined);
});

Deno.test("A bug in serving one connection ends that connection only, and is reported", async () => {
  await using place = new ControlPlace();
  const control = new FakeControl();
  const bug = new Error("bug");
  control.groups = () => {
    throw bug;
  };
  const server = place.serve("8080", control);
  using broken = await RawClient.connect(server);
  using healthy = await RawClient.connect(server);
  await broken.ask("groups");
  assertStrictEquals(await broken.lines.next(), undefined);
  assertEquals(server.faults, [bug]);
  await healthy.ask("who");
  assertStrictEquals((await healthy.lines.next())?.ok, true);
});

Deno.test("serveControl() is not disturbed by a client that connects and leaves", async () => {
  await using place = new ControlPlace();
  const server = place.serve("8080");
  (await RawClient.connect(server))[Symbol.dispose]();
  await until(() => server.sessions.length === 1, "the connection is accepted");
  await server.sessions[0]?.done;
  assertEquals(server.faults, []);
});
