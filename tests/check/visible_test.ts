// Bytes as text for people.

import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import { visibleBytes, visibleFrames } from "../../check/visible.ts";
import { LAYOUTS } from "../../protocol/frame_layouts.ts";
import { frame } from "../../protocol/frames.ts";

const ENCODER = new TextEncoder();

const SHOWN: readonly (readonly [what: string, bytes: Uint8Array, shown: string])[] = [
  ["text", ENCODER.encode("MSG ana hi\n"), "MSG ana hi\\n"],
  ["accents", ENCODER.encode("Nîmes 日本 🎉"), "Nîmes 日本 🎉"],
  [
    "control characters",
    ENCODER.encode("a\x03b\x04\r\n\t\0\x1b\x7f"),
    "a\\x03b\\x04\\r\\n\\t\\0\\x1b\\x7f",
  ],
  ["a backslash", ENCODER.encode("a\\n"), "a\\\\n"],
  ["half a character", Uint8Array.of(0x61, 0xc3), "a\\xc3"],
  ["no UTF-8", Uint8Array.of(0xff, 0xe9, 0x20), "\\xff\\xe9 "],
  ["a character that turns the direction", ENCODER.encode("\u202e"), "\\u{202e}"],
  [
    "all but a few of many marks on one letter (F15)",
    ENCODER.encode("e" + "\u0301".repeat(8) + "x"),
    "e" + "\u0301".repeat(6) + "\\u{301}\\u{301}x",
  ],
  ["nothing", new Uint8Array(0), ""],
];

for (const [what, bytes, shown] of SHOWN) {
  Deno.test(`visible() writes out ${what}`, () => assertStrictEquals(visibleBytes(bytes), shown));
}

Deno.test("visible() leaves out the middle of a long piece and says how much", () => {
  const shown = visibleBytes(ENCODER.encode("a".repeat(5000)));
  assert(shown.length < 200);
  assertMatch(shown, /^a+ \.\.\.\+4864 B\.\.\. a+$/);
});

for (const layout of LAYOUTS) {
  const name = `${layout.headerBytes} ${layout.littleEndian ? "little" : "big"}-endian`;
  Deno.test(`visibleFrames() decodes headers of ${name} bytes`, () => {
    const show = visibleFrames(layout);
    const [hello, hi] = [frame(layout, 0, "ana"), frame(layout, 1, "hi\n")];
    assertStrictEquals(show(hello), "[nature 0, length 3] ana");
    assertStrictEquals(
      show(Uint8Array.from([...hello, ...hi])),
      "[nature 0, length 3] ana [nature 1, length 3] hi\\n",
    );
    assertStrictEquals(show(hi.subarray(0, layout.headerBytes)), "[nature 1, length 3]");
    assertStrictEquals(show(hi.subarray(layout.headerBytes)), "hi\\n");
    const withOk = Uint8Array.from([...ENCODER.encode("ok"), ...hi]);
    assertStrictEquals(show(withOk), "ok [nature 1, length 3] hi\\n");
    assertStrictEquals(show(hi.subarray(0, 3)), visibleBytes(hi.subarray(0, 3)));
  });
}

Deno.test("visibleFrames() takes the rest of a cut header for no header", () => {
  const layout = { headerBytes: 16, littleEndian: true } as const;
  const rest = frame(layout, 1, "Cut by the network.").subarray(3);
  assertMatch(visibleFrames(layout)(rest), /^\\0.*Cut by the network\.$/);
  const lie = frame(layout, 1, "x").fill(0xff, 8, 16);
  assertMatch(visibleFrames(layout)(lie), /^\[nature 1, length \d{20}\] x$/);
});

Deno.test("visibleFrames() shows the two ends of many frames", () => {
  const layout = { headerBytes: 16, littleEndian: true } as const;
  const bytes = Array.from({ length: 50 }, (_, at) => [...frame(layout, 1, `${at}`)]).flat();
  const shown = visibleFrames(layout)(Uint8Array.from(bytes));
  assertMatch(shown, /length 1\] 1 \.\.\.\+46 frames\.\.\. \[nature 1, length 2\] 48 /);
});
