// What an `etx` client receives besides messages: notices, goodbyes and refusals.

import { assertEquals, assertStrictEquals } from "@std/assert";
import { EN } from "../../texts/en.ts";
import { etx } from "../../protocol/etx.ts";
import { bytes, decodeAll, encodeText, splits } from "./splits.ts";

Deno.test("The client half of etx hands over news without its mark, and one goodbye", () => {
  const flow = bytes("1 zoe\n-- bob joined\x03-- Goodbye: kicked: enough\x03\x04");
  for (const chunks of splits(flow)) {
    assertEquals(decodeAll(etx.client().decoder, chunks).slice(1), [
      { type: "notice", text: "bob joined" },
      { type: "closed", reason: "bye", text: "kicked: enough" },
    ]);
  }
});

Deno.test("etx names its own command where a refusal names one of another dialect", () => {
  const { encoder } = etx.server({ notices: false, asksName: true });
  const message = 'Nobody called "zz": /list shows who is here';
  const encoded = encodeText(encoder, { type: "error", code: "no_such_name", message });
  assertStrictEquals(encoded, '-! Nobody called "zz": h lists the commands\n\x03');
});

Deno.test("The client half of etx recognises news in the language of its texts", () => {
  const texts = {
    ...EN,
    events: {
      ...EN.events,
      youAreNow: (name: string) => `Tu es maintenant ${name} !`,
      goodbye: (why: string) => `Au revoir : ${why}`,
    },
  };
  const flow = bytes("1 zoe\n-- Tu es maintenant eve !\x03-- Au revoir : fini\x03\x04");
  assertEquals(decodeAll(etx.client({ texts }).decoder, [flow]).slice(1), [
    { type: "renamed", was: "", name: "eve", you: true },
    { type: "closed", reason: "bye", text: "fini" },
  ]);
});
