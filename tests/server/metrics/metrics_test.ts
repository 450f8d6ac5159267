// Every figure of a server under its metric name, in base units.

import { EN } from "../../../texts/en.ts";
import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import type { Stats } from "../../../server/control.ts";
import { DEFAULT_LIMITS } from "../../../server/limits/limits.ts";
import { healthProblems, MAX_MEDIAN_LAG_MS } from "../../../server/metrics/health.ts";
import { metricsText, type MetricsView } from "../../../server/metrics/metrics.ts";
import { FakeControl } from "../../admin/fake_control.ts";
import { readExposition, type ReadFamily } from "./exposition_reader.ts";

const STATS: Stats = {
  ...new FakeControl().stats(),
  startedAt: "2030-01-01T00:00:00.500Z",
  uptimeSeconds: 61,
  clients: 3,
  registered: 2,
  dialects: { native: 2, plain: 1 },
  messages: 7,
  deliveries: 14,
  queuedBytes: 4096,
  accepted: 9,
  acceptErrors: 1,
  closed: { bye: 5, slow: 1 },
  residentBytes: 50_000_000,
  lagMs: { median: 1.5, worst: 250 },
};

const CERTIFICATES = [{ cert: "/a.pem", until: "2030-01-02T00:00:00.000Z", problem: null }];

function read(view: Partial<MetricsView> = {}): Map<string, ReadFamily> {
  const build = { runtime: "deno 1" };
  const text = metricsText({
    stats: STATS,
    closeReasons: Object.keys(EN.closeReasons),
    limits: DEFAULT_LIMITS,
    build,
    stopping: false,
    ...view,
  });
  return readExposition(text);
}

function only(families: Map<string, ReadFamily>, name: string): number | undefined {
  const samples = families.get(name)?.samples ?? [];
  assertStrictEquals(samples.length, 1, name);
  return samples[0]?.value;
}

function labelled(families: Map<string, ReadFamily>, name: string): Record<string, number> {
  const samples = families.get(name)?.samples ?? [];
  return Object.fromEntries(
    samples.map(({ labels, value }) => [Object.values(labels).join(), value]),
  );
}

Deno.test("metricsText() has every figure of Stats, in seconds and bytes", () => {
  const families = read();
  const figures: Record<string, number> = {
    minichat_start_time_seconds: Date.UTC(2030, 0, 1) / 1000 + 0.5,
    minichat_uptime_seconds: 61,
    minichat_stopping: 0,
    minichat_resident_memory_bytes: 50_000_000,
    minichat_event_loop_lag_median_seconds: 0.0015,
    minichat_event_loop_lag_worst_seconds: 0.25,
    minichat_registered_clients: 2,
    minichat_groups: STATS.groups,
    minichat_accepted_total: 9,
    minichat_accept_errors_total: 1,
    minichat_messages_total: 7,
    minichat_deliveries_total: 14,
    minichat_queued_bytes: 4096,
  };
  for (const [name, value] of Object.entries(figures)) {
    assertStrictEquals(only(families, name), value);
  }
  assertEquals(families.get("minichat_build_info")?.samples, [
    { value: 1, labels: { version: STATS.version, runtime: "deno 1" } },
  ]);
  for (const name of families.keys()) assertMatch(name, /^minichat_[a-z_]+$/);
});

Deno.test("metricsText() counts clients by dialect and ends by reason, also those not seen yet", () => {
  const families = read();
  assertEquals(labelled(families, "minichat_clients"), { unknown: 0, native: 2, plain: 1 });
  const closed = labelled(families, "minichat_closed_total");
  assertEquals(Object.keys(closed).sort(), Object.keys(EN.closeReasons).sort());
  assertStrictEquals(closed.bye, 5);
  assertStrictEquals(closed.kicked, 0);
});

Deno.test("metricsText() has the limits in base units, and the log's figures where there is a log", () => {
  const families = read({ stopping: true, log: { written: 8, lost: 2 } });
  assertStrictEquals(only(families, "minichat_limit_max_clients"), DEFAULT_LIMITS.maxClients);
  const seconds = DEFAULT_LIMITS.registrationMs / 1000;
  assertStrictEquals(only(families, "minichat_limit_registration_seconds"), seconds);
  assertStrictEquals(
    only(families, "minichat_limit_hard_queue_bytes"),
    DEFAULT_LIMITS.hardQueueBytes,
  );
  assertStrictEquals(only(families, "minichat_log_lines_total"), 8);
  assertStrictEquals(only(families, "minichat_log_lines_lost_total"), 2);
  assertStrictEquals(only(families, "minichat_stopping"), 1);
  assertStrictEquals(read().has("minichat_log_lines_total"), false);
});

Deno.test("healthProblems() names each thing that is wrong, and none if all is well", () => {
  const well = { stopping: false, medianLagMs: MAX_MEDIAN_LAG_MS };
  assertEquals(healthProblems(well), []);
  assertEquals(healthProblems({ stopping: true, medianLagMs: 1_500, storeProblem: "full" }), [
    "The server is stopping",
    "The event loop is 1500 ms late",
    "Messages cannot be stored: full",
  ]);
});

Deno.test("docs/operations.md has every figure, with its kind", () => {
  const page = Deno.readTextFileSync(new URL("../../../docs/operations.md", import.meta.url));
  const rows = [...page.matchAll(/^\| `(minichat_\w+)` +\| (\w+) +\|/gm)]
    .map(([, name, kind]) => [name, kind]);
  const log = { written: 0, lost: 0 };
  const stats = { ...STATS, certificates: CERTIFICATES };
  const store = { bytes: 0, broken: false, clockDoubted: false };
  const figures = [...read({ stats, log, store })]
    .filter(([name]) => !name.startsWith("minichat_limit_"))
    .map(([name, { type }]) => [name, type]);
  assertEquals(rows.sort(), figures.sort());
});

Deno.test("metricsText() has the end of each certificate (O7)", () => {
  const families = read({ stats: { ...STATS, certificates: CERTIFICATES } });
  assertEquals(labelled(families, "minichat_certificate_end_seconds"), {
    "/a.pem": Date.UTC(2030, 0, 2) / 1000,
  });
  assertEquals(read().has("minichat_certificate_end_seconds"), false);
});
