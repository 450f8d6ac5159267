import { assertEquals, assertStrictEquals } from "@std/assert";
import { formatMicros, formatRate, formatShare, formatTable } from "../../benchmarks/table.ts";

const ROWS = [["Who", "What", "Rate"], ["a", "b", "12"], ["long name", "c", "3"]];

Deno.test("formatTable() aligns text to the left and numbers to the right", () => {
  const text = formatTable({ rows: ROWS, words: 2 }, "text");
  assertStrictEquals(text, "Who        What  Rate\na          b       12\nlong name  c        3");
});

Deno.test("formatTable() writes Markdown that deno fmt leaves alone", () => {
  const text = formatTable({ rows: ROWS }, "markdown");
  assertStrictEquals(
    text,
    [
      "| Who       | What | Rate |",
      "| --------- | ---: | ---: |",
      "| a         |    b |   12 |",
      "| long name |    c |    3 |",
    ].join("\n"),
  );
});

Deno.test("formatRate(), formatMicros() and formatShare() keep as many digits as one can use", () => {
  assertEquals([4_214_000, 999_600, 160_400, 9_999, 12.4].map(formatRate), [
    ...["4.21 M", "1.00 M", "160 k", "9999", "12"],
  ]);
  assertEquals([850.2, 999.6, 5_149, 999_600].map(formatMicros), [
    ...["850 µs", "1.0 ms", "5.1 ms", "1.0 s"],
  ]);
  assertStrictEquals(formatShare(0.874), "87 %");
});
