import { assert, assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { processRow } from "../../../check/process_table.ts";
import { ProgramDriver } from "../../../check/client/program_driver.ts";
import type { Exchange } from "../../../check/finding.ts";
import { EN } from "../../../texts/en.ts";
import { TEST_TIMEOUTS } from "../fake_driver.ts";

const TIMEOUTS = { ...TEST_TIMEOUTS, answerMs: 5_000, endMs: 5_000 };

async function withShell(
  script: string,
  test: (driver: ProgramDriver, exchanges: readonly Exchange[]) => Promise<void>,
): Promise<void> {
  const exchanges: Exchange[] = [];
  const driver = new ProgramDriver({
    words: ["sh", "-c", script, "{host}", "{port}"],
    endpoint: { kind: "tcp", host: "127.0.0.1", port: 4000 },
    record: (exchange) => exchanges.push(exchange),
    texts: EN.clientChecks,
    timeouts: TIMEOUTS,
  });
  assertStrictEquals(await driver.start("ana"), undefined);
  try {
    await test(driver, exchanges);
  } finally {
    await driver.stop();
  }
}

Deno.test("ProgramDriver types, reads the output and sees how the program ended", () =>
  withShell('echo "at $0 $1"; read x; echo "<$x>" >&2; read x || exit 3', async (driver, seen) => {
    assertStrictEquals(await driver.waitForOutput(["at 127.0.0.1 4000"]), "yes");
    driver.clearOutput();
    assertStrictEquals(await driver.outputLacks("<hi>"), "yes");
    await driver.type("hi");
    assertStrictEquals(await driver.waitForOutput(["<hi>"]), "yes");
    assertStrictEquals(driver.screen(), "<hi>\n", "forgets what came before clearOutput()");
    assertStrictEquals(await driver.ended(0), "running");
    await driver.endInput();
    assertEquals(await driver.ended(TIMEOUTS.endMs), { code: 3, signal: null });
    assertEquals(seen.map(({ by, on }) => `${by} ${on}`), [
      "them stdout",
      "us stdin",
      "them stderr",
    ]);
  }));

Deno.test("ProgramDriver.signal() reaches child processes of the program, as a terminal does", () =>
  withShell(
    'trap ":" INT; sh -c "trap \'echo child; exit\' INT; echo up; while :; do sleep 0.1; done"',
    async (driver, exchanges) => {
      assertStrictEquals(await driver.waitForOutput(["up"]), "yes");
      await driver.signal("SIGINT");
      assertStrictEquals(await driver.waitForOutput(["child"]), "yes");
      assert(exchanges.some(({ by, event }) => by === "us" && event === "SIGINT"));
    },
  ));

Deno.test("ProgramDriver.stop() kills also what ignores SIGTERM", () =>
  withShell('trap "" TERM; sleep 1000 & echo "pid $$"; sleep 1000', async (driver) => {
    assertStrictEquals(await driver.waitForOutput(["pid "]), "yes");
    const group = Number(/pid (\d+)/.exec(driver.screen() ?? "")?.[1]);
    assertNotStrictEquals(processRow(group), undefined);
    await driver.stop();
    assertStrictEquals(processRow(group), undefined);
  }));

Deno.test("ProgramDriver.load() sees an endless loop, and sleep", async () => {
  await withShell("while :; do :; done", async (driver) => {
    const share = await driver.load(300) ?? 0;
    assert(share > 0.6, `${share}`);
  });
  await withShell("echo up; sleep 1000", async (driver) => {
    assertStrictEquals(await driver.waitForOutput(["up"]), "yes");
    assert((await driver.load(200) ?? 1) < 0.2);
  });
});

Deno.test("ProgramDriver.load() sees an endless loop among others that want the processors", async () => {
  const busy = { args: ["-c", "while :; do :; done"] };
  const others = Array.from(
    { length: 2 * navigator.hardwareConcurrency },
    () => new Deno.Command("sh", busy).spawn(),
  );
  try {
    await withShell("while :; do :; done", async (driver) => {
      const share = await driver.load(300) ?? 0;
      assert(share > 0.6, `${share}`);
    });
  } finally {
    for (const other of others) Deno.kill(other.pid, "SIGKILL");
    await Promise.all(others.map((other) => other.status));
  }
});

Deno.test("ProgramDriver.type() does not wait for ever for a program that never reads", () =>
  withShell("sleep 1000", async (driver) => {
    Object.assign(driver, { timeouts: { ...TIMEOUTS, answerMs: 50 } });
    for (let line = 0; line < 3; line++) await driver.type("x".repeat(100_000));
  }));

Deno.test("ProgramDriver.runWithBadArguments() runs without the address, to the end", () =>
  withShell(
    '[ $# -ge 1 ] || { echo "Usage: client HOST PORT"; exit 1; }; sleep 1000',
    async (driver) => {
      const run = await driver.runWithBadArguments("no-address");
      assertEquals(run, {
        ending: { code: 1, signal: null },
        output: "Usage: client HOST PORT\n",
      });
    },
  ));
