// Writes SVG elements: escaping, attributes, and the colours and fonts of all charts.

/** Colour of text and lines on white. */
export const INK = "#1f2328";

/** Colour of grid lines. */
export const GRID = "#d0d7de";

/**
 * Colours of bars and lines, distinct on white, also for readers who cannot distinguish red from
 * green.
 */
export const COLOURS: readonly string[] = [
  "#0969da",
  "#cf5c00",
  "#1a7f64",
  "#a83279",
  "#6e7781",
  "#8a6d00",
  "#4527a0",
];

const FONT = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif";

/** Attributes of one element, in SVG units. */
export type Attributes = Readonly<Record<string, string | number>>;

/** Position and style of a text. */
export interface TextPlace {
  readonly x: number;
  /** Height of the baseline. */
  readonly y: number;
  readonly anchor?: "start" | "middle" | "end";
  /** Font size (default 11). */
  readonly size?: number;
  readonly bold?: boolean;
  /** Whether it is turned around (x, y) to read upwards. */
  readonly upwards?: boolean;
}

/** One element without content: `<rect x="1"/>`. */
export function shape(name: string, attributes: Attributes): string {
  const written = Object.entries(attributes).map(([key, value]) =>
    ` ${key}="${typeof value === "number" ? rounded(value) : escaped(value)}"`
  );
  return `<${name}${written.join("")}/>`;
}

/** One line of text. */
export function text(content: string, place: TextPlace): string {
  const { x, y, anchor = "start", size = 11, bold = false, upwards = false } = place;
  const turned = upwards ? ` transform="rotate(-90 ${rounded(x)} ${rounded(y)})"` : "";
  const weight = bold ? ' font-weight="bold"' : "";
  return `<text x="${rounded(x)}" y="${rounded(y)}" font-size="${size}" text-anchor="${anchor}"` +
    `${weight}${turned}>${escaped(content)}</text>`;
}

/** The whole document, with a title for screen readers. */
export function picture(
  title: string,
  size: { readonly width: number; readonly height: number },
  shapes: readonly string[],
): string {
  const { width, height } = size;
  return [
    "<!-- deno-fmt-ignore-file: drawn by a program -->",
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}"` +
    ` viewBox="0 0 ${width} ${height}" font-family="${FONT}" fill="${INK}">`,
    `<title>${escaped(title)}</title>`,
    shape("rect", { width, height, fill: "white" }),
    ...shapes,
    "</svg>\n",
  ].join("\n");
}

/** Upper bound for the width of a line of text, from the mean letter of the widest common font. */
export function textWidth(content: string, size = 11): number {
  return content.length * size * 0.62;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
