// PeerText: when a peer's text is Latin-1 (J9), and what it is sent then.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { PeerText } from "../../protocol/peer_text.ts";
import { plain } from "../../protocol/plain.ts";
import { usermsg } from "../../protocol/usermsg.ts";
import { SAMPLES } from "./sample_events.ts";
import { bytes, decodeAll, encode } from "./splits.ts";

const OPTIONS = { notices: false, asksName: true };

/** Text as Latin-1. */
function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

Deno.test("PeerText reads Latin-1 from the first line on that is no UTF-8 (J9)", () => {
  const text = new PeerText();
  assertStrictEquals(text.decode(bytes("carl")), "carl");
  assertStrictEquals(text.isLatin1, false);
  for (const line of ["caf\u00e9 cr\u00e8me", "zo\u00e9", "plain"]) {
    assertStrictEquals(text.decode(latin1(line)), line);
    assert(text.isLatin1);
  }
});

Deno.test("PeerText stays with UTF-8 for a peer that has sent a character of it (J9)", () => {
  const text = new PeerText();
  assertStrictEquals(text.decode(bytes("\u00e9t\u00e9")), "\u00e9t\u00e9");
  assertStrictEquals(text.decode(latin1("\u00e9t\u00e9")), "\ufffdt\ufffd");
  assertStrictEquals(text.isLatin1, false);
});

Deno.test("PeerText takes no control characters, telnet's bytes or half a character for Latin-1", () => {
  for (const line of [[0x80], [0xe2, 0x82], [0xff, 0xf4], [0x61, 0xc3], [0xed, 0xa0, 0x80]]) {
    const text = new PeerText();
    assert(text.decode(bytes(...line)).includes("\ufffd"));
    assertStrictEquals(text.isLatin1, false);
  }
  const text = new PeerText();
  assertStrictEquals(text.decode(bytes("\ufffd")), "\ufffd");
  assertStrictEquals(text.isLatin1, false);
});

Deno.test("A peer that writes Latin-1 is answered so, with similar characters where there are none", () => {
  for (const [dialect, hello] of [[plain, "zo\u00e9\n"], [usermsg, "USER zo\u00e9\n"]] as const) {
    const codec = dialect.server(OPTIONS);
    const before = codec.encoder;
    decodeAll(codec.decoder, [latin1(hello)], false);
    assert(codec.encoder !== before);
    assert(codec.encoder !== dialect.server(OPTIONS).encoder);
    const text = "\u00e9t\u00e9 \u2019\u0153uf\u2019 \u65e5 e\u0301";
    const sent = encode(codec.encoder, { ...SAMPLES.message, text });
    assertEquals(
      new TextDecoder("latin1").decode(sent).replace(/^.*?(: |MSG \S+ )/, "").trim(),
      "\u00e9t\u00e9 'oeuf' ? \u00e9",
    );
    const again = dialect.server(OPTIONS);
    decodeAll(again.decoder, [latin1(hello)], false);
    assertStrictEquals(again.encoder, codec.encoder, "the fan-out shares it");
  }
});

Deno.test("A peer that turns out to write Latin-1 in a message is readmitted by an empty answer", () => {
  const codec = plain.server(OPTIONS);
  assertEquals(decodeAll(codec.decoder, [bytes("carl\n"), latin1("\u00e9t\u00e9\nhi\n")], false), [
    { verb: "line", text: "carl" },
    { verb: "line", text: "\u00e9t\u00e9" },
    { verb: "answer", bytes: new Uint8Array(0) },
    { verb: "line", text: "hi" },
  ]);
});
