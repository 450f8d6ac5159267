import { assertEquals, assertStrictEquals } from "@std/assert";
import { ReconnectCountdown } from "../../client/reconnect_countdown.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { EN } from "../../texts/en.ts";

Deno.test("ReconnectCountdown shows each second, where the reader can see it change", () => {
  const clock = new FakeClock();
  const shown: string[] = [];
  const countdown = new ReconnectCountdown(
    clock,
    true,
    (attempt, seconds) => shown.push(EN.client.attempt(attempt, seconds)),
  );
  countdown.start(2, 2_400);
  assertEquals(shown, ["attempt 2 in 3 s"]);
  clock.advance(400);
  assertEquals(shown, ["attempt 2 in 3 s", "attempt 2 in 2 s"]);
  clock.advance(5_000);
  assertEquals(shown.slice(2), ["attempt 2 in 1 s", "attempt 2"]);
  assertStrictEquals(clock.pending, 0);
  countdown.start(3, 9_000);
  countdown.start(3, 0);
  clock.advance(10_000);
  assertEquals(shown.slice(4), ["attempt 3 in 9 s", "attempt 3"]);
});

Deno.test("ReconnectCountdown shows each wait once, where every line stays", () => {
  const clock = new FakeClock();
  const shown: string[] = [];
  const countdown = new ReconnectCountdown(
    clock,
    false,
    (attempt, seconds) => shown.push(EN.client.attempt(attempt, seconds)),
  );
  countdown.start(1, 2_400);
  clock.advance(5_000);
  countdown.stop();
  assertEquals(shown, ["attempt 1 in 3 s"]);
});
