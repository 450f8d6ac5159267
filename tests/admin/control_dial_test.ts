// Connecting to a control socket: of a running server, of a dead one, and of one that does not
// answer. No test waits: the fake alarms go off when the test says so.

import { assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import {
  CONTROL_TIMEOUT_MS,
  dialControl,
  type StartTimer,
  withTimeout,
} from "../../admin/control_dial.ts";
import { ControlPlace, FakeAlarms } from "./control_socket.ts";
import { until } from "../until.ts";

/** A timer that fires before anything else can happen. */
const atOnce: StartTimer = (_ms, fire) => {
  fire();
  return () => {};
};

Deno.test("withTimeout() gives what came in time, and stops the clock", async () => {
  const alarms = new FakeAlarms();
  assertStrictEquals(await withTimeout(Promise.resolve(7), alarms.after), 7);
  assertMatch(
    String(await assertRejects(() => withTimeout(Promise.reject(new Error("no")), alarms.after))),
    /no/,
  );
  assertStrictEquals(alarms.set.size, 0);
});

Deno.test("withTimeout() gives up after five seconds", async () => {
  const alarms = new FakeAlarms();
  const waiting = withTimeout(new Promise(() => {}), alarms.after);
  assertEquals([...alarms.set].map(({ ms }) => ms), [CONTROL_TIMEOUT_MS]);
  assertStrictEquals(CONTROL_TIMEOUT_MS, 5_000);
  alarms.strike();
  assertStrictEquals(await waiting, "late");
  assertStrictEquals(alarms.set.size, 0);
});

Deno.test("dial() connects to a server, or reports that none is running", async () => {
  await using place = new ControlPlace();
  const { path } = place.serve("8080");
  const { after } = new FakeAlarms();
  const dialed = await dialControl(path, after);
  assertStrictEquals(dialed.kind, "open");
  if (dialed.kind === "open") dialed.conn.close();
  assertEquals(await dialControl(`${place.root}/none.sock`, after), { kind: "absent" });
});

Deno.test("dial() lets go of a connection that comes too late", async () => {
  await using place = new ControlPlace();
  const server = place.serve("8080");
  assertEquals(await dialControl(server.path, atOnce), { kind: "silent" });
  await until(() => server.sessions.length === 1, "the connection comes all the same");
  await server.sessions[0]?.done;
});

Deno.test({
  name: "dial() takes a full queue of connections for a server that does not answer",
  ignore: Deno.build.os !== "linux", // elsewhere a full queue looks the same as no listener
  fn: fillQueue,
});

async function fillQueue(): Promise<void> {
  await using place = new ControlPlace();
  const path = `${place.root}/stuck.sock`;
  using _listener = Deno.listen({ transport: "unix", path });
  const { after } = new FakeAlarms();
  const conns: Deno.UnixConn[] = [];
  let dialed = await dialControl(path, after);
  while (dialed.kind === "open") {
    conns.push(dialed.conn);
    dialed = await dialControl(path, after);
  }
  for (const conn of conns) conn.close();
  assertEquals(dialed, { kind: "silent" });
}
