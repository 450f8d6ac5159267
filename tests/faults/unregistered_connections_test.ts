// F3, F4, F12: connections that never register. Half a line is closed 10 s after connecting; a
// silent client has 60 s to read the greeting, on purpose more than F3 and F4 allow.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { frame } from "../../protocol/frames.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { concatBytes, DIALECT_PHRASES } from "../dialect_phrases.ts";
import { ServerFixture } from "./server_fixture.ts";
import { until } from "../until.ts";

const TIMEOUT_REGEXP = /gave no name in time/;

/** Milliseconds between two bytes: on a Unix socket a longer silence would end the line (R6). */
const DRIPS = { tcp: 5_000, unix: 250 } as const;

for (const { dialect, hello } of DIALECT_PHRASES) {
  for (const kind of ["tcp", "unix"] as const) {
    const title = `F3: ${dialect} on ${kind} that drips a line is cut 10 s after connecting`;
    Deno.test(title, async () => {
      const clock = new FakeClock();
      await using fixture = await ServerFixture.open({ clock });
      const witness = await fixture.join("native", "witness");
      const slow = await fixture.connect(dialect, fixture[kind]);
      const line = hello("slow".repeat(16));
      for (let at = 0; at * DRIPS[kind] < 10_000; at++) {
        await slow.send(line.subarray(at, at + 1));
        await witness.barrier(); // gives the server time to read the byte
        clock.advance(DRIPS[kind] - 1);
        assertStrictEquals(fixture.server.sessions.size, 2, "cut too early");
        clock.advance(1);
      }
      assertMatch((await slow.ended()).join("\n"), TIMEOUT_REGEXP);
      await fixture.closes("registration_timeout");
      assertEquals(await witness.barrier(), []);
      await fixture.canary();
    });
  }
}

Deno.test("F3: whole requests that give no name do not extend the time", async () => {
  const clock = new FakeClock();
  await using fixture = await ServerFixture.open({ clock });
  const witness = await fixture.join("native", "witness");
  const pinger = await fixture.connect("native");
  for (let round = 0; round < 10; round++) {
    await pinger.client.request({ type: "ping", ref: round });
    await pinger.match(/"pong"/);
    clock.advance(1_000);
  }
  assertMatch((await pinger.ended()).join("\n"), TIMEOUT_REGEXP);
  assertEquals(await witness.barrier(), []);
});

Deno.test("F3: a greeted client has 60 s, and 10 s from the first byte on", async () => {
  const clock = new FakeClock();
  await using fixture = await ServerFixture.open({ clock });
  const witness = await fixture.join("native", "witness");
  const reader = await fixture.connect("plain");
  const typist = await fixture.connect("plain");
  await until(() => fixture.server.sessions.size === 3, "both were there");
  clock.advance(fixture.server.limits.greetAfterMs);
  await Promise.all([reader.match(/Type your name/), typist.match(/Type your name/)]);
  clock.advance(30_000);
  await typist.send("a");
  await witness.barrier();
  clock.advance(9_999);
  assertStrictEquals(fixture.server.sessions.size, 3, "cut too early");
  clock.advance(1);
  assertMatch((await typist.ended()).join("\n"), TIMEOUT_REGEXP);
  await reader.send("late");
  await witness.barrier();
  await reader.send(" but here\n");
  await reader.match(/-- You are|-! /);
});

Deno.test("F4: 200 connections that send nothing are greeted, cut and forgotten", async () => {
  const clock = new FakeClock();
  await using fixture = await ServerFixture.open({ clock });
  const timers = clock.pending;
  const silent = [];
  for (let count = 0; count < 200; count++) silent.push(await fixture.connect());
  const { sessions } = fixture.server;
  await until(() => sessions.size === silent.length, "all were there");
  await fixture.canary();
  clock.advance(fixture.server.limits.greetAfterMs);
  await Promise.all(silent.map((guest) => guest.match(/Type your name/)));
  await until(() => sessions.size === silent.length, "the canary was gone");
  clock.advance(fixture.server.limits.greetedMs - fixture.server.limits.greetAfterMs - 1);
  assertStrictEquals(sessions.size, silent.length, "cut too early");
  clock.advance(1);
  for (const guest of silent) assertMatch((await guest.ended()).join("\n"), TIMEOUT_REGEXP);
  await until(() => sessions.size === 0, "all were gone");
  await fixture.closes("registration_timeout", silent.length);
  assertStrictEquals(fixture.operator.stats().queuedBytes, 0);
  assertStrictEquals(clock.pending, timers, "timers of connections that are gone");
  const first = await fixture.join("native", "first");
  const [welcome = "{}"] = first.seen;
  assertStrictEquals(JSON.parse(welcome).id, 1, "ids are free again");
});

Deno.test("F4: silence on a Unix socket is cut after 10 s", async () => {
  const clock = new FakeClock();
  await using fixture = await ServerFixture.open({ clock });
  const silent = await fixture.connect("plain", fixture.unix);
  await until(() => fixture.server.sessions.size === 1, "it was there");
  clock.advance(9_999);
  assertStrictEquals(fixture.server.sessions.size, 1, "cut too early");
  clock.advance(1);
  assertMatch((await silent.ended()).join("\n"), TIMEOUT_REGEXP);
  await fixture.canary();
});

Deno.test("A client of sheet 000 that sleeps 5 s before and after its message is answered (R8)", async () => {
  const clock = new FakeClock();
  await using fixture = await ServerFixture.open({ clock });
  const witness = await fixture.join("native", "witness");
  const sleepy = await fixture.connect("plain", fixture.unix);
  await until(() => fixture.server.sessions.size === 2, "it was there");
  clock.advance(5_000);
  const layout = { headerBytes: 16, littleEndian: true } as const;
  await sleepy.send(frame(layout, 0, "sleepy"));
  await witness.match(/"joined","name":"sleepy"/);
  await sleepy.send(frame(layout, 1, "I am sleepy"));
  await witness.match(/"from":"sleepy","text":"I am sleepy"/);
  clock.advance(5_000);
  assert(fixture.isHere("sleepy"));
  await sleepy.client.end();
  await witness.match(/"left","name":"sleepy"/);
});

const STRANGERS: readonly [string, Uint8Array, RegExp][] = [
  ["RTSP", concatBytes("OPTIONS / RTSP/1.0\r\n\r\n"), /^-! RTSP is not served/],
  ["Java objects", concatBytes([0xac, 0xed, 0, 5, 0x74, 0, 1], "x"), /^-! Java objects.*writeUTF/],
  ["a PROXY header", concatBytes("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nbob\r\n"), /^-! .*,proxy/],
  [
    "a TLS ClientHello",
    concatBytes([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3], new Uint8Array(500)),
    /^-! TLS is not served/,
  ],
  [
    "an SSH banner",
    concatBytes("SSH-2.0-OpenSSH_9.9\r\n", [0, 0, 3, 204]),
    /^-! SSH is not served/,
  ],
  ["IRC", concatBytes("NICK evan\r\nUSER evan 0 * :Evan\r\n"), /^-! IRC is not served/],
  ["a binary header", concatBytes([0, 0, 0, 4, 1, 2, 3, 4]), /^-! Not text/],
];

for (const [what, hello, answer] of STRANGERS) {
  Deno.test(`F12: ${what} gets one line, a close and one entry in the log`, async () => {
    await using fixture = await ServerFixture.open();
    const witness = await fixture.join("native", "witness");
    const stranger = await fixture.connect();
    await stranger.send(hello);
    const lines = await stranger.ended();
    assertStrictEquals(lines.length, 1, lines.join("\n"));
    assertMatch(lines[0] ?? "", answer);
    await until(() => fixture.log.length > 0, "it was logged");
    assertEquals(await witness.barrier(), []);
    await fixture.canary();
    const entries = fixture.log.filter(({ what, details }) =>
      what === "closed" && details.reason === "unsupported_protocol"
    );
    assertStrictEquals(entries.length, 1);
    const alarms = fixture.log.filter(({ level }) => level === "warning" || level === "error");
    assertEquals(alarms, []);
  });
}
