// Draws bar and line charts as SVG text, without a browser. The one file that uses a chart library.

// @ts-types="npm:@types/d3-scale@4.0.9"
import { scaleBand, scaleLinear, scaleLog } from "d3-scale";
import { COLOURS, GRID, INK, picture, shape, text, textWidth } from "./svg.ts";

/** One numeric axis. */
export interface Axis {
  /** The measured quantity and its unit: `Latency, p99 (ms)`. */
  readonly title: string;
  /** `linear` (default) starts at zero; `log` is for values that span powers of ten. */
  readonly scale?: "linear" | "log";
}

/** One bar. */
export interface Bar {
  /** Name of its row in the panel. */
  readonly label: string;
  /** Not negative; on a log axis a value of 0 has no bar. */
  readonly value: number;
  /**
   * Bars of one label are grouped, with a colour for each series; without series each label has a
   * colour.
   */
  readonly series?: string;
  /** Text after the bar (default {@linkcode shortNumber} of the value). */
  readonly text?: string;
}

/** A box of horizontal bars. */
export interface BarPanel extends Axis {
  /** From top to bottom, at least one. */
  readonly bars: readonly Bar[];
}

/** The text above a chart. */
export interface Heading {
  readonly title: string;
  /** A smaller line: machine, date, load. */
  readonly subtitle?: string;
}

/** Panels of bars under one title. */
export interface BarChart extends Heading {
  /** In reading order. */
  readonly panels: readonly BarPanel[];
  /** Number of panels beside each other (default 2). */
  readonly columns?: number;
}

/** A point of a line. */
export interface Point {
  /** Name of its line; lines get colours and legend entries in order of appearance. */
  readonly series: string;
  readonly x: number;
  readonly y: number;
}

/** Lines over two numeric axes. */
export interface LineChart extends Heading {
  readonly x: Axis;
  readonly y: Axis;
  /** The points of each line in the order of drawing; above 0 on a log axis; at least one. */
  readonly points: readonly Point[];
}

const MARGIN = 16;
const TITLE_SIZE = 15;
const PANEL_WIDTH = 290;
const ROW = 20;
/** Space below a panel for the ticks' numbers and the axis's title. */
const AXIS_HEIGHT = 38;
const GAP = 22;
const LINES = { width: 620, height: 340 };

/** A numeric scale of the library, linear or logarithmic. */
type Length = (value: number) => number;

interface Ruler {
  readonly at: Length;
  readonly ticks: readonly number[];
}

/** Three significant digits and a unit: `0.25`, `12.3k`, `4M`. */
export function shortNumber(value: number): string {
  const units = [[1e9, "G"], [1e6, "M"], [1e3, "k"]] as const;
  const [size, unit] = units.find(([size]) => value >= size * 0.9995) ?? [1, ""];
  return Number((value / size).toPrecision(3)) + unit;
}

/** Draws panels of horizontal bars, each bar followed by its number, as an SVG document. */
export function barChart(chart: BarChart): string {
  const { panels, columns = 2 } = chart;
  const across = Math.min(columns, panels.length);
  const series = seriesOf(panels.flatMap(({ bars }) => bars));
  const labels = panels.flatMap(({ bars }) => bars.map(({ label }) => textWidth(label)));
  const left = Math.max(0, ...labels) + 8;
  const pitch = left + PANEL_WIDTH + tail(panels) + GAP;
  const shapes: string[] = [];
  let y = drawHeading(chart, shapes);
  if (series.length > 1) y = drawLegend(series, y, shapes);
  for (let first = 0; first < panels.length; first += across) {
    const row = panels.slice(first, first + across);
    row.forEach((panel, column) => {
      const origin = { x: MARGIN + left + column * pitch, y };
      shapes.push(...panelShapes(panel, series, origin));
    });
    y += Math.max(...row.map(panelHeight)) + AXIS_HEIGHT + GAP;
  }
  const width = Math.ceil(2 * MARGIN + across * pitch - GAP);
  return picture(chart.title, { width, height: Math.ceil(y - GAP + MARGIN) }, shapes);
}

/** Draws lines with a dot at each point as an SVG document. */
export function lineChart(chart: LineChart): string {
  const { points } = chart;
  const series = seriesOf(points);
  const shapes: string[] = [];
  let top = drawHeading(chart, shapes);
  if (series.length > 1) top = drawLegend(series, top, shapes);
  const left = MARGIN + 66;
  const bottom = top + LINES.height;
  const x = ruler(chart.x, points.map((point) => point.x), [left, left + LINES.width]);
  const y = ruler(chart.y, points.map((point) => point.y), [bottom, top]);
  shapes.push(...upright(x, [top, bottom], chart.x.title));
  for (const tick of y.ticks) {
    const at = y.at(tick);
    shapes.push(shape("line", { x1: left, x2: left + LINES.width, y1: at, y2: at, stroke: GRID }));
    shapes.push(text(shortNumber(tick), { x: left - 6, y: at + 4, anchor: "end" }));
  }
  const middle = (top + bottom) / 2;
  shapes.push(
    text(chart.y.title, { x: MARGIN + 12, y: middle, anchor: "middle", size: 12, upwards: true }),
  );
  series.forEach((name, index) => {
    const stroke = colour(index);
    const along = points.filter((point) => point.series === name)
      .map((point) => [x.at(point.x), y.at(point.y)] as const);
    const path = along.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(" ");
    shapes.push(shape("polyline", { points: path, fill: "none", stroke, "stroke-width": 2 }));
    shapes.push(...along.map(([cx, cy]) => shape("circle", { cx, cy, r: 3.5, fill: stroke })));
  });
  const width = left + LINES.width + 2 * MARGIN;
  return picture(chart.title, { width, height: bottom + AXIS_HEIGHT + MARGIN }, shapes);
}

function seriesOf(items: readonly { readonly series?: string }[]): string[] {
  return [...new Set(items.flatMap(({ series }) => series ?? []))];
}

function colour(index: number): string {
  return COLOURS[index % COLOURS.length] ?? INK;
}

/** Draws the title; returns the y coordinate below it. */
function drawHeading({ title, subtitle }: Heading, shapes: string[]): number {
  let y = MARGIN + TITLE_SIZE;
  shapes.push(text(title, { x: MARGIN, y, size: TITLE_SIZE, bold: true }));
  if (subtitle !== undefined) shapes.push(text(subtitle, { x: MARGIN, y: y += 18 }));
  return y + 16;
}

function drawLegend(series: readonly string[], y: number, shapes: string[]): number {
  let x = MARGIN;
  series.forEach((name, index) => {
    shapes.push(shape("rect", { x, y, width: 11, height: 11, fill: colour(index) }));
    shapes.push(text(name, { x: x + 16, y: y + 10 }));
    x += textWidth(name) + 34;
  });
  return y + 26;
}

/** Width of the longest number, for a bar that reaches the end of its panel. */
function tail(panels: readonly BarPanel[]): number {
  return Math.max(0, ...panels.flatMap(({ bars }) => bars.map((bar) => textWidth(written(bar)))));
}

function written(bar: Bar): string {
  return bar.text ?? shortNumber(bar.value);
}

function rowsOf({ bars }: BarPanel): string[] {
  return [...new Set(bars.map(({ label }) => label))];
}

function panelHeight(panel: BarPanel): number {
  const perRow = seriesOf(panel.bars).length;
  return rowsOf(panel).length * (perRow < 2 ? ROW : perRow * (ROW - 3) + 8);
}

function panelShapes(
  panel: BarPanel,
  series: readonly string[],
  origin: { readonly x: number; readonly y: number },
): string[] {
  const rows = rowsOf(panel);
  const height = panelHeight(panel);
  const values = panel.bars.map(({ value }) => value);
  // A log axis begins below the smallest bar: otherwise that bar would be invisible.
  const least = Math.min(...values.filter((value) => value > 0), 1e9) * 0.95;
  const x = ruler(panel, panel.scale === "log" ? [...values, least] : values, [
    origin.x,
    origin.x + PANEL_WIDTH,
  ]);
  const row = scaleBand(rows, [origin.y, origin.y + height]).padding(0.12);
  const here = seriesOf(panel.bars);
  const bar = scaleBand(here.length === 0 ? [""] : here, [0, row.bandwidth()]);
  const shapes = upright(x, [origin.y, origin.y + height], panel.title);
  for (const label of rows) {
    const middle = (row(label) ?? 0) + row.bandwidth() / 2;
    shapes.push(text(label, { x: origin.x - 6, y: middle + 4, anchor: "end" }));
  }
  for (const one of panel.bars) {
    const y = (row(one.label) ?? 0) + (bar(one.series ?? "") ?? 0);
    const end = x.at(one.value);
    const fill = colour(
      one.series === undefined ? rows.indexOf(one.label) : series.indexOf(one.series),
    );
    const box = { width: Math.max(0, end - origin.x), height: bar.bandwidth() };
    shapes.push(shape("rect", { x: origin.x, y, ...box, fill }));
    shapes.push(text(written(one), { x: end + 5, y: y + bar.bandwidth() / 2 + 4 }));
  }
  return shapes;
}

/** Draws grid, ticks and title of an axis that runs from left to right below [top, bottom]. */
function upright({ at, ticks }: Ruler, [y1, y2]: readonly [number, number], title: string) {
  const shapes = ticks.flatMap((tick) => [
    shape("line", { x1: at(tick), x2: at(tick), y1, y2, stroke: GRID }),
    text(shortNumber(tick), { x: at(tick), y: y2 + 15, anchor: "middle" }),
  ]);
  const [left = 0, right = 0] = [ticks[0], ticks.at(-1)].map((tick) => at(tick ?? 0));
  const middle = (left + right) / 2;
  shapes.push(shape("line", { x1: left, x2: right, y1: y2, y2, stroke: INK }));
  shapes.push(text(title, { x: middle, y: y2 + 32, anchor: "middle", size: 12 }));
  return shapes;
}

/** A scale whose ends are ticks. */
function ruler(axis: Axis, values: readonly number[], range: readonly [number, number]): Ruler {
  if (axis.scale !== "log") {
    const scale = scaleLinear([0, Math.max(0, ...values) || 1], range).nice(5);
    return { at: scale, ticks: scale.ticks(5) };
  }
  const positive = values.filter((value) => value > 0);
  const low = 10 ** Math.floor(Math.log10(Math.min(...positive, 1e9)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...positive, low * 10)));
  const scale = scaleLog([low, high], range);
  const decades = Math.round(Math.log10(high / low));
  const ticks = Array.from(
    { length: decades + 1 },
    (_, power) => Number((low * 10 ** power).toPrecision(6)),
  );
  return { at: (value) => scale(Math.max(value, low)), ticks };
}
