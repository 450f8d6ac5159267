import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import {
  formatLimitValue,
  formatRange,
  limitInfos,
  limitNamed,
  parseLimitValue,
} from "../../../server/limits/limit_values.ts";
import {
  DEFAULT_LIMITS,
  LIMIT_KEYS,
  type LimitRow,
  LIMITS,
} from "../../../server/limits/limits.ts";

function problem(row: LimitRow, text: string): string {
  const parsed = parseLimitValue(row, text);
  assert(typeof parsed !== "number", `${text} was taken`);
  return parsed.error;
}

for (
  const [key, text, value] of [
    ["messageRate", "200/s", 200],
    ["messageRate", "200", 200],
    ["messageRate", "90/min", 1.5],
    ["hardQueueBytes", "2MiB", 2 * 1024 ** 2],
    ["hardQueueBytes", "2 mib", 2 * 1024 ** 2],
    ["hardQueueBytes", "1.5KiB", 1536],
    ["hardQueueBytes", "4096", 4096],
    ["hardQueueBytes", "4096B", 4096],
    ["registrationMs", "10s", 10_000],
    ["registrationMs", "500ms", 500],
    ["registrationMs", "2min", 120_000],
    ["registrationMs", "1.5s", 1_500],
    ["registrationMs", "10 s", 10_000],
    ["registrationMs", "1h30m", 5_400_000],
    ["registrationMs", "24h", 86_400_000],
    ["maxGroups", "0", 0],
  ] as const
) {
  Deno.test(`parseLimitValue() reads ${text} for ${LIMITS[key].name}`, () => {
    assertStrictEquals(parseLimitValue(LIMITS[key], text), value);
  });
}

for (
  const [key, text, expected] of [
    ["messageRate", "fast", /^Cannot set message-rate to "fast": expected a number a second/],
    ["messageRate", "5/h", /expected a number a second/],
    ["messageRate", "0/s", /^Cannot set message-rate to "0\/s": choose 1\/s to 10000000\/s$/],
    ["hardQueueBytes", "1MB", /expected a number of bytes, or one with KiB/],
    ["hardQueueBytes", "1.0001KiB", /expected a number of bytes/],
    ["registrationMs", "10", /expected a duration with its unit/],
    ["registrationMs", "10 s s", /expected a duration with its unit/],
    ["registrationMs", "48h", /choose 500ms to 1d$/],
    ["maxGroups", "-1", /expected a whole number/],
    ["maxGroups", "1e3", /expected a whole number/],
    ["nameChars", "33", /choose 12 to 32$/],
    ["messageBytes", "9KiB", /choose 1 to 8KiB$/],
  ] as const
) {
  Deno.test(`parseLimitValue() refuses ${text} for ${LIMITS[key].name}`, () => {
    assertMatch(problem(LIMITS[key], text), expected);
  });
}

Deno.test("Every limit's default and range are read back as they are written", () => {
  for (const key of LIMIT_KEYS) {
    const row = LIMITS[key];
    for (const value of [row.usual, ...row.range]) {
      assertStrictEquals(parseLimitValue(row, formatLimitValue(row, value)), value, row.name);
    }
  }
});

Deno.test("Every limit has a name of its own in kebab-case, and a description", () => {
  const names = LIMIT_KEYS.map((key) => LIMITS[key].name);
  assertStrictEquals(new Set(names).size, names.length);
  for (const key of LIMIT_KEYS) {
    assertMatch(LIMITS[key].name, /^[a-z]+(-[a-z]+)*$/);
    assertMatch(LIMITS[key].help, /^[A-Z].{20,}[^.]$/);
  }
});

Deno.test("limitNamed() suggests which limit may have been meant", () => {
  assertStrictEquals(limitNamed("message-rate"), "messageRate");
  assertEquals(limitNamed("mesage-rate"), {
    error: 'No limit is called "mesage-rate": did you mean message-rate?',
  });
  assertEquals(limitNamed("\x1b[2Jzzzz"), {
    error: 'No limit is called "\\x1b[2Jzzzz": --limit help lists them',
  });
});

Deno.test("formatRange() and limitInfos() show limits as users type them", () => {
  assertStrictEquals(formatRange(LIMITS.softQueueBytes), "1KiB to 1GiB");
  const infos = limitInfos({ ...DEFAULT_LIMITS, messageRate: 7 });
  assertStrictEquals(infos.length, LIMIT_KEYS.length);
  assertEquals(infos.find(({ name }) => name === "message-rate"), {
    name: "message-rate",
    value: 7,
    default: DEFAULT_LIMITS.messageRate,
    unit: "perSecond",
    text: "7/s",
  });
});
