// The sizes fit each other: a message of exactly the longest text, in every dialect.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { Dialect } from "../../protocol/dialect.ts";
import { DIALECTS } from "../../protocol/dialects.ts";
import {
  MAX_MESSAGE_BYTES,
  MAX_NAME_CHARS,
  MAX_NATIVE_LINE_BYTES,
  MAX_TEXT_LINE_BYTES,
} from "../../protocol/limits.ts";
import { native } from "../../protocol/native.ts";
import { plain } from "../../protocol/plain.ts";
import type { Request } from "../../protocol/requests.ts";
import { bytes, decodeAll, encode, encodeText } from "./splits.ts";

const OPTIONS = { notices: false, asksName: false };
const FULL = "x".repeat(MAX_MESSAGE_BYTES);
/** 8192 bytes, in characters of two, three and four bytes. */
const WIDE = ["é", "€", "👍"].map((char) => {
  const times = Math.floor(MAX_MESSAGE_BYTES / bytes(char).length);
  return char.repeat(times) + "x".repeat(MAX_MESSAGE_BYTES - times * bytes(char).length);
});

function arrived(dialect: Dialect, request: Request): Request | undefined {
  const line = encode(dialect.client().encoder, request);
  const [item, ...more] = decodeAll(dialect.server(OPTIONS).decoder, [line]);
  assertEquals(more, []);
  return item;
}

for (const dialect of DIALECTS) {
  Deno.test(`${dialect.name} carries a message of exactly ${MAX_MESSAGE_BYTES} bytes (D18)`, () => {
    for (const text of [FULL, ...WIDE]) {
      assertStrictEquals(bytes(text).length, MAX_MESSAGE_BYTES);
      assertEquals(arrived(dialect, { verb: "say", text }), { verb: "say", text });
      const sent = { type: "message", seq: 1, at: "", from: "bob", text } as const;
      const line = bytes(encodeText(dialect.server(OPTIONS).encoder, sent));
      const [received, ...more] = decodeAll(dialect.client().decoder, [line]);
      assert(received && "text" in received && received.text.endsWith(text));
      assertEquals(more, []);
    }
  });
}

Deno.test("The longest text still fits beside the longest name and the longest ref", () => {
  const name = "👍".repeat(MAX_NAME_CHARS);
  const to = { sigil: "@", name } as const;
  const plainly = { verb: "say", to, text: FULL } as const;
  assertEquals(arrived(plain, plainly), plainly);
  const natively = { ...plainly, action: true, ref: "\u{10ffff}".repeat(32) };
  assertEquals(arrived(native, natively), natively);
  const reply = arrived(plain, { verb: "reply", text: FULL });
  assertEquals(reply, { verb: "command", word: "reply", rest: FULL });
});

Deno.test("A text over the limit by its line's spare bytes reaches the chat, which refuses it", () => {
  const spare = MAX_TEXT_LINE_BYTES - MAX_MESSAGE_BYTES;
  assert(spare >= bytes(`@${"👍".repeat(MAX_NAME_CHARS)} `).length);
  const text = FULL + "x";
  for (const dialect of DIALECTS) {
    assertEquals(arrived(dialect, { verb: "say", text }), { verb: "say", text });
  }
});

Deno.test("A message of full length fits a native line however JSON spells it", () => {
  for (const char of ['"', "é", "€", "👍", "x"]) {
    const text = char.repeat(Math.floor(MAX_MESSAGE_BYTES / bytes(char).length));
    // Escaped as Python's json.dumps does by default, and unusually for "x".
    const escaped = text.replace(
      /[^]/g,
      (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"),
    );
    const line = bytes(`{"type":"say","text":"${escaped}"}\n`);
    assert(line.length <= MAX_NATIVE_LINE_BYTES, `${line.length}`);
    const [request] = decodeAll(native.server(OPTIONS).decoder, [line]);
    assertEquals(request, { verb: "say", text });
  }
});
