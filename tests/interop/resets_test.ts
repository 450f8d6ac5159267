// F23, F24: connections that end in a reset, which the runtime cannot send: python3 closes sockets
// with SO_LINGER 0.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { DIALECT_PHRASES } from "../dialect_phrases.ts";
import { ServerFixture } from "../faults/server_fixture.ts";

/** The Python part: `reset(socket)` closes with RST; the port is the first argument. */
const PRELUDE = `
import socket, struct, sys
def connect():
    return socket.create_connection(("127.0.0.1", int(sys.argv[1])))
def reset(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()
`;
import { until } from "../until.ts";

/** Runs `script` against the server, to its end. */
async function python(fixture: ServerFixture, script: string, ...args: string[]): Promise<void> {
  const port = "port" in fixture.tcp ? String(fixture.tcp.port) : "";
  const { success, stderr } = await new Deno.Command("python3", {
    args: ["-c", PRELUDE + script, port, ...args],
    stdout: "null",
    stderr: "piped",
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}

Deno.test("F23: 1000 resets right after connecting disturb no other client", async () => {
  await using fixture = await ServerFixture.open();
  const witness = await fixture.join("native", "witness");
  const speaker = await fixture.join("plain", "speaker");
  const resetting = python(fixture, "for _ in range(1000): reset(connect())");
  const sent: string[] = [];
  let over = false;
  void resetting.finally(() => over = true);
  while (!over) {
    sent.push(`word ${sent.length}`);
    await speaker.say(sent.at(-1) ?? "");
    await Promise.all([speaker.barrier(), fixture.canary()]);
  }
  await resetting;
  assertEquals((await witness.received()).map(({ text }) => text), sent);
  await until(() => fixture.server.sessions.size === 2, "all were gone");
  assertStrictEquals(fixture.log.filter(({ what }) => what === "fault").length, 0);
  await fixture.canary();
});

for (const { dialect, hello, say } of DIALECT_PHRASES) {
  Deno.test(`F24: ${dialect} that is reset in the middle of a line leaves once`, async () => {
    await using fixture = await ServerFixture.open();
    const witness = await fixture.join("native", "witness");
    const halves = [hello("victim"), say("never finished").subarray(0, -3)];
    const script = `
s = connect()
s.sendall(bytes.fromhex(sys.argv[2]))
got = b""
while b"victim" not in got: got += s.recv(1)  # the welcome
s.sendall(bytes.fromhex(sys.argv[3]))
reset(s)
`;
    await python(fixture, script, ...halves.map((half) => half.toHex()));
    await witness.match(/"left"/);
    await fixture.closes("reset");
    assertEquals(await witness.barrier(), []);
    const events = witness.seen.map((line) => JSON.parse(line));
    const left = events.filter(({ type }) => type === "left");
    assertEquals(left, [{ type: "left", name: "victim", reason: "connection lost" }]);
    assertEquals(witness.seen.flatMap((line) => witness.book.message(line) ?? []), []);
    assertStrictEquals(fixture.log.filter(({ what }) => what === "fault").length, 0);
    await fixture.canary();
  });

  Deno.test(`F24: ${dialect} that is reset while the server writes leaves once`, async () => {
    await using fixture = await ServerFixture.open();
    const witness = await fixture.join("native", "witness");
    const script = `
s = connect()
s.sendall(bytes.fromhex(sys.argv[2]))
got = 0
while got < 100000: got += len(s.recv(4096))
reset(s)
`;
    const resetting = python(fixture, script, hello("victim").toHex());
    await witness.match(/"joined"/);
    let over = false;
    void resetting.finally(() => over = true);
    let sent = 0;
    while (!over || fixture.isHere("victim")) {
      await witness.say(`${sent++} ${"w".repeat(4_000)}`);
      await witness.match(/"ack"/);
    }
    await resetting;
    await fixture.closes("reset");
    await witness.barrier();
    const left = witness.seen.filter((line) => line.includes('"left"'));
    assertEquals(left.map((line) => JSON.parse(line).name), ["victim"]);
    assertStrictEquals(fixture.log.filter(({ what }) => what === "fault").length, 0);
    await fixture.canary();
  });
}
