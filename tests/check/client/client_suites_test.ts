// Every suite against a correct client and against clients with one bug each: the checks about the
// bug fail, and no others.

import { assert, assertEquals, assertMatch } from "@std/assert";
import type { DialectName } from "../../../protocol/dialect.ts";
import { DIALECT_NAMES } from "../../../protocol/dialects.ts";
import { type Bug, checkFakeClient, clientOf } from "../fake_client.ts";

for (const name of DIALECT_NAMES) {
  Deno.test(`checkClient() passes a correct client of ${name}`, async () => {
    const { failed, findings } = await checkFakeClient(name, clientOf(name));
    assertEquals(failed, []);
    const passed = findings.filter(({ verdict }) => verdict.kind === "pass");
    assert(passed.length >= 14, String(passed.length));
  });
}

/** It waits for an answer to each line, which sheet 004 does not have. */
const SYNCHRONOUS = ["shows-at-once", "sends-again", "in-pieces", "while-typing", "server-closes"];

/** The checks that fail, for each bug of each dialect. */
const BUGS: readonly (readonly [DialectName, Bug, readonly string[]])[] = [
  ["usermsg", "one read", ["in-pieces", "utf8-in"]],
  ["usermsg", "first only", ["two-in-one"]],
  ["usermsg", "synchronous", SYNCHRONOUS],
  ["usermsg", "half letters", ["utf8-in"]],
  ["usermsg", "short buffer", ["long-out"]],
  ["usermsg", "NUL", ["user-first"]],
  ["usermsg", "deaf", ["end-of-input", "server-closes"]],
  ["usermsg", "spins", ["end-of-input", "server-closes", "server-vanishes", "typed-to-nobody"]],
  ["usermsg", "floods", ["end-of-input"]],
  ["usermsg", "ignores EOF", ["end-of-input"]],
  ["framed", "one read", ["split-header", "split-text"]],
  ["framed", "first only", ["two-in-one", "ok-and-frame"]],
  ["framed", "early ko", ["ko"]],
  ["framed", "header first", ["one-write"]],
  ["framed", "spins", ["end-of-input", "server-closes", "server-vanishes", "typed-to-nobody"]],
  ["plain", "synchronous", ["unasked", "last-reply"]],
  ["plain", "crashes", ["server-closes", "server-vanishes", "typed-to-nobody"]],
  ["plain", "exit 1", ["end-of-input"]],
  ["plain", "deaf", ["end-of-input", "server-closes"]],
  ["etx", "one read", ["in-pieces"]],
  ["etx", "first only", ["several-lines", "two-in-one"]],
  ["etx", "no bye", ["end-of-input", "interrupt", "terminate"]],
  ["etx", "no handler", ["interrupt", "terminate"]],
  ["etx", "deaf", ["server-closes"]],
  ["native", "one read", ["in-pieces"]],
  ["native", "first only", ["two-in-one"]],
  ["native", "no ref", ["ref"]],
  ["native", "no bye", ["bye"]],
];

for (const name of DIALECT_NAMES) {
  Deno.test(`checkClient() finds each bug of a client of ${name}, and no other`, async () => {
    const rows = BUGS.filter(([dialect]) => dialect === name);
    // In parallel, because they mostly wait.
    const found = await Promise.all(rows.map(async ([, bug]) => {
      const { failed } = await checkFakeClient(name, clientOf(name, bug));
      return [bug, failed];
    }));
    assertEquals(found, rows.map(([, bug, expected]) => [bug, expected]));
  });
}

Deno.test("checkClient() hints at exceptions too for a line typed after the server has closed", async () => {
  const { findings } = await checkFakeClient("plain", clientOf("plain", "crashes"));
  const { verdict } = findings.find(({ check: { id } }) => id === "typed-to-nobody") ?? {};
  assertMatch(verdict?.kind === "fail" ? verdict.hint : "", /BrokenPipeError.* catch/);
});
