// The text format, parsed again by a strict reader.

import {
  assertEquals,
  AssertionError,
  assertMatch,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { exposition } from "../../../server/metrics/exposition.ts";
import { readExposition } from "./exposition_reader.ts";

Deno.test("exposition() escapes labels and helps so that they are read back as they were", () => {
  const evil = 'a"b\\c\nd} 1\n# TYPE x gauge\\';
  const text = exposition([{
    name: "x_total",
    help: "back\\slash\nand line",
    type: "counter",
    samples: [{ value: 1, labels: { one: evil, two: "" } }, { value: 2, labels: { one: "é" } }],
  }]);
  const family = readExposition(text).get("x_total");
  assertStrictEquals(family?.help, "back\\slash\nand line");
  assertEquals(family?.samples, [
    { labels: { one: evil, two: "" }, value: 1 },
    { labels: { one: "é" }, value: 2 },
  ]);
});

Deno.test("exposition() writes every number as Go reads it", () => {
  const values = [0, -1.5, 1e21, 1e-7, Infinity, -Infinity, NaN, 2 ** 53];
  const samples = values.map((value, at) => ({ value, labels: { at: String(at) } }));
  const text = exposition([{ name: "x", help: "h", type: "gauge", samples }]);
  assertEquals(readExposition(text).get("x")?.samples.map(({ value }) => value), values);
  assertMatch(text, /\+Inf\n.*-Inf\n.*NaN\n/);
});

Deno.test("the strict reader refuses what the specification does", () => {
  const head = "# HELP x h\n# TYPE x gauge\n";
  for (
    const bad of [
      "",
      "x 1",
      `${head}x 1`,
      `${head}x one\n`,
      `${head}y 1\n`,
      `${head}x{a="1"} 1\nx{a="1"} 1\n`,
      `${head}x{a=1} 1\n`,
      `${head}x{a="\\q"} 1\n`,
      `${head}${head}`,
      "# HELP x_total h\n# TYPE x_total gauge\n",
      "# HELP x_ms h\n# TYPE x_ms gauge\n",
    ]
  ) assertThrows(() => readExposition(bad), AssertionError, undefined, bad);
});
