import { assertEquals, assertMatch } from "@std/assert";
import { usermsg } from "../../protocol/usermsg.ts";
import { systemClock } from "../../shared/clock.ts";
import { loadOn, Relay, type Spoil, TEST_TIMING } from "./faulty_server.ts";

Deno.test("runLoad() names Nagle's algorithm with delayed acknowledgements (K10)", async () => {
  const spoil: Spoil = ({ bytes }) => [bytes.subarray(0, 8), bytes.subarray(8)];
  await using relay = new Relay({ dialect: usermsg, spoil, delaysSmallWrites: true });
  const one = { messages: 1, seconds: 1 };
  const report = await loadOn(relay.port, usermsg, {
    clock: systemClock,
    senders: 10,
    window: 1,
    messages: 150,
    timing: { ...TEST_TIMING, warmUp: one, latency: one },
  });
  assertEquals(report.problems, []);
  assertMatch(
    report.notes.join(),
    /^\d+ % of the deliveries took about 40 ms: probably Nagle's .* TCP_NODELAY$/,
  );
});
