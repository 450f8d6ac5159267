import { assertEquals, assertStrictEquals } from "@std/assert";
import { figuresOf, verdictsOf, warningsOf } from "../../../benchmarks/fanout/fanout_figures.ts";
import { sampleRun } from "./sample_runs.ts";

Deno.test("figuresOf() takes the median of the rounds, and keeps what is far off in sight", () => {
  const [figure, ...rest] = figuresOf([
    sampleRun("crowd", "c", 30, { eachUs: { p50: 1, p99: 9 } }),
    sampleRun("crowd", "c", 10, { eachUs: { p50: 3, p99: 7 } }),
    sampleRun("crowd", "c", 20, { eachUs: { p50: 2, p99: 8 } }),
  ]);
  assertStrictEquals(rest.length, 0);
  assertStrictEquals(figure?.rate, 20);
  assertEquals([figure.lowest, figure.highest], [10, 30]);
  assertEquals([figure.p50, figure.p99], [2, 8]);
  assertStrictEquals(figure.rounds, 3);
  assertStrictEquals(figure.memoryMib, 2);
});

Deno.test("figuresOf() lists workloads and servers in the order of the tables, without failed runs", () => {
  const failed = { ...sampleRun("crowd", "nats", 1), result: { failed: "gone" } };
  const figures = figuresOf([
    failed,
    sampleRun("ping", "c", 1),
    sampleRun("crowd", "redis", 1),
    sampleRun("crowd", "minichat", 1),
  ]);
  const order = figures.map(({ workload, server }) => `${workload} ${server}`);
  assertEquals(order, ["crowd minichat", "crowd redis", "ping c"]);
});

Deno.test("verdictsOf() divides minichat's median by the other's and judges at the bound", () => {
  const figures = figuresOf([
    sampleRun("stream", "minichat", 80),
    sampleRun("stream", "c", 100),
    sampleRun("stream", "redis", 62),
    sampleRun("stream", "disk", 68),
  ]);
  const verdicts = verdictsOf(figures, ["stream"]);
  assertEquals(verdicts.map(({ ratio, met }) => [ratio?.toFixed(2), met]), [
    ["0.80", true],
    ["1.29", false],
    ["0.85", true],
  ]);
});

Deno.test("verdictsOf() wants a latency to be low, and judges only what was measured", () => {
  const ours = sampleRun("ping", "minichat", 90, { eachUs: { p50: 1, p99: 301 } });
  const figures = figuresOf([ours, sampleRun("ping", "c", 100)]);
  const verdicts = verdictsOf(figures, ["ping"]).map((verdict) =>
    [verdict.target.figure, verdict.target.against.server, verdict.met] as const
  );
  assertEquals(verdicts, [
    ["rate", "c", true],
    ["rate", "redis", undefined],
    ["p99", "c", false],
    ["rate", "minichat", undefined],
  ]);
});

Deno.test("verdictsOf() judges nothing that was measured while others had the machine", () => {
  const figures = figuresOf([
    sampleRun("stream", "minichat", 100),
    sampleRun("stream", "c", 50, { othersCpu: 0.06 }),
    sampleRun("stream", "redis", 50, { othersCpu: 0.05 }),
  ]);
  const verdicts = verdictsOf(figures, ["stream"]).map(({ ratio, met }) => [ratio, met]);
  assertEquals(verdicts, [[2, undefined], [2, true], [undefined, undefined]]);
});

Deno.test("verdictsOf() compares a mixed crowd with minichat's own crowd", () => {
  const figures = figuresOf([
    sampleRun("mixed", "minichat", 84),
    sampleRun("crowd", "minichat", 100),
  ]);
  assertEquals(verdictsOf(figures, ["mixed"]).map(({ ratio, met }) => [ratio, met]), [
    [0.84, false],
  ]);
});

Deno.test("warningsOf() reports a load that limits, a busy machine, and lost messages", () => {
  const lost = { ...sampleRun("ping", "nats", 1), result: { failed: "9 of 10 deliveries came" } };
  const warnings = warningsOf([
    lost,
    sampleRun("crowd", "c", 1, { loadCpu: 0.96, serverCpu: 0.9 }),
    sampleRun("crowd", "c", 2, { loadCpu: 0.97, serverCpu: 0.9 }),
    sampleRun("ping", "c", 1, { loadCpu: 0.99, serverCpu: 0.99 }), // the server is fully used too
    sampleRun("ping", "redis", 1, { othersCpu: 0.3 }),
  ]);
  assertEquals(warnings, [
    "nats in ping lost round 1: 9 of 10 deliveries came",
    "c in crowd: the load generator limits, not the server",
    "Others used up to 30 % of this machine: repeat it when it is quiet",
  ]);
  assertEquals(warningsOf([sampleRun("ping", "c", 1)]), []);
});
