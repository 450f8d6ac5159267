import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { barOf, chart, figures, percent, time } from "../../load/histogram_chart.ts";
import type { LatencyReport, LoadReport, TrafficReport } from "../../load/load_report.ts";
import { reportText } from "../../load/load_report_text.ts";
import { terminalStyle } from "../../terminal/style.ts";

const BARE = terminalStyle({ enabled: false });
const COLOURED = terminalStyle({ enabled: true });

const LATENCY: LatencyReport = {
  count: 100,
  min: 0.2,
  mean: 0.6,
  p50: 0.4,
  p90: 0.9,
  p99: 2.5,
  max: 2.9,
};

const BARS = [
  { from: 0, to: 0.5, count: 75 },
  { from: 0.5, to: 1, count: 20 },
  { from: 1, to: 2, count: 0 },
  { from: 2, to: 3, count: 5 },
];

Deno.test("chart() draws bars in proportion and marks the quantiles beside theirs", () => {
  assertEquals(chart(BARS, { latency: LATENCY, columns: 60, style: BARE }), [
    "  up to  500 µs ████████████████████ 75.0 %  ◂ p50",
    "  up to 1.00 ms █████▍               20.0 %  ◂ p90",
    "  up to 2.00 ms                         0 %",
    "  up to 3.00 ms █▍                    5.0 %  ◂ p99",
  ]);
});

Deno.test("chart() fits the given width", () => {
  for (const columns of [50, 60, 80, 100, 200]) {
    for (const line of chart(BARS, { latency: LATENCY, columns, style: BARE })) {
      assert(line.length <= columns, `${line.length} of ${columns}`);
    }
  }
});

Deno.test("chart() colours what is above the median and above the 99th percentile", () => {
  const [first, second, , last] = chart(BARS, { latency: LATENCY, columns: 60, style: COLOURED });
  assert(first?.includes("\x1b[32m█"));
  assert(second?.includes("\x1b[33m█"));
  const late = chart([{ from: 2.6, to: 3, count: 1 }], {
    latency: LATENCY,
    columns: 60,
    style: COLOURED,
  });
  assert(last?.includes("\x1b[33m█"));
  assert(late[0]?.includes("\x1b[31m█"));
});

Deno.test("barOf() shows whatever happened at all", () => {
  assertEquals([0, 1e-9, 0.5, 1].map((share) => barOf(share, 4)), ["", "▏", "██", "████"]);
});

Deno.test("time(), figures() and percent() keep three figures and a unit", () => {
  assertEquals(
    [0, 0.0123, 0.9994, 0.9996, 9.994, 31.04, 99.96, 999.4, 999.6, 61_000].map(time),
    [
      "0 µs",
      "12 µs",
      "999 µs",
      "1.00 ms",
      "9.99 ms",
      "31.0 ms",
      "100 ms",
      "999 ms",
      "1.00 s",
      "61.0 s",
    ],
  );
  assertEquals([0.5, 12.34, 1234.5].map(figures), ["0.50", "12.3", "1,235"]);
  assertEquals([0, 0.0001, 0.5, 1].map(percent), ["0 %", "<0.1 %", "50.0 %", "100.0 %"]);
});

const TRAFFIC: TrafficReport = {
  senders: 10,
  window: 16,
  seconds: 5,
  messages: 1_000,
  completed: 1_000,
  waitedInVain: 0,
  deliveries: 99_000,
  messagesPerSecond: 200,
  deliveriesPerSecond: 19_800,
  megabytes: 8,
  megabytesPerSecond: 1.6,
  toEach: LATENCY,
  delayedAckShare: 0,
  toLast: LATENCY,
  histogram: BARS,
  ownCpuPercent: 20,
};

const REPORT: LoadReport = {
  target: "localhost:8080",
  dialect: "usermsg",
  messageBytes: 64,
  ok: true,
  problems: [],
  notes: [],
  interrupted: false,
  join: {
    wanted: 100,
    held: 100,
    end: "all_joined",
    detail: null,
    steps: [{ clients: 100, seconds: 0.1, perSecond: 1000 }],
    hearsItself: false,
    messageEnd: "dialect",
  },
  latency: TRAFFIC,
  fanout: TRAFFIC,
  faults: { lost: 0, duplicated: 0, reordered: 0, torn: 0, first: [] },
  dropped: 0,
  survived: true,
};

function textOf(report: LoadReport, style = BARE): string {
  return reportText(report, { columns: 80, style }).join("\n");
}

Deno.test("reportText() says why the latency phase has few messages", () => {
  const cut = { ...TRAFFIC, messages: 245, completed: 242, waitedInVain: 3 };
  assertMatch(
    textOf({ ...REPORT, latency: cut }),
    /^Latency {2}one message at a time, 245 of them; 3\.00 s spent waiting for what never came$/m,
  );
  assertMatch(textOf(REPORT), /^Latency .* 1,000 of them$/m);
});

Deno.test("reportText() describes a flawless server in tables", () => {
  const text = textOf(REPORT);
  assertMatch(text, /^Load on localhost:8080, usermsg\n/);
  assertMatch(text, /^Joining {2}100 clients in 100 ms\n.*\n {2}100 clients +100 ms +1,000$/m);
  assertMatch(text, /a sender does not get its own messages/);
  assertMatch(text, /^ {2}to the last +400 µs +900 µs +2\.50 ms +2\.90 ms$/m);
  assertMatch(text, /^ {2}messages in +200 +1,000$/m);
  assertMatch(text, /^ {2}deliveries out +19,800 +99,000$/m);
  assertMatch(text, /\n198,000 deliveries checked: none lost, duplicated, reordered or torn\.$/);
  assertNotMatch(text, /This program used/);
});

Deno.test("reportText() says when this program was the limit", () => {
  const text = textOf({ ...REPORT, fanout: { ...TRAFFIC, ownCpuPercent: 98 } });
  assertMatch(text, /This program used 98 % of a processor core: the server may be faster\./);
});

Deno.test("reportText() prints faults in red with the first of each kind, and praises nothing", () => {
  const first = [
    { kind: "lost", receiver: 3, sender: 1, expected: 7, received: 9 },
    { kind: "lost", receiver: 4, sender: 1, expected: 7, received: null },
    { kind: "torn", receiver: 5, sender: 0, expected: null, received: "MSG a ~" },
  ] as const;
  const faults = { ...REPORT.faults, lost: 2, torn: 1, first };
  const report = { ...REPORT, ok: false, problems: ["2 deliveries were lost"], faults };
  const text = textOf(report, COLOURED);
  assert(text.includes("\x1b[31m2 deliveries were lost.\x1b[39m"));
  assert(text.includes("client 3 from client 1, message 7 was due, message 9 came\x1b[39m"));
  assert(text.includes("client 4 from client 1, message 7 was due, nothing came"));
  assert(text.includes("client 5 from an unknown client, this came: MSG a ~"));
  assert(!text.includes("none lost"));
});

Deno.test("reportText() prints notes in yellow after the praise", () => {
  const text = textOf({ ...REPORT, notes: ["Its messages end so"] }, COLOURED);
  assert(text.includes(COLOURED.yellow("Its messages end so.")), text);
});

Deno.test("reportText() leaves out what was not reached", () => {
  const nothing = { ...REPORT, ok: false, problems: ["No server"], latency: null, fanout: null };
  assertNotMatch(textOf(nothing), /Latency|Fan-out|checked/);
  assertMatch(textOf(nothing), /\nNo server\.$/);
  assertMatch(textOf({ ...nothing, problems: [], interrupted: true }), /Interrupted/);
});
