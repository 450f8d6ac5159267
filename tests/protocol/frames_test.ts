// Frames in six layouts: which one the first bytes show, bytes that no layout allows, and reading
// in any chunks.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { type Layout, LAYOUTS } from "../../protocol/frame_layouts.ts";
import {
  beginsLikeFrame,
  frame,
  FrameReader,
  guessLayout,
  settleLayout,
} from "../../protocol/frames.ts";
import { bytes, cut, splits } from "./splits.ts";
import { framePadded, layoutName } from "./padded_frames.ts";

const CAP = 8704;
const UTF8 = new TextEncoder();

/** The verdict on bytes in those chunks. */
function settled(chunks: readonly Uint8Array[]): string {
  let head = new Uint8Array(0);
  for (const chunk of chunks) {
    head = Uint8Array.of(...head, ...chunk);
    const found = settleLayout(head, CAP);
    if (typeof found !== "string") return layoutName(found);
    if (found === "none") return "none";
  }
  const guess = guessLayout(head, CAP);
  return guess === undefined ? "more" : layoutName(guess);
}

const LONG = "x".repeat(300);
const TEXTS = ["b", "bob", "\n\n", "a name", "Zoé 👍", "x".repeat(33), "x".repeat(256), LONG];
const PADDINGS = [0, 2, 3, 10, 0x21, 300, 8704, 21845, 32767, 0x7ffe1234, 0xffffffff];

for (const layout of LAYOUTS) {
  Deno.test(`settleLayout() finds ${layoutName(layout)} at every split, whatever the padding`, () => {
    const paddings = layout.headerBytes === 16 ? PADDINGS : [0];
    for (const padding of paddings) {
      for (const nature of [0, 1] as const) {
        for (const text of TEXTS) {
          const input = framePadded(layout, { nature, text, padding });
          for (const chunks of splits(input)) {
            const what = `${text} padding ${padding} cut ${chunks.map((one) => one.length)}`;
            assertStrictEquals(settled(chunks), layoutName(layout), what);
          }
        }
      }
    }
  });

  Deno.test(`settleLayout() needs at most 17 bytes for ${layoutName(layout)}`, () => {
    fc.assert(fc.property(
      fc.string({ unit: "grapheme", minLength: 17, maxLength: 400 }),
      fc.constantFrom(0 as const, 1 as const),
      fc.nat(0xffffffff),
      (text, nature, padding) => {
        fc.pre(!text.includes("\0"));
        const input = framePadded(layout, { nature, text, padding });
        const found = settleLayout(input.subarray(0, 17), CAP);
        assert(typeof found !== "string", `${found}`);
        assertStrictEquals(layoutName(found), layoutName(layout));
      },
    ));
  });
}

type Row = readonly [what: string, input: Uint8Array, found: string];

/** Bytes that two layouts allow, and which one wins. */
const AMBIGUOUS: readonly Row[] = [
  // int 0, then 1: the length of an 8-byte header, or padding. A visible payload is complete.
  ["a name of one letter, 8 bytes", bytes(0, 0, 0, 0, 1, 0, 0, 0, "x"), "8 little"],
  ["the same, big-endian", bytes(0, 0, 0, 0, 0, 0, 0, 1, "x"), "8 big"],
  // Nothing visible: more bytes are needed to decide.
  ["padding 1, length 10", bytes(0, 0, 0, 0, 1, 0, 0, 0, 10), "more"],
  ["padding 1, length 10, whole", padded(1, "x".repeat(10)), "16 little"],
  ["padding 1, length 32, whole", padded(1, "x".repeat(32)), "16 little"],
  ["padding 1, length 33 and up", padded(1, LONG), "16 little"],
  ["padding 2, length 33", padded(2, "x".repeat(33)), "16 little"],
  [
    "a newline alone, then a message, 8 bytes",
    bytes(1, 0, 0, 0, 1, 0, 0, 0, "\n", 1, 0, 0, 0, 2, 0, 0, 0, "hi"),
    "8 little",
  ],
  // A length of 8 or 12 bytes of which only the beginning has arrived.
  ["int 0 and length 5", bytes(0, 0, 0, 0, 5, 0, 0, 0), "more"],
  ["int 0 and length 5, four more", bytes(0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0), "more"],
  ["... and a letter", bytes(0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, "a"), "12 little"],
  ["... and a NUL", bytes(0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3), "16 big"],
  ["sixteen zeros but one", bytes(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9), "16 big"],
  ["a C string with its NUL", bytes(0, 0, 0, 0, 4, 0, 0, 0, "bob", 0), "8 little"],
];

function padded(padding: number, text: string): Uint8Array {
  const layout = { headerBytes: 16, littleEndian: true } as const;
  return framePadded(layout, { nature: 0, text, padding });
}

for (const [what, input, expected] of AMBIGUOUS) {
  Deno.test(`settleLayout() and ambiguity: ${what}`, () => {
    const found = settleLayout(input, CAP);
    assertStrictEquals(typeof found === "string" ? found : layoutName(found), expected);
  });
}

const huge = (...length: number[]) => bytes(1, 0, 0, 0, 0, 0, 0, 0, ...length);
const NONE: readonly Row[] = [
  ["length 0 in 16 bytes", bytes(...new Uint8Array(16)), "none"],
  ["a huge length", huge(0, 0, 0, 0, 0, 1, 0, 0), "none"],
  ["a negative length", huge(255, 255, 255, 255, 255, 255, 255, 255), "none"],
  ["one more than the cap", huge(1, 0x22, 0, 0, 0, 0, 0, 0), "none"],
  ["a negative length in 8 bytes", bytes(1, 0, 0, 0, 255, 255, 255, 255, "abc"), "none"],
  ["nature 2", bytes(2), "none"],
  ["nature 256", bytes(0, 1), "none"],
  ["nature -1", bytes(255, 255, 255, 255), "none"],
  ["text", bytes("hello"), "none"],
];

for (const [what, input] of NONE) {
  Deno.test(`settleLayout() finds no layout for ${what}`, () => {
    assertStrictEquals(settleLayout(input, CAP), "none");
    assertStrictEquals(guessLayout(input, CAP), undefined);
  });
}

Deno.test("settleLayout() takes the longest length there may be", () => {
  const found = settleLayout(huge(0, 0x22, 0, 0, 0, 0, 0, 0), CAP);
  assertEquals(found, { headerBytes: 16, littleEndian: true });
});

Deno.test("beginsLikeFrame() is never true of text", () => {
  for (let first = 2; first < 256; first++) assert(!beginsLikeFrame(Uint8Array.of(first)));
  for (const head of [bytes(0), bytes(1), bytes(0, 0, 0), bytes(0, 0, 0, 1, "x")]) {
    assert(beginsLikeFrame(head));
  }
  for (const head of [bytes(0, "a"), bytes(1, 1), bytes(0, 0, 0, 2)]) {
    assert(!beginsLikeFrame(head));
  }
});

/** Reads everything; a refusal's code comes last. */
function readAll(layout: Layout, chunks: readonly Uint8Array[]): (string | number)[] {
  const reader = new FrameReader(layout, CAP);
  const found: (string | number)[] = [];
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const next = reader.read(chunk, at, (nature, payload) => {
        found.push(nature, new TextDecoder().decode(payload));
      });
      if (typeof next !== "number") return [...found, next.code];
      assert(next > at);
      at = next;
    }
  }
  if (!reader.isIdle) found.push("half");
  return found;
}

for (const layout of LAYOUTS) {
  Deno.test(`FrameReader carries any texts in any chunks: ${layoutName(layout)}`, () => {
    fc.assert(fc.property(
      fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }), { maxLength: 6 }),
      fc.array(fc.nat(600)),
      (texts, places) => {
        const input = bytes(...texts.flatMap((text) => [...frame(layout, 1, text)]));
        const expected = texts.flatMap((text) => [1, new TextDecoder().decode(UTF8.encode(text))]);
        assertEquals(readAll(layout, cut(input, places)), expected);
      },
    ));
  });

  Deno.test(`FrameReader refuses a bad header as soon as it is whole: ${layoutName(layout)}`, () => {
    const { headerBytes, littleEndian } = layout;
    for (const length of [0n, BigInt(CAP) + 1n, 0x7fffffffn, 0xffffffffn]) {
      const header = framePadded(layout, { nature: 1, text: "", padding: 7 });
      const view = new DataView(header.buffer);
      if (headerBytes === 8) view.setUint32(4, Number(length), littleEndian);
      else view.setBigUint64(headerBytes - 8, length, littleEndian);
      for (const chunks of splits(header)) assertEquals(readAll(layout, chunks), ["bad_frame"]);
    }
    const odd = frame(layout, 1, "x");
    new DataView(odd.buffer).setUint32(0, 2, littleEndian);
    assertEquals(readAll(layout, [odd]), ["bad_frame"]);
  });

  Deno.test(`FrameReader takes the longest payload and not a byte more: ${layoutName(layout)}`, () => {
    const text = "x".repeat(CAP);
    assertEquals(readAll(layout, [frame(layout, 1, text)]), [1, text]);
    assertEquals(readAll(layout, [frame(layout, 1, text + "x")]), ["bad_frame"]);
    assertEquals(readAll(layout, [frame(layout, 1, text).subarray(0, 100)]), ["half"]);
  });
}
