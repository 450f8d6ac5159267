// The whole comparison with few clients, for a moment each.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";

const MAIN =
  new URL("../../../benchmarks/strategies/strategies_benchmark.ts", import.meta.url).pathname;
const RUN_MS = 60_000;

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", MAIN, ...args],
    signal: AbortSignal.timeout(RUN_MS),
  });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test({
  name: "bench:strategies --quick --json has sane figures for all five servers",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const { code, stdout, stderr } = await run("--quick", "--json");
    assertStrictEquals(code, 0, stderr);
    const { servers, reference } = JSON.parse(stdout);
    const keys = ["busy_scan", "thread_per_connection", "thread_pool", "poll", "minichat"];
    assertEquals(servers.map(({ key }: { key: string }) => key), keys);
    for (const { label, key, held, stop, levels, faults, emptyBytes } of servers) {
      const isPool = key === "thread_pool";
      assertStrictEquals(held, isPool ? reference : reference + 1, `${label} holds`);
      assertStrictEquals(stop, isPool ? "unserved" : "ceiling", label);
      assertEquals(faults, { lost: 0, wrong: 0, dropped: 0 }, label);
      assert(emptyBytes > 1e6, label);
      assertStrictEquals(levels.length, 2, label);
      for (const { clients, ping, load, residentBytes, loadCores } of levels) {
        for (const { messages, deliveries, p50, p99 } of [ping, load]) {
          assert(messages > 0 && deliveries >= messages * (clients - 1), label);
          assert(p50 > 0 && p99 >= p50, label);
        }
        assert(residentBytes > emptyBytes / 2 && loadCores < 16, label);
      }
    }
    const [busy, , , poll] = servers;
    assert(busy.levels[1].idleCores > poll.levels[1].idleCores, "scanning costs while idle");
    assertMatch(stderr, /minichat serve: 20 clients: \d+ deliveries\/s/);
  },
});

Deno.test("bench:strategies --help explains itself, an unknown flag is a misuse", async () => {
  const help = await run("--help");
  assertStrictEquals(help.code, 0);
  assertMatch(help.stdout, /--quick .*\n.*--json/);
  const wrong = await run("--fast");
  assertStrictEquals(wrong.code, 2);
  assertMatch(wrong.stderr, /--fast[\s\S]*Usage:/);
});
