import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { GuessLimit, MOST_JUDGED } from "../../../server/authority/guess_limit.ts";
import { ownDelayMs } from "../../../server/authority/own_delay.ts";
import { FakeClock } from "../../fake_clock_and_socket.ts";

Deno.test("A8: GuessLimit.judges() answers ten wrong guesses a minute of an address, and of a name", () => {
  const clock = new FakeClock();
  const limit = new GuessLimit(clock);
  const judged = (address: string, name?: string) =>
    Array.from({ length: 30 }, () => limit.judges(address, name)).filter(Boolean).length;
  assertStrictEquals(judged("192.0.2.1"), MOST_JUDGED);
  assertStrictEquals(judged("::ffff:192.0.2.1"), 0, "the same address");
  assertStrictEquals(judged("192.0.2.2", "alice"), MOST_JUDGED);
  assertStrictEquals(judged("192.0.2.3", "alice"), 0, "the same name from elsewhere");
  assertStrictEquals(judged("2001:db8::1"), MOST_JUDGED);
  assertStrictEquals(judged("2001:db8::2"), 0, "the same /64");
  clock.advance(61_000);
  assertStrictEquals(judged("192.0.2.1", "alice"), MOST_JUDGED);
});

Deno.test("A3: GuessLimit.check() runs every check in the end, with the newest among those that wait", () => {
  const clock = new FakeClock();
  const limit = new GuessLimit(clock);
  for (let at = 0; at < MOST_JUDGED; at++) limit.judges("a");
  const [run, displaced]: [number[], number[]] = [[], []];
  for (let at = 0; at < 800; at++) {
    limit.check("a", {
      run: (done) => {
        run.push(at);
        done();
      },
      displaced: () => displaced.push(at),
    });
  }
  assertEquals(run, []);
  assertStrictEquals(displaced.length, 750);
  for (let at = 0; at < 60; at++) clock.advance(100);
  assertEquals(run, Array.from({ length: 50 }, (_, at) => 750 + at));
  let other = 0;
  limit.check("b", { run: () => other++, displaced: () => {} });
  assertStrictEquals(other, 1, "another address does not wait");
});

Deno.test("GuessLimit.check() lets ten run together, more only as they end", () => {
  const clock = new FakeClock();
  const limit = new GuessLimit(clock);
  const running: (() => void)[] = [];
  for (let at = 0; at < 20; at++) {
    limit.check("a", { run: (done) => running.push(done), displaced: () => {} });
  }
  assertStrictEquals(running.length, MOST_JUDGED);
  clock.advance(1_000);
  assertStrictEquals(running.length, MOST_JUDGED);
  for (const done of running.splice(0)) done();
  clock.advance(1_000);
  assert(running.length > 0);
  limit.stop();
});

Deno.test("GuessLimit remembers no more keys than it may", () => {
  const limit = new GuessLimit(new FakeClock());
  for (let at = 0; at < 10_500; at++) limit.judges(`key ${at}`);
  assertStrictEquals(limit.size, 10_000);
});

Deno.test("ownDelayMs() doubles and ends at eight seconds", () => {
  assertEquals([1, 2, 3, 4, 5, 6, 60].map(ownDelayMs), [
    ...[500, 1_000, 2_000, 4_000],
    ...[8_000, 8_000, 8_000],
  ]);
});
