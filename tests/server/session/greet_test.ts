// `--listen ...,greet=TEXT`: the server speaks first, with these bytes alone (J6).

import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { LINE_PAUSE_MS } from "../../../server/limits/tuning.ts";
import type { ListenAddress } from "../../../server/net/address.ts";
import { Server } from "../../../server/server.ts";
import { FakeClock, FakeSocket } from "../../fake_clock_and_socket.ts";
import { turn } from "../../until.ts";

const TCP = { kind: "tcp", host: "192.0.2.1", port: 1 } as const;
const UNIX = { kind: "unix", path: "/tmp/room" } as const;

/** A server with one client of a listener. */
async function greeted(listener: ListenAddress) {
  const clock = new FakeClock();
  const server = new Server({ clock });
  const socket = new FakeSocket();
  server.serve({ socket, address: "192.0.2.7" }, server.sessionOptions(listener));
  await turn();
  return {
    server,
    socket,
    names: () => [...server.chat.members].map(({ name }) => name),
    async send(text: string): Promise<void> {
      socket.send(text);
      await turn();
      clock.advance(LINE_PAUSE_MS);
      await turn();
    },
    async wait(ms: number): Promise<void> {
      clock.advance(ms);
      await turn();
    },
  };
}

for (const at of [TCP, UNIX]) {
  Deno.test(`A listener with greet=NICK on ${at.kind} sends this alone, and the answer is the name`, async () => {
    const one = await greeted({ at, greet: "NICK", notices: false });
    await one.wait(one.server.limits.greetAfterMs);
    assertStrictEquals(one.socket.text, "NICK");
    await one.send("carl");
    assertEquals(one.names(), ["carl"]);
    assertMatch(one.socket.text, /^NICK-- You are carl/);
  });
}

Deno.test("A listener with greet=TEXT serves every dialect, and a silent client has as long as elsewhere", async () => {
  const native = await greeted({ at: TCP, greet: "hi\n", notices: false });
  await native.send('{"type":"hello","name":"bot"}\n');
  assertEquals(native.names(), ["bot"]);
  assertMatch(native.socket.text, /^hi\n\{"type":"welcome"/);

  const silent = await greeted({ at: TCP, greet: "NICK", notices: false });
  await silent.wait(silent.server.limits.greetedMs - 1);
  assertStrictEquals(silent.socket.closed, 0);
  await silent.wait(1);
  assertMatch(silent.socket.text, /gave no name in time/);
});
