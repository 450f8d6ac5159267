import { assertEquals, assertStrictEquals } from "@std/assert";
import { durationValue } from "../../cli/duration_value.ts";

const HOUR_MS = 3_600_000;
const AGE = durationValue({ least: HOUR_MS, forever: true });

/** The parsed value, or the error message. */
function read(parser: typeof AGE, input: string): unknown {
  const parsed = parser.parse(input);
  if (parsed.success) return parsed.value;
  return parsed.error.map((term) => term.type === "text" ? term.text : "").join("");
}

Deno.test("durationValue() takes durations within its rules, and forever where that is allowed", () => {
  const ages = ["12h", "1d", "36h30m", "4w", "forever"].map((input) => read(AGE, input));
  assertEquals(ages, [12, 24, 36.5, 672, Infinity].map((hours) => hours * HOUR_MS));
  assertStrictEquals(read(durationValue({ bareSeconds: true }), "0.5"), 500);
});

Deno.test("durationValue() says what to write instead", () => {
  assertStrictEquals(read(AGE, "10m"), 'Not a duration: "10m", choose 1h or more, or forever.');
  assertStrictEquals(
    read(AGE, "30"),
    'Not a duration: "30", add its unit, as in 90s, 10m or 1h30m, or forever.',
  );
  assertStrictEquals(
    read(durationValue({}), "forever"),
    'Not a duration: "forever", expected one such as 90s, 10m, 1h30m, 2d or 4w.',
  );
});

Deno.test("durationValue() writes a default as it is typed", () => {
  assertStrictEquals(AGE.format(36 * HOUR_MS), "1d12h");
  assertStrictEquals(AGE.format(Infinity), "forever");
});
