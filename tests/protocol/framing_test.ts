// LineFramer and decodeLine(): line ends, caps and invalid text, in every cut.

import { EN } from "../../texts/en.ts";
import { assert, assertEquals, assertStrictEquals, fail } from "@std/assert";
import fc from "../fast_check.ts";
import { asLine, decodeLine, LineFramer, lineTooLong } from "../../protocol/framing.ts";
import { bytes, cut, splits } from "./splits.ts";

const CAP = 8;

/** The lines as Latin-1, then "overflow" if it ends so; feeds nothing after an overflow. */
function frame(chunks: readonly Uint8Array[], cap = CAP, ended = true): string[] {
  const framer = new LineFramer(cap);
  const lines: string[] = [];
  const onLine = (line: Uint8Array) => lines.push(String.fromCharCode(...line));
  for (const chunk of chunks) {
    const buffer = chunk.slice();
    const outcome = framer.feed(buffer, onLine);
    buffer.fill(0x21);
    if (outcome === "overflow") return [...lines, "overflow"];
  }
  if (ended && framer.end(onLine) === "overflow") lines.push("overflow");
  return lines;
}

const FULL = "x".repeat(CAP);
const CASES: readonly (readonly [what: string, input: string, lines: readonly string[]])[] = [
  ["nothing", "", []],
  ["LF", "a\nb\n", ["a", "b"]],
  ["CRLF", "a\r\nb\r\n", ["a", "b"]],
  ["both", "a\r\nb\nc\r\n", ["a", "b", "c"]],
  ["CRCRLF: one line end", "a\r\r\nb\n", ["a", "b"]],
  ["CR alone ends a line", "a\rb\rc", ["a", "b", "c"]],
  ["after an LF a lone CR stays in the text", "x\na\rb\n", ["x", "a\rb"]],
  ["a CR and LF later", "a\rb\r\nc\rd\n", ["a", "b", "c\rd"]],
  ["NUL ends a line", "a\0b\0", ["a", "b"]],
  ["more NULs are padding", "\0a\0\0\0b\n\0\0c\0\0", ["a", "b", "c"]],
  ["NUL LF and NUL CR LF: one line end", "a\0\nb\0\r\nc\n", ["a", "b", "c"]],
  ["CR NUL: one line end", "a\r\0\r\0b\n\r\0", ["a", "b", ""]],
  ["after NULs an LF of its own", "a\0\n\nb", ["a", "", "b"]],
  ["LF CR: the CR starts the next line", "a\n\rb\n", ["a", "\rb"]],
  ["empty lines", "\n\r\n\n", ["", "", ""]],
  ["a line at EOF", "a\nb", ["a", "b"]],
  ["a line at EOF with half an ending", "a\nb\r", ["a", "b"]],
  ["a CR alone at EOF", "\r", [""]],
  ["exactly the cap, LF", `${FULL}\n${FULL}\n`, [FULL, FULL]],
  ["exactly the cap, CRLF", `${FULL}\r\na\n`, [FULL, "a"]],
  ["exactly the cap, at EOF", FULL, [FULL]],
  ["exactly the cap and a CR, at EOF", `${FULL}\r`, [FULL]],
  ["one more, LF", `a\n${FULL}x\nb\n`, ["a", "overflow"]],
  ["one more, CRLF", `a\n${FULL}x\r\nb\n`, ["a", "overflow"]],
  ["one more, at EOF", `a\n${FULL}x`, ["a", "overflow"]],
  ["one more and a CR, at EOF", `${FULL}x\r`, ["overflow"]],
  ["two more, without an ending", `${FULL}xx`, ["overflow"]],
  ["exactly the cap, CRCRLF: over it", `\n${FULL}\r\r\n`, ["", "overflow"]],
  ["one below the cap, CRCRLF", `${FULL.slice(1)}\r\r\n`, [FULL.slice(1)]],
  ["nothing but returns", "\n" + "\r".repeat(CAP + 2) + "\n", ["", "overflow"]],
  ["what looks like an ending is only LF", "a\x85b\x0bc\x0cd\n", ["a\x85b\x0bc\x0cd"]],
];

for (const [what, input, expected] of CASES) {
  Deno.test(`LineFramer yields the same lines at every split: ${what}`, () => {
    for (const chunks of splits(Uint8Array.from(input, (char) => char.charCodeAt(0)))) {
      assertEquals(frame(chunks), expected, chunks.map((chunk) => chunk.length).join("+"));
    }
  });
}

Deno.test("LineFramer yields the same lines for any bytes and chunks, none over the cap", () => {
  const byte = fc.oneof(fc.constantFrom(0x0a, 0x0d, 0), fc.nat(255));
  fc.assert(fc.property(
    fc.uint8Array({ maxLength: 60 }),
    fc.array(byte, { maxLength: 60 }),
    fc.array(fc.nat(60)),
    fc.nat(20),
    (noise, lineish, places, cap) => {
      for (const input of [noise, Uint8Array.from(lineish)]) {
        const whole = frame([input], cap);
        assertEquals(frame(cut(input, places), cap), whole);
        const lines = whole.filter((line) => line !== "overflow");
        assert(lines.every((line) => line.length <= cap && !line.includes("\n")));
      }
    },
  ));
});

Deno.test("LineFramer takes an LF after an end by silence for the same end (D24)", () => {
  const framer = new LineFramer(CAP);
  const lines: string[] = [];
  const onLine = (line: Uint8Array) => lines.push(new TextDecoder().decode(line));
  framer.feed(bytes("a"), onLine);
  assertEquals([framer.pendingBytes, framer.endsLines], [1, false]);
  framer.end(onLine);
  assertEquals([framer.pendingBytes, framer.endsLines], [0, false]);
  framer.feed(bytes("\r"), onLine);
  framer.feed(bytes("\nb\nc"), onLine);
  assertEquals([framer.pendingBytes, framer.endsLines], [1, true]);
  assertEquals(lines, ["a", "b"]);
});

Deno.test("LineFramer.feed() overflows on a long line that has not ended, immediately", () => {
  const framer = new LineFramer(CAP);
  const never = () => fail("no line has ended");
  assertStrictEquals(framer.feed(bytes("x".repeat(CAP + 1)), never), "ok");
  assertStrictEquals(framer.feed(bytes("x"), never), "overflow");
  assertStrictEquals(
    new LineFramer(CAP).feed(new Uint8Array(10_000_000).fill(0x78), never),
    "overflow",
  );
});

Deno.test("LineFramer.feed() copies a line that comes byte by byte a few times, not each time", () => {
  const cap = 64 * 1024;
  const framer = new LineFramer(cap);
  const set = Uint8Array.prototype.set;
  const slice = Uint8Array.prototype.slice;
  let copied = 0;
  Uint8Array.prototype.set = function (from, at) {
    copied += from.length;
    set.call(this, from, at);
  };
  Uint8Array.prototype.slice = function (from, to) {
    const part = slice.call(this, from, to);
    copied += part.length;
    return part;
  };
  let length = 0;
  try {
    const one = bytes("x");
    for (let fed = 0; fed < cap; fed++) framer.feed(one, () => {});
    framer.feed(bytes("\n"), (line) => length = line.length);
  } finally {
    Uint8Array.prototype.set = set;
    Uint8Array.prototype.slice = slice;
  }
  assertStrictEquals(length, cap);
  assert(copied >= cap && copied <= 4 * cap, `copied ${copied} bytes for ${cap}`);
});

Deno.test("LineFramer.feed() hands out a line inside one chunk without copying it", () => {
  const chunk = bytes("abc\n");
  new LineFramer(CAP).feed(chunk, (line) => assertStrictEquals(line.buffer, chunk.buffer));
});

/** Each with its lossy decoding: a U+FFFD for every piece that cannot be a character. */
const INVALID: readonly (readonly [what: string, sequence: number[], lossy: string])[] = [
  ["an overlong NUL", [0xc0, 0x80], "\ufffd\ufffd"],
  ["a surrogate", [0xed, 0xa0, 0x80], "\ufffd\ufffd\ufffd"],
  ["beyond U+10FFFF", [0xf4, 0x90, 0x80, 0x80], "\ufffd\ufffd\ufffd\ufffd"],
  ["a lone continuation byte", [0x80], "\ufffd"],
  ["a character cut short", [0xe2, 0x82], "\ufffd"],
  ["a four-byte character cut short", [0xf0, 0x9f, 0x91], "\ufffd"],
  ["Latin-1", [0xe9], "\ufffd"],
  ["bytes that never occur", [0xfe, 0xff], "\ufffd\ufffd"],
];

for (const [what, sequence, lossy] of INVALID) {
  Deno.test(`decodeLine() refuses or replaces ${what} (F8, D18)`, () => {
    for (const [before, after] of [["", ""], ["a", ""], ["", "b"], ["a", "b"]] as const) {
      const line = bytes(before, ...sequence, after);
      assertStrictEquals(decodeLine(line, "lossy"), before + lossy + after);
      assertStrictEquals((decodeLine(line, "strict") as { code: string }).code, "invalid_utf8");
    }
  });
}

Deno.test("decodeLine() takes valid text as it is, byte order marks included", () => {
  for (const text of ["", "hi", "é€👍", "\ufeffa\ufeffb\ufeff", "a\rb", "\ufffd"]) {
    assertStrictEquals(decodeLine(bytes(text), "lossy"), text);
    assertStrictEquals(decodeLine(bytes(text), "strict"), text);
  }
});

Deno.test("decodeLine() refuses NUL in either mode, wherever it stands (F7)", () => {
  for (const line of ["\0", "\0a", "a\0b", "a\0", "*\0", "$\0"]) {
    for (const mode of ["lossy", "strict"] as const) {
      assertStrictEquals((decodeLine(bytes(line), mode) as { code: string }).code, "binary_input");
    }
  }
  assertStrictEquals(
    (decodeLine(bytes(0xff, 0), "strict") as { code: string }).code,
    "binary_input",
  );
});

Deno.test("decodeLine() keeps no state from one line to the next", () => {
  decodeLine(bytes(0xe2, 0x82), "lossy");
  assertStrictEquals(decodeLine(bytes(0xac), "lossy"), "\ufffd");
  decodeLine(bytes(0xe2, 0x82), "strict");
  assertStrictEquals(decodeLine(bytes("ok"), "strict"), "ok");
});

Deno.test("asLine() makes one line of any text", () => {
  assertStrictEquals(asLine(""), "\n");
  assertStrictEquals(asLine("a\nb\r\nc\n"), "a b\r c \n");
});

Deno.test("lineTooLong() names the cap", () => {
  const { code, text } = lineTooLong(99);
  assertEquals([code, text(EN.refusals)], ["line_too_long", "Line too long: at most 99 bytes"]);
});
