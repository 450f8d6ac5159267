import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { ShutdownCountdown } from "../../../server/operator/shutdown_countdown.ts";
import { FakeClock } from "../../fake_clock_and_socket.ts";

/** A countdown that records its announcements and the second of each. */
function counting() {
  const clock = new FakeClock();
  const start = clock.now();
  const reported: (readonly [second: number, left: number | null | "stop"])[] = [];
  const note = (left: number | null | "stop") =>
    reported.push([(clock.now() - start) / 1000, left]);
  const countdown: ShutdownCountdown = new ShutdownCountdown({
    clock,
    tell: note,
    stop: () => {
      note("stop");
      countdown.end();
    },
  });
  return { clock, countdown, reported };
}

Deno.test("ShutdownCountdown announces at the start and at 60, 30, 10, 5, 4, 3, 2, 1 below it, then stops (D10)", () => {
  const { clock, countdown, reported } = counting();
  assertEquals(countdown.start(100), { replaced: false });
  clock.advance(200_000);
  assertEquals(reported, [
    [0, 100],
    [40, 60],
    [70, 30],
    [90, 10],
    [95, 5],
    [96, 4],
    [97, 3],
    [98, 2],
    [99, 1],
    [100, "stop"],
  ]);
  assertStrictEquals(clock.pending, 0);
});

for (
  const [seconds, left] of [
    [60, [60, 30, 10, 5, 4, 3, 2, 1]],
    [10, [10, 5, 4, 3, 2, 1]],
    [
      7,
      [7, 5, 4, 3, 2, 1],
    ],
    [3, [3, 2, 1]],
    [1, [1]],
    [0, [0]],
  ] as const
) {
  Deno.test(`ShutdownCountdown.start(${seconds}) announces ${left.join(", ")}`, () => {
    const { clock, countdown, reported } = counting();
    countdown.start(seconds);
    clock.advance(seconds * 1000);
    assertEquals<unknown>(reported, [...left.map((n) => [seconds - n, n]), [seconds, "stop"]]);
  });
}

Deno.test("ShutdownCountdown.start() again replaces the first one entirely", () => {
  const { clock, countdown, reported } = counting();
  countdown.start(10);
  clock.advance(6_000);
  assertEquals(countdown.start(60), { replaced: true });
  assertStrictEquals(clock.pending, 1);
  clock.advance(59_000);
  assertEquals(reported.slice(0, 4), [[0, 10], [5, 5], [6, 4], [6, 60]]);
  assert(reported.every(([, left]) => left !== "stop"));
  clock.advance(1_000);
  assertEquals(reported.at(-1), [66, "stop"]);
});

Deno.test("ShutdownCountdown.start(0) during a countdown stops now", () => {
  const { clock, countdown, reported } = counting();
  countdown.start(60);
  countdown.start(0);
  clock.advance(0);
  assertEquals(reported, [[0, 60], [0, 0], [0, "stop"]]);
});

Deno.test("ShutdownCountdown.cancel() says so, and nothing more comes", () => {
  const { clock, countdown, reported } = counting();
  countdown.start(5);
  clock.advance(1_500);
  assertStrictEquals(countdown.cancel(), true);
  assertStrictEquals(countdown.secondsLeft, null);
  clock.advance(60_000);
  assertEquals(reported, [[0, 5], [1, 4], [1.5, null]]);
  assertStrictEquals(clock.pending, 0);
});

Deno.test("ShutdownCountdown.cancel() with nothing announced says nothing", () => {
  const { countdown, reported } = counting();
  assertStrictEquals(countdown.cancel(), false);
  assertEquals(reported, []);
});

Deno.test("ShutdownCountdown.start() after a cancel replaces nothing", () => {
  const { countdown } = counting();
  countdown.start(5);
  countdown.cancel();
  assertEquals(countdown.start(5), { replaced: false });
  countdown.end();
});

Deno.test("ShutdownCountdown.end() ends it silently", () => {
  const { clock, countdown, reported } = counting();
  countdown.start(5);
  countdown.end();
  clock.advance(60_000);
  assertEquals(reported, [[0, 5]]);
  assertStrictEquals(clock.pending, 0);
});

Deno.test("ShutdownCountdown.secondsLeft is rounded up, and null when nothing is announced", () => {
  const { clock, countdown } = counting();
  assertStrictEquals(countdown.secondsLeft, null);
  countdown.start(5);
  assertStrictEquals(countdown.secondsLeft, 5);
  clock.advance(1);
  assertStrictEquals(countdown.secondsLeft, 5);
  clock.advance(999);
  assertStrictEquals(countdown.secondsLeft, 4);
  clock.advance(4_000);
  assertStrictEquals(countdown.secondsLeft, null);
});
