import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { barChart, lineChart, shortNumber } from "../../benchmarks/chart.ts";

/** Values of one attribute in all elements of a kind. */
function attributes(svg: string, element: string, name: string): number[] {
  return [...svg.matchAll(new RegExp(`<${element}\\b[^>]* ${name}="([^"]*)"`, "g"))]
    .map((match) => Number(match[1]));
}

Deno.test("shortNumber() keeps three digits and a unit", () => {
  const values = [0, 0.25, 1, 12.345, 999.9, 12_345, 999_999, 4.56e6, 7e9];
  assertEquals(values.map(shortNumber), [
    "0",
    "0.25",
    "1",
    "12.3",
    "1k",
    "12.3k",
    "1M",
    "4.56M",
    "7G",
  ]);
});

Deno.test("barChart() draws bars as long as their values", () => {
  const bars = [{ label: "one", value: 10 }, { label: "two", value: 20 }, {
    label: "nil",
    value: 0,
  }];
  const svg = barChart({ title: "T", panels: [{ title: "Things", bars }] });
  const [, one = 0, two = 0, nil = 1] = attributes(svg, "rect", "width"); // the first rectangle is the page
  assert(one > 0 && Math.abs(two - 2 * one) < 0.2, `${one} ${two}`);
  assertStrictEquals(nil, 0);
  for (const word of ["T", "Things", "one", "two", "20"]) {
    assert(svg.includes(`>${word}<`), word);
  }
});

Deno.test("barChart() gives a power of ten the same length on a log axis", () => {
  const bars = [1, 10, 100].map((value) => ({ label: `${value}`, value }));
  const svg = barChart({ title: "T", panels: [{ title: "Things", scale: "log", bars }] });
  const [, a = 0, b = 0, c = 0] = attributes(svg, "rect", "width");
  assert(a > 0, "the smallest bar is seen");
  assert(Math.abs((c - b) - (b - a)) < 0.2, `${a} ${b} ${c}`);
});

Deno.test("barChart() has one colour a series and names it once", () => {
  const bars = ["x", "y"].flatMap((label) =>
    ["red", "green"].map((series) => ({ label, series, value: 1 }))
  );
  const svg = barChart({ title: "T", panels: [{ title: "Things", bars }] });
  const fills = [...svg.matchAll(/fill="(#[0-9a-f]{6})"\/>/g)].map((match) => match[1]);
  assertStrictEquals(new Set(fills).size, 2);
  assertStrictEquals(svg.split(">green<").length, 2);
});

Deno.test("lineChart() puts its points where their values are", () => {
  const points = [1, 10, 100].map((x) => ({ series: "s", x, y: x }));
  const svg = lineChart({
    title: "T",
    x: { title: "X", scale: "log" },
    y: { title: "Y" },
    points,
  });
  const [x1 = 0, x2 = 0, x3 = 0] = attributes(svg, "circle", "cx");
  const [y1 = 0, y2 = 0, y3 = 0] = attributes(svg, "circle", "cy");
  assert(Math.abs((x3 - x2) - (x2 - x1)) < 0.3, "log across");
  assert(Math.abs((y1 - y3) - 11 * (y1 - y2)) < 2, "linear upwards");
});

Deno.test("A chart cannot be broken out of by a text", () => {
  const svg = barChart({ title: `a<b & "c"`, panels: [{ title: "<i>", bars: [] }] });
  assert(svg.includes(`a&lt;b &amp; `) && !svg.includes("<i>"), svg);
});
