// `minichat bench` from the command line: against a real server, a full one, none, and interrupted.

import { assert, assertEquals, assertMatch, assertStrictEquals, fail } from "@std/assert";
import {
  admin,
  exitOf,
  makeWorld,
  runProgram,
  startProgram,
  startServer,
  type World,
} from "../harness.ts";

/** Enough for every phase, and soon over. */
const SHORT = ["--clients", "12", "--messages", "200"];

/** The flags of a server without a rate limit, which is not tested here. */
const UNHURRIED = ["--limit", "message-rate=1000000/s"];

/** The one object that --json prints. */
async function json(world: World, args: readonly string[]) {
  const { code, stdout, stderr } = await runProgram(world, ["bench", "--json", ...args]);
  return { code, report: JSON.parse(stdout), stderr };
}

/** Waits until the server has noticed that all clients have disconnected. */
async function emptied(world: World): Promise<void> {
  for (let asked = 0; asked < 100; asked++) {
    const { stdout } = await admin(world, "stats", "--json");
    if (JSON.parse(stdout).data.clients === 0) return;
  }
  fail("Somebody stayed");
}

Deno.test("bench prints tables and histograms, and exits 0 for a server without a fault", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  const at = ["localhost", String(server.port), "--dialect", "usermsg"];
  const { code, stdout, stderr } = await runProgram(world, ["bench", ...at, ...SHORT]);
  assertStrictEquals(code, 0, stderr);
  assertMatch(stdout, /^Load on localhost:\d+, usermsg\n/);
  assertMatch(stdout, /^Joining {2}12 clients in /m);
  assertMatch(stdout, /^ {2}to each client( +[\d.]+ [mµ]?s){4}$/m);
  assertMatch(stdout, /^ {2}up to .*█.* %/m);
  assertMatch(stdout, /^ {2}messages in +[\d,]+ +200$/m);
  assertMatch(stdout, / deliveries checked: none lost, duplicated, reordered or torn\.\n$/);
  assert(!stdout.includes("\x1b"), "a pipe gets no colours");
  assertStrictEquals(stderr, "", "a pipe gets no progress");
});

for (const dialect of ["native", "framed", "usermsg", "etx", "plain"]) {
  Deno.test(`bench --json reports on ${dialect} over a Unix socket`, async () => {
    using world = makeWorld();
    const path = `${world.directory}/s`;
    await using _server = await startServer(world, ["--listen", `unix:${path}`, ...UNHURRIED]);
    const args = [`unix:${path}`, "--dialect", dialect, ...SHORT];
    const { code, report, stderr } = await json(world, args);
    assertStrictEquals(code, 0, stderr);
    assertEquals([report.ok, report.dialect, report.problems], [true, dialect, []]);
    assertStrictEquals(report.target, `unix:${path}`);
    assertEquals([report.join.held, report.join.end], [12, "all_joined"]);
    assertStrictEquals(report.join.hearsItself, ["native", "framed"].includes(dialect));
    assertStrictEquals(report.fanout.messages, 200);
    assertStrictEquals(report.fanout.deliveries, 200 * (report.join.hearsItself ? 12 : 11));
    const bars: { count: number }[] = report.fanout.histogram;
    assertStrictEquals(bars.reduce((sum, { count }) => sum + count, 0), report.fanout.toEach.count);
    const { first, ...counts } = report.faults;
    assertEquals([counts, first], [{ lost: 0, duplicated: 0, reordered: 0, torn: 0 }, []]);
  });
}

Deno.test("bench exits 1 and prints how many a full server took", async () => {
  using world = makeWorld();
  const limits = ["--port", "0", "--host", "127.0.0.1", "--max-clients", "8", ...UNHURRIED];
  await using server = await startServer(world, limits);
  const at = [`127.0.0.1:${server.port}`, "--dialect", "native"];
  const { code, report, stderr } = await json(world, [...at, ...SHORT]);
  assertStrictEquals(code, 1);
  assertEquals([report.join.held, report.join.end], [8, "refused"]);
  assertMatch(
    stderr,
    /^minichat bench: Only 8 of 12 clients could join \("Goodbye: the server is full: 8 clients, try later"\): try --clients 8\n$/,
  );
  await emptied(world);
  const most = await json(world, [...at, "--clients", "max", "--messages", "20"]);
  assertStrictEquals(most.code, 0, most.stderr);
  assertEquals([most.report.join.held, most.report.join.wanted], [8, null]);
});

Deno.test("bench against nothing says so and exits 1", async () => {
  using world = makeWorld();
  const args = ["bench", "localhost", "1", "--dialect", "etx"];
  const { code, stdout, stderr } = await runProgram(world, args);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /^minichat bench: No server at localhost:1: start one .*\n$/);
});

Deno.test("bench reports what it has when it is interrupted, and exits 130", async () => {
  using world = makeWorld();
  const local = ["--port", "0", "--host", "127.0.0.1"];
  await using server = await startServer(world, [...local, ...UNHURRIED]);
  await using bench = startProgram(world, [
    ...["bench", `127.0.0.1:${server.port}`, "--dialect", "usermsg", "--clients", "5"],
    ...["--seconds", "600"],
  ]);
  // The server prints every message: the fan-out has begun when the second sender sends.
  await server.stdout.match(/^b.{4}n2: ~.{4}0001/, 30_000);
  bench.kill("SIGINT");
  assertStrictEquals((await exitOf(bench)).code, 130);
  await bench.stdout.ended();
  const text = bench.stdout.seen.join("\n");
  assertMatch(text, /^Joining {2}5 clients/m);
  assertMatch(text, /^Fan-out/m);
  assertMatch(text, /Interrupted: this is what there was\.$/);
});
