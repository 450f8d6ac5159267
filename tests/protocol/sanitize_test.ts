// visible() writes out every class of dangerous character and leaves every script unchanged;
// quotedPath() does so in quotes.

import { assert, assertEquals, assertNotMatch, assertStrictEquals } from "@std/assert";
import fc, { CODE_POINT } from "../fast_check.ts";
import { quotedPath, undecorated, visible } from "../../protocol/sanitize.ts";

// The classes of F10, F15 and F16, by Unicode's own names, not by ranges.
const HARMLESS_FORMAT = /[\u200c\u200d]|\p{Script=Arabic}|\p{Script=Syriac}|\p{Script=Kaithi}/u;

/** Whether a character may not reach a terminal as it is. */
function isUnsafe(char: string): boolean {
  if (char === "\t") return false;
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u{e0100}-\u{e01ef}]/u.test(char)) return true;
  // Egyptian quadrats and the number signs of some scripts are format characters with a shape.
  return /\p{Cf}/u.test(char) && !HARMLESS_FORMAT.test(char) &&
    !/[\u0600-\u0605\u06dd\u08e2\u{13430}-\u{1343f}]/u.test(char);
}

const WRITTEN_OUT: readonly (readonly [what: string, text: string, shown: string])[] = [
  ["ESC [ 2J", "\x1b[2J", "\\x1b[2J"],
  ["OSC 52", "\x1b]52;c;aGk=\x07", "\\x1b]52;c;aGk=\\x07"],
  ["DCS and APC", "\x1bPq\x1b\\\x1b_x\x1b\\", "\\x1bPq\\x1b\\\\x1b_x\\x1b\\"],
  ["C1 CSI", "\x9b2J", "\\x9b2J"],
  ["backspaces", "ab\b\b", "ab\\x08\\x08"],
  ["DEL", "\x7f", "\\x7f"],
  ["NUL", "\0", "\\x00"],
  ["ETX and EOT (D16)", "\x03\x04", "\\x03\\x04"],
  ["line feed and return", "a\nb\rc\r\n", "a\\x0ab\\x0dc\\x0d\\x0a"],
  ["vertical tab and form feed", "\v\f", "\\x0b\\x0c"],
  ["NEL", "\x85", "\\x85"],
  ["line and paragraph separator", "\u2028\u2029", "\\u2028\\u2029"],
  ["bidi override", "\u202egnp.exe", "\\u202egnp.exe"],
  ["bidi embeddings", "\u202a\u202b\u202c\u202d", "\\u202a\\u202b\\u202c\\u202d"],
  ["bidi isolates", "\u2066\u2067\u2068\u2069", "\\u2066\\u2067\\u2068\\u2069"],
  ["bidi marks", "\u200e\u200f\u061c", "\\u200e\\u200f\\u061c"],
  ["zero width space, word joiner", "\u200b\u2060", "\\u200b\\u2060"],
  ["byte order mark", "\ufeffa\ufeff", "\\ufeffa\\ufeff"],
  ["soft hyphen", "a\xadb", "a\\xadb"],
  ["Mongolian vowel separator", "\u180e", "\\u180e"],
  ["tags", "\u{e0001}\u{e0041}\u{e007f}", "\\u{e0001}\\u{e0041}\\u{e007f}"],
  ["variation selectors supplement", "a\u{e0100}", "a\\u{e0100}"],
  ["interlinear annotation", "\ufff9a\ufffa", "\\ufff9a\\ufffa"],
  ["invisible format controls", "\u{1bca0}\u{1d173}", "\\u{1bca0}\\u{1d173}"],
  ["lone surrogates", "a\ud800b\udc00", "a\ufffdb\ufffd"],
];

for (const [what, text, shown] of WRITTEN_OUT) {
  Deno.test(`visible() writes out ${what} (F10, F15, F16)`, () => {
    assertStrictEquals(visible(text), shown);
    assertStrictEquals(visible(`a ${text} z`), `a ${shown} z`);
  });
}

const UNHARMED: readonly (readonly [what: string, text: string])[] = [
  ["ASCII", Array.from({ length: 95 }, (_, code) => String.fromCharCode(code + 32)).join("")],
  ["a tab", "a\tb"],
  ["accents, composed or not", "é e\u0301 ộ o\u0323\u0302"],
  ["joined emoji", "👨‍👩‍👧‍👦 ❤️‍🔥 🏳️‍🌈 👩🏽‍🚀 1️⃣ 🇫🇷"],
  ["Persian with ZWNJ", "می‌خواهم"],
  ["Hindi with ZWJ", "क्‍ष"],
  ["Hebrew with points and accents", "בְּרֵאשִׁ֖ית"],
  ["Thai", "ที่นี่"],
  ["Arabic with its number sign", "\u0600١٢ السَّلَامُ"],
  ["Chinese, Japanese, Korean", "你好 こんにちは 안녕 ㄱ"],
  ["no-break and wide spaces", "a\xa0b\u3000c"],
  ["box drawing", "┌─┐"],
];

for (const [what, text] of UNHARMED) {
  Deno.test(`visible() leaves ${what} unharmed`, () => assertStrictEquals(visible(text), text));
}

Deno.test("visible() leaves no unsafe character of Unicode as it is", () => {
  const missed: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    const char = String.fromCodePoint(code);
    if (isUnsafe(char) && visible(char) === char) missed.push(code.toString(16));
  }
  assertEquals(missed, []);
});

Deno.test("visible() shortens floods of combining marks, however they are mixed", () => {
  for (const flood of ["\u0301", "\u0301\u200d", "\u200c\u0489", "\u0301\ufe0f"]) {
    const shown = visible(`a${flood.repeat(1000)}b`);
    assertStrictEquals(shown, `a${flood.repeat(6).slice(0, 6)}b`);
  }
  const mixed = visible("a" + "\u0301\u{e0100}".repeat(1000));
  assertNotMatch(mixed, /[\p{M}]{7}|[\u{e0100}-\u{e01ef}]/u);
  assertStrictEquals(visible("a" + "\u0301".repeat(6)), "a" + "\u0301".repeat(6));
});

/** Text with many special characters. */
const nasty = fc.array(
  fc.oneof(
    fc.constantFrom(
      "\x1b",
      "\n",
      "\r",
      "\u2028",
      "\u202e",
      "\u200d",
      "\u0301",
      "\u{e0100}",
      "\ud800",
    ),
    fc.string({ unit: CODE_POINT, maxLength: 3 }),
    fc.nat(0x10ffff).map((code) => String.fromCodePoint(code)),
  ),
  { maxLength: 40 },
).map((parts) => parts.join(""));

Deno.test("visible() answers one line without unsafe characters, and the same when asked twice", () => {
  fc.assert(fc.property(nasty, (text) => {
    const shown = visible(text);
    assert(shown.isWellFormed());
    assert(![...shown].some(isUnsafe), JSON.stringify(shown));
    assertNotMatch(shown, /[\p{M}\u200c\u200d]{7}/u);
    assertStrictEquals(visible(shown), shown);
  }));
});

Deno.test("quotedPath() shows the whole path in quotes, so that it can be pasted", () => {
  const long = `/home/ana/${"d".repeat(200)}`;
  assertStrictEquals(quotedPath(long), `"${long}"`);
  assertStrictEquals(quotedPath("/tmp/my chat"), '"/tmp/my chat"');
  assertStrictEquals(quotedPath("/tmp/\x1b[2J"), '"/tmp/\\x1b[2J"');
});

Deno.test("undecorated() drops colours, and redrawing at both ends of a line, in linear time", () => {
  assertStrictEquals(undecorated("\r\x1b[2K\x1b[1mhi\x1b[0m you\x1b[K\r\r"), "hi you");
  assertStrictEquals(undecorated("a\x1b[2Kb\rc"), "a\x1b[2Kb\rc");
  assertStrictEquals(undecorated("\x1b[K\r"), "");
  const before = performance.now();
  for (const piece of ["\r", "\x1b[", "\x1b[K", "\x1b[1;", "\x9b0K"]) {
    const flood = piece.repeat(20_000);
    for (const text of [flood, `x${flood}x`, `${flood}x`]) undecorated(text);
  }
  assert(performance.now() - before < 2_000, `${performance.now() - before} ms`);
});
