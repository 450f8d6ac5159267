import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import fc from "../fast_check.ts";
import {
  type DurationRules,
  durationText,
  formatDuration,
  parseDuration,
} from "../../shared/duration.ts";

const DAY_MS = 86_400_000;

Deno.test("parseDuration() takes units from weeks down to milliseconds", () => {
  const cases = {
    "90s": 90_000,
    "10m": 600_000,
    "10min": 600_000,
    "1h30m": 5_400_000,
    "2d": 2 * DAY_MS,
    "4w": 28 * DAY_MS,
    "500ms": 500,
    "1m500ms": 60_500,
    "1.5s": 1_500,
    "1w2d3h4m5s6ms": 9 * DAY_MS + 11_045_006,
    "0s": 0,
  };
  for (const [text, ms] of Object.entries(cases)) assertStrictEquals(parseDuration(text), ms, text);
});

function remedy(text: string, rules?: DurationRules): string {
  const parsed = parseDuration(text, rules);
  assert(typeof parsed === "object", `${text} was taken`);
  return parsed.remedy;
}

Deno.test("parseDuration() says what to write instead", () => {
  const others = ["", "m", "10x", "-1s", "10 m", "1e9s", "30m1h", "1h1h", ".5s", "1.0001s", "١s"];
  for (const text of others) {
    assertStrictEquals(remedy(text), "expected one such as 90s, 10m, 1h30m, 2d or 4w", text);
  }
  assertStrictEquals(remedy("90"), "add its unit, as in 90s, 10m or 1h30m");
  assertStrictEquals(remedy("1s", { least: 3_600_000 }), "choose 1h or more");
  assertStrictEquals(remedy("366d", { least: 1_000, most: 365 * DAY_MS }), "choose 1s to 365d");
  assertMatch(remedy(`${"9".repeat(400)}s`), /^choose 0s to|^choose 0s or more/);
});

Deno.test("parseDuration() takes a number alone for seconds only where that is allowed", () => {
  assertStrictEquals(parseDuration("60", { bareSeconds: true }), 60_000);
  assertStrictEquals(parseDuration("0.5", { bareSeconds: true }), 500);
  assertStrictEquals(remedy("60", { bareSeconds: true, most: 1_000 }), "choose 0s to 1s");
});

Deno.test("formatDuration() is the largest units first", () => {
  const cases: readonly (readonly [ms: number, text: string])[] = [
    [0, "0s"],
    [500, "500ms"],
    [1_500, "1.5s"],
    [90_000, "1m30s"],
    [5_400_000, "1h30m"],
    [DAY_MS, "1d"],
    [28 * DAY_MS, "28d"],
  ];
  for (const [ms, text] of cases) assertStrictEquals(formatDuration(ms), text);
});

Deno.test("What formatDuration() writes, parseDuration() reads", () => {
  const ms = fc.oneof(fc.nat({ max: 5_000 }), fc.nat(), fc.maxSafeNat().map((n) => n % 6e14));
  fc.assert(fc.property(ms, (ms) => parseDuration(formatDuration(ms)) === ms));
});

Deno.test("parseDuration() adds up whatever units are given", () => {
  const counts = fc.tuple(...Array.from({ length: 6 }, () => fc.option(fc.nat({ max: 999 }))));
  fc.assert(fc.property(counts, (counts) => {
    const [w, d, h, m, s, ms] = counts.map((count) => count ?? 0) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const units = ["w", "d", "h", "m", "s", "ms"];
    const text = counts.map((count, at) => count === null ? "" : `${count}${units[at]}`).join("");
    fc.pre(text !== "");
    const expected = (((w * 7 + d) * 24 + h) * 60 + m) * 60_000 + s * 1_000 + ms;
    assertStrictEquals(parseDuration(text), expected, text);
  }));
});

Deno.test("durationText() is short and exact", () => {
  const cases: readonly (readonly [seconds: number, words: string])[] = [
    [0, "0 s"],
    [119, "119 s"],
    [120, "2 min"],
    [125, "2 min 5 s"],
    [3600, "1 h"],
    [3661, "1 h 1 min 1 s"],
    [86_400, "24 h"],
    [30 * 86_400, "30 days"],
    [3 * 86_400 + 3661, "3 days 1 h 1 min 1 s"],
  ];
  for (const [seconds, words] of cases) assertStrictEquals(durationText(seconds * 1000), words);
});
