// Layouts of frames that no sheet has (J6): recognised at every split where they are certain, and
// never where the bytes are text, another protocol's or sheet 000's.

import { assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { detect } from "../../protocol/detect.ts";
import { findLayout, lastLayout } from "../../protocol/find_layout.ts";
import {
  asUsedBy,
  type FrameLayout,
  LAYOUT_NAMES,
  layoutKey,
  layoutNamed,
  LAYOUTS,
} from "../../protocol/frame_layouts.ts";
import { frame } from "../../protocol/frames.ts";
import { bytes, splits } from "./splits.ts";

const CAP = 8704;

function named(name: string): FrameLayout {
  const layout = layoutNamed(name);
  if (layout === undefined) throw new RangeError(`No such layout: ${name}`);
  return layout;
}

/** The key of what the first bytes show, asked again with each chunk; a verdict is final. */
function found(chunks: readonly Uint8Array[]): string {
  let head = new Uint8Array(0);
  for (const chunk of chunks) {
    head = Uint8Array.of(...head, ...chunk);
    const layout = findLayout(head, CAP);
    if (typeof layout !== "string") return layoutKey(layout);
  }
  const last = lastLayout(head, CAP);
  return last === undefined ? "none" : layoutKey(last);
}

/** What clients send first, with the number that their header begins with where it has a type. */
const CLIENTS: readonly (readonly [layout: string, input: Uint8Array, key: string])[] = [
  ["be4", bytes(0, 0, 0, 4, "carl"), "be4"],
  ["le4", bytes(4, 0, 0, 0, "carl"), "le4"],
  ["le4, three letters: CTRL-C", bytes(3, 0, 0, 0, "bob"), "le4"],
  ["be4, a C string", bytes(0, 0, 0, 5, "carl", 0), "be4"],
  ["be4, a line", bytes(0, 0, 0, 5, "carl\n"), "be4"],
  ["be4, no name", bytes(0, 0, 0, 12, "Hello World!"), "be4"],
  ["be4, a buffer of 32 bytes", bytes(0, 0, 0, 32, "carl", ...new Uint8Array(28)), "be4"],
  ["be2, Java's writeUTF", bytes(0, 4, "carl"), "be2"],
  ["le2", bytes(4, 0, "carl"), "le2"],
  ["u1", bytes(4, "carl"), "u1"],
  ["t4, types 1 and 2", bytes(1, 0, 0, 0, 4, "carl"), "t4 2"],
  ["t4, types 0 and 1", bytes(0, 0, 0, 0, 4, "carl"), "t4 1"],
  ["t4le", bytes(1, 4, 0, 0, 0, "carl"), "t4le 2"],
  ["t4, a letter", bytes("N", 0, 0, 0, 4, "carl"), "t4 78"],
  ["le8", bytes(4, 0, 0, 0, 0, 0, 0, 0, "carl"), "le8"],
  ["le4, ten letters: a line end", bytes(10, 0, 0, 0, "abcdefghij"), "le4"],
  ["le4, thirteen letters: CR", bytes(13, 0, 0, 0, "abcdefghijklm"), "le4"],
  ["le4, JSON", bytes(37, 0, 0, 0, '{"type":"join","name":"carl","id":12}'), "le4"],
  ["dec10, JSON", bytes("15        ", '{"name":"carl"}'), "dec10 left"],
  ["dec10, spaces after", bytes("4         carl"), "dec10 left"],
  ["dec10, spaces before", bytes("         4carl"), "dec10 right"],
  ["dec4, zeros", bytes("0004carl"), "dec4 zero"],
  ["dec8, zeros, a name with digits", bytes("000000041bob"), "dec8 zero"],
  ["dec64", bytes("4".padEnd(64), "carl"), "dec64 left"],
  ["dec10, é", bytes("4         zoé"), "dec10 left"],
];

for (const [what, input, key] of CLIENTS) {
  Deno.test(`findLayout() recognises ${what} (J6)`, () => {
    assertStrictEquals(found([input]), key);
    const layout = findLayout(input, CAP);
    if (typeof layout === "string") throw new TypeError(layout);
    const more = Uint8Array.of(...input, ...frame(layout, 1, "salut"), ...frame(layout, 1, "ça"));
    assertStrictEquals(found([more]), key, "with messages in the same chunk");
    if (key !== "u1") {
      assertStrictEquals(found([more.subarray(0, -2)]), key, "the last message is incomplete");
    }
    const detected = detect(input, false);
    assertStrictEquals(
      detected.kind === "dialect" ? detected.dialect.name : detected.kind,
      "framed",
    );
  });

  if ((input[0] ?? 0) < 0x20 && ![10, 13].includes(input[0] ?? 0) && key !== "u1") {
    Deno.test(`findLayout() recognises ${what} at every split (J6)`, () => {
      // CTRL-C or CTRL-D alone may be a person's.
      for (const chunks of splits(input)) assertStrictEquals(found(chunks), key);
    });
  }
}

Deno.test("findLayout() of a client that writes header and text apart", () => {
  for (const [, input, key] of CLIENTS) {
    const header = [...input].findIndex((byte) => byte > 0x40 && byte !== 0x4e);
    if (key === "u1" || (key === "le4" && (input[0] ?? 0) > 0x20)) continue; // such a header alone looks like text
    assertStrictEquals(found([input.subarray(0, header), input.subarray(header)]), key);
  }
});

/** First bytes that a layout of no sheet must not be taken for. */
const OTHERS: readonly (readonly [what: string, input: Uint8Array])[] = [
  ["a name that begins with digits", bytes("0006carl\n", "salut\n")],
  ["a number of students", bytes("21004567")],
  ["a number alone", bytes("4         ")],
  ["a text after a number", bytes("4  carl")],
  ["a year", bytes("2026carl")],
  ["a text of the length", bytes("0008salut!  ")],
  ["a name of one letter after 2 bytes", bytes(0, 1, "n")],
  ["a printer", bytes(1, "default\n")],
  ["an empty line, and a text", bytes("\nabcdefghij")],
  ["CTRL-D", bytes(4)],
  ["TLS", bytes(0x16, 3, 1, 0, 4, 1, 0, 0, 0)],
  ["SMB", bytes(0, 0, 0, 8, 0xff, "SMB", 0x72, 0, 0, 0)],
  ["PostgreSQL", bytes(0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f)],
  ["DNS over TCP", bytes(0, 12, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
  ["a remote desktop", bytes(3, 0, 0, 11, 6, 0xe0, 0, 0, 0, 0, 0)],
  ["SOCKS5", bytes(5, 1, 0)],
  ["X11", bytes("l", 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
  ["Kerberos", bytes(0, 0, 0, 0x71, 0x6a, 0x81, 0x6e, 0x30)],
  ["telnet's bare return", bytes("\r", 0)],
  ["a name of one letter after 4 bytes", bytes(0, 0, 0, 1, "c")],
  ["a C string", bytes("carl", 0)],
  ["a letter and zeros", bytes("c", 0, 0, 0, 0, 0, 0, 0)],
];

for (const [what, input] of OTHERS) {
  Deno.test(`findLayout() takes no layout of no sheet for ${what}`, () => {
    for (let length = 1; length <= input.length; length++) {
      const layout = findLayout(input.subarray(0, length), CAP);
      if (typeof layout !== "string") assertStrictEquals(layout.shape, undefined, `${length}`);
    }
  });
}

Deno.test("findLayout() finds sheet 000's layouts whatever the text, as if there were no others", () => {
  fc.assert(fc.property(
    fc.constantFrom(...LAYOUTS),
    fc.constantFrom(0 as const, 1 as const),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
    (layout, nature, text) => {
      fc.pre(!text.includes("\0"));
      const whole = frame(layout, nature, text);
      for (const chunks of splits(whole)) {
        assertStrictEquals(found(chunks), layoutKey(layout));
      }
    },
  ));
});

Deno.test("findLayout() takes no line of text for a frame", () => {
  fc.assert(fc.property(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 }),
    (text) => {
      fc.pre(/^[^\d\p{Cc} ]/u.test(text) && !text.includes("\0"));
      assertStrictEquals(findLayout(bytes(text, "\n"), CAP), "none");
    },
  ));
});

Deno.test("layoutNamed() has every name once, and no other", () => {
  const names = [...LAYOUT_NAMES.slice(0, -1), "dec4", "dec10", "dec64"];
  const keys = names.map((name) => layoutKey(named(name)));
  assertStrictEquals(new Set(keys).size, names.length);
  for (const wrong of ["", "10", "dec3", "dec65", "dec010", "be3", "BE4", "constructor"]) {
    assertStrictEquals(layoutNamed(wrong), undefined, wrong);
  }
});

Deno.test("A header is written as the peer writes it", () => {
  for (const [, input, key] of CLIENTS) {
    const layout = findLayout(input, CAP);
    if (typeof layout === "string") throw new TypeError(layout);
    assertStrictEquals(layoutKey(layout), key);
    const { headerBytes } = layout;
    const answer = frame(layout, 1, new TextDecoder().decode(input.subarray(headerBytes)));
    const from = layout.shape === "typed" ? 1 : 0;
    assertEquals(answer.subarray(from), input.subarray(from));
    assertNotStrictEquals(asUsedBy(layout, input), undefined);
  }
});
