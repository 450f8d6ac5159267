// The layouts of a frame's header, with their names on the command line: sheet 000's six (D2), and
// those of programs that send a length, with or without a type, before each text.

/** Layout of a header of sheet 000: an int for the nature, then a length. */
export interface Layout {
  readonly shape?: undefined;
  /** 16: int, padding, 64-bit length, a C struct. 12: int, 64-bit length. 8: int, 32-bit length. */
  readonly headerBytes: 16 | 12 | 8;
  readonly littleEndian: boolean;
}

/** A length alone: the first text is the name, the others are messages. */
interface LengthLayout {
  readonly shape: "length";
  /** The bytes of the length; 2 in big-endian order is what Java's `writeUTF` sends. */
  readonly headerBytes: 8 | 4 | 2 | 1;
  readonly littleEndian: boolean;
}

/** A byte for the type, then a length of 4 bytes. */
interface TypedLayout {
  readonly shape: "typed";
  readonly headerBytes: 5;
  readonly littleEndian: boolean;
  /** The type of a message; one less registers a name. */
  readonly messageType: number;
}

/** How a decimal number fills its header. */
type Fill = "left" | "right" | "zero";

/** The length in decimal digits, filled up with spaces or zeros. */
interface DecimalLayout {
  readonly shape: "decimal";
  /** Characters of the header, {@linkcode MIN_DIGITS} to {@linkcode MAX_DIGITS}. */
  readonly headerBytes: number;
  readonly fill: Fill;
}

/** Any layout. */
export type FrameLayout = Layout | LengthLayout | TypedLayout | DecimalLayout;

/** The layouts of sheet 000, the likeliest first. */
export const LAYOUTS: readonly Layout[] = [true, false].flatMap((littleEndian) =>
  ([16, 12, 8] as const).map((headerBytes) => ({ headerBytes, littleEndian }))
);

/** The shortest and longest decimal header, in characters. */
const MIN_DIGITS = 4;
const MAX_DIGITS = 64;

/** The usual type of a message, after 1 for a name. */
const USUAL_TYPE = 2;

const length = (headerBytes: 8 | 4 | 2 | 1, littleEndian: boolean) =>
  ({ shape: "length", headerBytes, littleEndian }) as const;
const typed = (littleEndian: boolean) =>
  ({ shape: "typed", headerBytes: 5, littleEndian, messageType: USUAL_TYPE }) as const;

/** Layouts of no sheet whose length is a binary number, by name. */
const BINARY: Readonly<Record<string, LengthLayout | TypedLayout>> = {
  be4: length(4, false),
  le4: length(4, true),
  t4: typed(false),
  t4le: typed(true),
  be2: length(2, false),
  le2: length(2, true),
  u1: length(1, false),
  be8: length(8, false),
  le8: length(8, true),
};

/**
 * The layouts of no sheet that first bytes can show; `be8` looks like sheet 000's
 * big-endian header of 8 bytes.
 */
export const RECOGNISED_BINARY: readonly FrameLayout[] = Object.entries(BINARY)
  .filter(([name]) => name !== "be8").map(([, layout]) => layout);

/** The names that {@linkcode layoutNamed} takes, for help and errors. */
export const LAYOUT_NAMES: readonly string[] = [
  ...LAYOUTS.map(headerName),
  ...Object.keys(BINARY),
  `dec${MIN_DIGITS} to dec${MAX_DIGITS}`,
];

/** The layout with that name, such as `16`, `8be`, `be4` or `dec10`; undefined if there is none. */
export function layoutNamed(name: string): FrameLayout | undefined {
  const sheets = LAYOUTS.find((layout) => headerName(layout) === name);
  if (sheets !== undefined) return sheets;
  if (Object.hasOwn(BINARY, name)) return BINARY[name];
  const digits = Number(/^dec([1-9]\d?)$/.exec(name)?.[1] ?? 0);
  if (digits < MIN_DIGITS || digits > MAX_DIGITS) return undefined;
  return { shape: "decimal", headerBytes: digits, fill: "left" };
}

/** The name of a layout on the command line. */
export function headerName(layout: FrameLayout): string {
  switch (layout.shape) {
    case undefined:
      return `${layout.headerBytes}${layout.littleEndian ? "" : "be"}`;
    case "length":
      if (layout.headerBytes === 1) return "u1";
      return `${layout.littleEndian ? "le" : "be"}${layout.headerBytes}`;
    case "typed":
      return layout.littleEndian ? "t4le" : "t4";
    case "decimal":
      return `dec${layout.headerBytes}`;
  }
}

/** A key that two layouts share only if their frames are the same bytes. */
export function layoutKey(layout: FrameLayout): string {
  const name = headerName(layout);
  if (layout.shape === "typed") return `${name} ${layout.messageType}`;
  return layout.shape === "decimal" ? `${name} ${layout.fill}` : name;
}

/** What a header says. */
export interface Header {
  /** 0 registers, 1 is a message; 0 to 255 is the type in `typed`, 1 where there is none. */
  readonly nature: number;
  /** Bytes of the payload; NaN if a decimal header is no number. */
  readonly length: number;
}

/** The longest binary header. */
const MAX_BINARY_BYTES = 16;

/** The header at the start of `head`; missing bytes of a binary one count as 0. */
export function headerOf(layout: FrameLayout, head: Uint8Array): Header {
  const { headerBytes, shape } = layout;
  if (shape === "decimal") {
    return { nature: 1, length: decimalLength(head.subarray(0, headerBytes)) };
  }
  const bytes = new Uint8Array(MAX_BINARY_BYTES);
  bytes.set(head.subarray(0, headerBytes));
  const view = new DataView(bytes.buffer);
  const { littleEndian } = layout;
  if (shape === "typed") {
    return { nature: view.getUint8(0), length: view.getUint32(1, littleEndian) };
  }
  const nature = shape === "length" ? 1 : view.getUint32(0, littleEndian);
  if (headerBytes === 1) return { nature, length: view.getUint8(0) };
  if (headerBytes === 2) return { nature, length: view.getUint16(0, littleEndian) };
  if (headerBytes === 4) return { nature, length: view.getUint32(0, littleEndian) };
  const isShort = headerBytes === 8 && shape === undefined;
  const length = isShort
    ? view.getUint32(4, littleEndian)
    : Number(view.getBigUint64(headerBytes - 8, littleEndian));
  return { nature, length };
}

/** The greatest length that a header has room for, in bytes. */
export function longestPayload({ headerBytes, shape }: FrameLayout): number {
  if (shape === "decimal") return 10 ** headerBytes - 1;
  return 2 ** (8 * Math.min(headerBytes, 4)) - 1;
}

/** Writes a header: `nature` 0 registers, 1 is a message. */
export function writeHeader(
  layout: FrameLayout,
  nature: 0 | 1,
  length: number,
  bytes: Uint8Array<ArrayBuffer>,
): void {
  const { headerBytes, shape } = layout;
  if (shape === "decimal") {
    bytes.set(new TextEncoder().encode(filled(`${length}`, layout)).subarray(0, headerBytes));
    return;
  }
  const view = new DataView(bytes.buffer);
  const { littleEndian } = layout;
  if (shape === "typed") {
    view.setUint8(0, layout.messageType - 1 + nature);
    view.setUint32(1, length, littleEndian);
    return;
  }
  if (shape === undefined) view.setUint32(0, nature, littleEndian);
  if (headerBytes === 1) view.setUint8(0, length);
  else if (headerBytes === 2) view.setUint16(0, length, littleEndian);
  else if (headerBytes === 4) view.setUint32(0, length, littleEndian);
  else if (headerBytes === 8 && shape === undefined) view.setUint32(4, length, littleEndian);
  else view.setBigUint64(headerBytes - 8, BigInt(length), littleEndian);
}

function filled(digits: string, { headerBytes, fill }: DecimalLayout): string {
  if (fill === "left") return digits.padEnd(headerBytes);
  return digits.padStart(headerBytes, fill === "zero" ? "0" : " ");
}

function decimalLength(header: Uint8Array): number {
  const digits = /^ *(\d+) *$/.exec(String.fromCharCode(...header))?.[1];
  return digits === undefined ? NaN : Number(digits);
}

/**
 * The layout as a peer uses it whose first frame begins with `head`, a whole header: with its way
 * to fill a decimal number, or its type of messages, the one after the type of a name.
 */
export function asUsedBy(layout: FrameLayout, head: Uint8Array): FrameLayout {
  if (layout.shape === "typed") {
    // A letter is a verb: the answer to it is a message like the client's own.
    const type = head[0] ?? 0;
    return { ...layout, messageType: type < SPACE ? type + 1 : type };
  }
  if (layout.shape !== "decimal") return layout;
  return { ...layout, fill: fillOf(head[0], head[layout.headerBytes - 1]) };
}

const SPACE = 0x20;

function fillOf(first: number | undefined, last: number | undefined): Fill {
  if (first === SPACE) return "right";
  return last === SPACE ? "left" : "zero";
}

/** The layouts whose decimal header may be the beginning of `head`: digits, with spaces around. */
export function decimalLayouts(head: Uint8Array): readonly FrameLayout[] {
  const start = String.fromCharCode(...head.subarray(0, MAX_DIGITS + 1));
  const [all = "", before = "", digits = "", after = ""] = /^( *)(\d+)( *)/.exec(start) ?? [];
  if (digits === "") return [];
  // Without spaces after them, the last digits may belong to the payload.
  const lengths = after === ""
    ? Array.from(digits, (_, at) => before.length + at + 1)
    : [all.length];
  return lengths.filter((headerBytes) => headerBytes >= MIN_DIGITS && headerBytes <= MAX_DIGITS)
    .map((headerBytes) => asUsedBy({ shape: "decimal", headerBytes, fill: "left" }, head));
}
