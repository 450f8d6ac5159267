import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { ConnectionEnd } from "../../client/client_connection.ts";
import { reconnectAfter, reconnectDelayMs, reconnectPolicyOf } from "../../client/reconnection.ts";
import type { CloseReason } from "../../protocol/failures.ts";

function closed(reason: string): ConnectionEnd {
  return { kind: "closed", event: { type: "closed", reason: reason as CloseReason, text: "" } };
}

Deno.test("reconnectAfter() reconnects after faults and not after refusals", () => {
  const expected = {
    soon: ["error", "slow", "eof", "reset", "registration_timeout", "one_of_a_later_version"],
    later: ["server_full", "too_many_connections"],
    announced: ["shutdown"],
    never: ["bye", "kicked", "banned", "resumed", "line_too_long", "binary_input", "bad_frame"],
  };
  for (const [comeback, reasons] of Object.entries(expected)) {
    for (const reason of reasons) {
      assertStrictEquals(reconnectAfter(closed(reason), false), comeback);
    }
  }
  for (const end of [{ kind: "eof" }, { kind: "lost", detail: "reset" }] as const) {
    assertStrictEquals(reconnectAfter(end, false), "soon");
    assertStrictEquals(reconnectAfter(end, true), "announced");
  }
  assertStrictEquals(reconnectAfter({ kind: "here" }, false), "never");
});

Deno.test("reconnectDelayMs() doubles up to 10 s, with full jitter", () => {
  const longest = (attempt: number) => reconnectDelayMs(attempt, "soon", () => 1);
  assertEquals([1, 2, 3, 4].map(longest), [250, 500, 1000, 2000]);
  assertEquals([7, 8, 100, 5000].map(longest), [10_000, 10_000, 10_000, 10_000]);
  assertStrictEquals(reconnectDelayMs(3, "soon", () => 0), 0);
  assertStrictEquals(reconnectDelayMs(3, "soon", () => 0.25), 250);
  assertStrictEquals(reconnectDelayMs(1, "later", () => 1), 4000); // a full server is not asked again immediately
});

/** Numbers from 0 to below 1, the same in every run. */
function seeded(): () => number {
  let state = 1;
  return () => (state = state * 48_271 % 2_147_483_647) / 2_147_483_647;
}

Deno.test("reconnectDelayMs() spreads the 2,000 clients of a server that restarts (F41)", () => {
  const random = seeded();
  for (const downMs of [500, 2_000, 5_000, 60_000]) {
    const arrivals = Array.from({ length: 2_000 }, () => {
      let at = 0;
      for (let attempt = 1; at < downMs; attempt++) at += reconnectDelayMs(attempt, "soon", random);
      return at - downMs;
    });
    const perTenth = new Map<number, number>();
    for (const at of arrivals) {
      const tenth = Math.floor(at / 100);
      perTenth.set(tenth, (perTenth.get(tenth) ?? 0) + 1);
    }
    // Without jitter all 2,000 would come within a tenth of a second.
    assert(Math.max(...perTenth.values()) < 600, `${downMs} ms: ${[...perTenth.values()]}`);
    const late = arrivals.filter((at) => at > 10_000).length;
    assertStrictEquals(late, 0, `${late} of them after more than 10 s`);
  }
});

Deno.test("reconnectPolicyOf() tries again without an answer, and not if the user has to decide", () => {
  assertStrictEquals(reconnectPolicyOf({ kind: "unreachable", error: "No server" }), "soon");
  assertStrictEquals(
    reconnectPolicyOf({ kind: "unreachable", error: "REFUSED", final: true }),
    "never",
  );
  assertStrictEquals(reconnectPolicyOf({ kind: "no_welcome" }), "soon");
  const end = { kind: "eof" } as const;
  assertStrictEquals(reconnectPolicyOf({ kind: "ended", end, stopAnnounced: true }), "announced");
});
