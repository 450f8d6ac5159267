import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { parseHistoryPosition } from "../../../cli/history/parse_when.ts";

const NOW = new Date(2026, 10, 22, 13, 14, 15, 160);

/** The parsed time, in milliseconds since the epoch. */
function moment(input: string): number {
  const when = parseHistoryPosition(input, NOW);
  assert(!("error" in when) && when.kind === "time", input);
  return when.ms;
}

Deno.test("parseHistoryPosition() takes so long ago, times of today, dates of this zone and other zones'", () => {
  const now = NOW.getTime();
  assertStrictEquals(moment("90s"), now - 90_000);
  assertStrictEquals(moment("30m"), now - 1_800_000);
  assertStrictEquals(moment("1h"), now - 3_600_000);
  assertStrictEquals(moment("2d"), now - 2 * 86_400_000);
  assertStrictEquals(moment("1w"), now - 7 * 86_400_000);
  assertStrictEquals(moment("1h30m"), now - 5_400_000);
  assertStrictEquals(moment("10:30"), new Date(2026, 10, 22, 10, 30).getTime());
  assertStrictEquals(moment("2026-11-21"), new Date(2026, 10, 21).getTime());
  assertStrictEquals(moment("2026-11-21T10:00"), new Date(2026, 10, 21, 10).getTime());
  assertStrictEquals(moment("2026-11-21 10:00:30"), new Date(2026, 10, 21, 10, 0, 30).getTime());
  assertStrictEquals(moment("2026-11-21T10:00:00.500Z"), Date.UTC(2026, 10, 21, 10, 0, 0, 500));
  assertStrictEquals(moment("2026-11-21T10:00+01:00"), Date.UTC(2026, 10, 21, 9));
});

Deno.test("parseHistoryPosition() takes a number alone for a message's", () => {
  assertEquals(parseHistoryPosition("42", NOW), { kind: "seq", seq: 42 });
});

Deno.test("parseHistoryPosition() refuses what is not a position", () => {
  const bad = ["", "yesterday", "1y", "25:00", "10:60", "2026-13-01", "2026-11-22T", "-1h", "1 h"];
  for (const input of bad) {
    const refused = parseHistoryPosition(input, NOW);
    assertMatch("error" in refused ? refused.error : "", /^Not a moment: "/, input);
  }
});

Deno.test("parseHistoryPosition() refuses dates and times that do not exist (O6)", () => {
  const dates = [
    "2026-02-30",
    "2026-02-29",
    "2100-02-29",
    "2026-04-31",
    "2026-00-10",
    "2026-10-00",
  ];
  const times = ["24:00", "10:60", "10:00:60", "10:00+24:00", "10:00+01:60"];
  for (const input of [...dates, ...dates.map((date) => `${date}T10:00Z`)]) {
    assert("error" in parseHistoryPosition(input, NOW), input);
  }
  for (const input of times) {
    assert("error" in parseHistoryPosition(`2026-11-22T${input}`, NOW), input);
  }
  assertStrictEquals(moment("2028-02-29"), new Date(2028, 1, 29).getTime());
  assertStrictEquals(moment("2026-12-31T23:59:59Z"), Date.UTC(2026, 11, 31, 23, 59, 59));
  assertStrictEquals(moment("0099-01-31T00:00Z"), Date.parse("0099-01-31T00:00Z"));
});
