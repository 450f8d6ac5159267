// The messages that a service manager receives.

import { assertEquals, assertStrictEquals } from "@std/assert";
import { notifySocket, ServiceNotifier, watchdogMs } from "../../server/service_notifier.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";

function env(values: Record<string, string>) {
  return { get: (name: string): string | undefined => values[name] };
}

Deno.test("Service says that it is ready, that its loop turns, and that it stops", () => {
  const clock = new FakeClock();
  const sent: string[] = [];
  const service = new ServiceNotifier({
    clock,
    send: (text) => sent.push(text),
    watchdogMs: 1_000,
  });
  clock.advance(5_000);
  assertEquals(sent, []);
  service.ready("Here");
  clock.advance(2_500);
  service.stopping("Saying goodbye");
  clock.advance(1_000); // saying goodbye may take longer than the watchdog waits
  service.end();
  clock.advance(5_000);
  const alive = "WATCHDOG=1";
  const ready = "READY=1\nSTATUS=Here";
  assertEquals(sent, [ready, alive, alive, "STOPPING=1\nSTATUS=Saying goodbye", alive]);
});

Deno.test("Service without a watchdog sets no timer", () => {
  const clock = new FakeClock();
  new ServiceNotifier({ clock, send: () => {}, watchdogMs: undefined }).ready("Here");
  assertStrictEquals(clock.pending, 0);
});

Deno.test("notifySocket() takes paths and abstract names only", () => {
  assertStrictEquals(notifySocket(env({ NOTIFY_SOCKET: "/run/notify" })), "/run/notify");
  assertStrictEquals(notifySocket(env({ NOTIFY_SOCKET: "@abstract" })), "@abstract");
  for (const other of ["", "/", "@", "vsock:2:1234", "relative"]) {
    assertStrictEquals(notifySocket(env({ NOTIFY_SOCKET: other })), undefined, other);
  }
  assertStrictEquals(notifySocket(env({})), undefined);
});

Deno.test("watchdogMs() is half of what is allowed, for this process alone", () => {
  assertStrictEquals(watchdogMs(env({ WATCHDOG_USEC: "30000000" }), 7), 15_000);
  assertStrictEquals(watchdogMs(env({ WATCHDOG_USEC: "30000000", WATCHDOG_PID: "7" }), 7), 15_000);
  assertStrictEquals(
    watchdogMs(env({ WATCHDOG_USEC: "30000000", WATCHDOG_PID: "8" }), 7),
    undefined,
  );
  for (const bad of ["", "0", "-1", "soon"]) {
    assertStrictEquals(watchdogMs(env({ WATCHDOG_USEC: bad }), 7), undefined, bad);
  }
});
