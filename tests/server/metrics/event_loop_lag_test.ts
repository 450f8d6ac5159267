import { assertEquals, assertStrictEquals } from "@std/assert";
import type { Clock } from "../../../shared/clock.ts";
import { LagMeter } from "../../../server/metrics/event_loop_lag.ts";
import { FakeClock } from "../../fake_clock_and_socket.ts";

/** A clock that is `late()` milliseconds ahead when a timer first reads it. */
function lateClock(clock: FakeClock, late: () => number): Clock {
  let lateness = 0;
  return {
    now: () => clock.now(),
    monotonic() {
      const time = clock.monotonic() + lateness;
      lateness = 0;
      return time;
    },
    after: (ms, fire) =>
      clock.after(ms, () => {
        lateness = late();
        fire();
      }),
  };
}

Deno.test("LagMeter.lag is zero before the first sample", () => {
  const meter = new LagMeter({ clock: new FakeClock(), everyMs: 100, samples: 10 });
  assertEquals(meter.lag, { median: 0, worst: 0 });
});

Deno.test("LagMeter.lag is the median and the worst of the newest samples", () => {
  const clock = new FakeClock();
  const late = [50, 1, 2, 3, 4, 19.96];
  const meter = new LagMeter({
    clock: lateClock(clock, () => late.shift() ?? 0),
    everyMs: 100,
    samples: 5,
  });
  meter.start();
  clock.advance(300);
  assertEquals(meter.lag, { median: 2, worst: 50 });
  clock.advance(300);
  assertEquals(meter.lag, { median: 3, worst: 20 }, "the oldest is forgotten");
  meter.stop();
  assertStrictEquals(clock.pending, 0);
});
