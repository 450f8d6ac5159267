// Every suite against a correct client and against clients with one bug each: the checks about the
// bug fail, and no others.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import type { DialectName } from "../../../protocol/dialect.ts";
import { DIALECT_NAMES } from "../../../protocol/dialects.ts";
import { type Bug, checkFakeClient, clientOf } from "../fake_client.ts";
import type { ClientIo, FakeClient } from "../fake_driver.ts";

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
  ["usermsg", "stuck paste", ["pasted-lines"]],
  ["usermsg", "short name", ["other-names"]],
  ["usermsg", "deaf", ["end-of-input", "server-closes"]],
  ["usermsg", "spins", ["end-of-input", "server-closes", "server-vanishes", "typed-to-nobody"]],
  ["usermsg", "floods", ["end-of-input"]],
  ["usermsg", "ignores EOF", ["end-of-input"]],
  ["framed", "one read", ["split-header", "split-text"]],
  ["framed", "first only", ["two-in-one", "ok-and-frame"]],
  ["framed", "early ko", ["ko"]],
  ["framed", "stuck paste", ["pasted-lines"]],
  ["framed", "short name", ["other-names"]],
  ["framed", "header first", ["one-write"]],
  ["framed", "spins", ["end-of-input", "server-closes", "server-vanishes", "typed-to-nobody"]],
  ["plain", "synchronous", ["unasked", "last-reply"]],
  ["plain", "crashes", ["server-closes", "server-vanishes", "typed-to-nobody"]],
  ["plain", "stuck paste", ["pasted-lines"]],
  ["plain", "no welcome", ["welcome"]],
  ["plain", "exit 1", ["end-of-input"]],
  ["plain", "deaf", ["end-of-input", "server-closes"]],
  ["etx", "one read", ["in-pieces"]],
  ["etx", "first only", ["several-lines", "two-in-one"]],
  ["etx", "stuck paste", ["pasted-lines"]],
  ["etx", "no bye", ["end-of-input", "interrupt", "terminate"]],
  ["etx", "no handler", ["interrupt", "terminate"]],
  ["etx", "deaf", ["server-closes"]],
  ["native", "one read", ["in-pieces"]],
  ["native", "first only", ["two-in-one"]],
  ["native", "stuck paste", ["pasted-lines"]],
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

/** Takes the first line for a name, before or after it connects, and puts it before each line. */
function prefixing(asksFirst: boolean): FakeClient {
  return async (io) => {
    io.show("Your name? ");
    const early = asksFirst ? await io.line() : undefined;
    const conn = await io.connect();
    const name = early ?? await io.line();
    const shown = showAll(io, conn);
    for (let line; (line = await io.line()) !== undefined;) {
      await conn.write(new TextEncoder().encode(`<${name}> ${line}\n`)).catch(() => {});
    }
    await conn.closeWrite().catch(() => {});
    await shown;
    return 0;
  };
}

/** Shows what comes, until the end of the connection. */
async function showAll(io: ClientIo, conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  for (let count; (count = await conn.read(buffer).catch(() => null)) !== null;) {
    io.show(new TextDecoder().decode(buffer.subarray(0, count)));
  }
}

Deno.test("checkClient() finds out that a client of plain puts its name before each line", async () => {
  for (const asksFirst of [true, false]) {
    const { findings } = await checkFakeClient("plain", prefixing(asksFirst));
    const sends = findings.find(({ check: { id } }) => id === "sends");
    assertStrictEquals(sends?.verdict.kind, "pass", `asksFirst ${asksFirst}`);
    assertMatch(sends.check.title, /"<\{name\}> " stands before it/);
    const passed = findings.filter(({ verdict }) => verdict.kind === "pass");
    const ids = passed.map(({ check }) => check.id);
    for (const id of ["shows-reply", "pasted-lines", "while-typing"]) assert(ids.includes(id), id);
  }
});

Deno.test("checkClient() skips what needs typed lines where the first did not arrive", async () => {
  const silent: FakeClient = async (io) => {
    await io.line();
    const conn = await io.connect();
    await conn.write(new TextEncoder().encode("USER ana\n"));
    await showAll(io, conn);
    return 0;
  };
  const { findings, failed } = await checkFakeClient("usermsg", silent);
  assertEquals(failed.slice(0, 1), ["sends"]);
  const skipped = findings.filter(({ verdict }) =>
    verdict.kind === "skip" && verdict.because === "sends failed"
  );
  assert(skipped.length >= 4, `${skipped.length}`);
});
