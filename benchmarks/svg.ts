// SVG text from shapes: escaping, attributes, and the colours and fonts that charts share. It must
// not know what is drawn.

/** Text and lines: dark, on white. */
export const INK = "#1f2328";

/** Lines that only guide the eye. */
export const GRID = "#d0d7de";

/** Fills, distinct on white, also for people who do not tell red from green. */
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

/** Attributes of one element, in units of the picture. */
export type Attributes = Readonly<Record<string, string | number>>;

/** Where and how a text stands. */
export interface TextPlace {
  readonly x: number;
  /** Of the text's baseline. */
  readonly y: number;
  readonly anchor?: "start" | "middle" | "end";
  /** Height of the letters, 11 unless told otherwise. */
  readonly size?: number;
  readonly bold?: boolean;
  /** Reads upwards, turned around (x, y). */
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

/** How wide a line of text is, from above: about the widest common font's mean letter. */
export function textWidth(content: string, size = 11): number {
  return content.length * size * 0.62;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
