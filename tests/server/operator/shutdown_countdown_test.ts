import assert from "node:assert/strict";
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
  assert.deepEqual(countdown.start(100), { replaced: false });
  clock.advance(200_000);
  assert.deepEqual(reported, [
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
  assert.equal(clock.pending, 0);
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
    assert.deepEqual(reported, [...left.map((n) => [seconds - n, n]), [seconds, "stop"]]);
  });
}

Deno.test("ShutdownCountdown.start() again replaces the first one entirely", () => {
  const { clock, countdown, reported } = counting();
  countdown.start(10);
  clock.advance(6_000);
  assert.deepEqual(countdown.start(60), { replaced: true });
  assert.equal(clock.pending, 1);
  clock.advance(59_000);
  assert.deepEqual(reported.slice(0, 4), [[0, 10], [5, 5], [6, 4], [6, 60]]);
  assert.ok(reported.every(([, left]) => left !== "stop"));
  clock.advance(1_000);
  assert.deepEqual(reported.at(-1), [66, "stop"]);
});

Deno.test("ShutdownCountdown.start(0) during a countdown stops now", () => {
  const { clock, countdown, reported } = counting();
  countdown.start(60);
  countdown.start(0);
  clock.advance(0);
  assert.deepEqual(reported, [[0, 60], [0, 0], [0, "stop"]]);
});

Deno.test("ShutdownCountdown.cancel() says so, and nothing more comes", () => {
  const { clock, countdown, reported } = counting();
  countdown.start(5);
  clock.advance(1_500);
  assert.equal(countdown.cancel(), true);
  assert.equal(countdown.secondsLeft, null);
  clock.advance(60_000);
  assert.deepEqual(reported, [[0, 5], [1, 4], [1.5, null]]);
  assert.equal(clock.pending, 0);
});

Deno.test("ShutdownCountdown.cancel() with nothing announced says nothing", () => {
  const { countdown, reported } = counting();
  assert.equal(countdown.cancel(), false);
  assert.deepEqual(reported, []);
});

Deno.test("ShutdownCountdown.start() after a cancel replaces nothing", () => {
  const { countdown } = counting();
  countdown.start(5);
  countdown.cancel();
  assert.deepEqual(countdown.start(5), { replaced: false });
  countdown.end();
});

Deno.test("ShutdownCountdown.end() ends it silently", () => {
  const { clock, countdown, reported } = counting();
  countdown.start(5);
  countdown.end();
  clock.advance(60_000);
  assert.deepEqual(reported, [[0, 5]]);
  assert.equal(clock.pending, 0);
});

Deno.test("ShutdownCountdown.secondsLeft is rounded up, and null when nothing is announced", () => {
  const { clock, countdown } = counting();
  assert.equal(countdown.secondsLeft, null);
  countdown.start(5);
  assert.equal(countdown.secondsLeft, 5);
  clock.advance(1);
  assert.equal(countdown.secondsLeft, 5);
  clock.advance(999);
  assert.equal(countdown.secondsLeft, 4);
  clock.advance(4_000);
  assert.equal(countdown.secondsLeft, null);
});
