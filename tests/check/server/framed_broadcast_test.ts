// The layouts in which a broadcast of sheet 000 is recognised, and those in which it is not.

import { assertStrictEquals } from "@std/assert";
import { joinBytes, latin1, utf8Bytes } from "../../../check/bytes.ts";
import { broadcastOf, framedBroadcast } from "../../../check/server/framed_broadcast.ts";
import type { Layout } from "../../../protocol/frame_layouts.ts";
import { frame } from "../../../protocol/frames.ts";

const LAYOUTS: readonly Layout[] = ([16, 12, 8] as const).flatMap((headerBytes) =>
  [true, false].map((littleEndian) => ({ headerBytes, littleEndian }))
);

/** Ten bytes: in a header that length is a line end, and 60 or so is a letter or a digit. */
const TEXTS = [
  "Good morning, 100 %.",
  "Ten bytes.",
  "Slowly.",
  `${"Long ".repeat(11)}enough.`,
] as const;

/** What stands around name and text in one frame. */
const AROUND: readonly (readonly [string, string, string])[] = [
  ["", ": ", ""],
  ["", "\n", ""],
  ["", "\r\n", "\n"],
  ["[", "] ", ""],
  ["<", ">\n\n> ", "\n"],
  ["De ", " :\n  ", "\n"],
  ["", "\0", "\0"],
  ["", "\0".repeat(253), ""],
  ["", " (2026-11-30 11:21:05, client no 4) dit : ", ""],
  ["--- ", " ---\n« ", " »"],
];

function isShown(layout: Layout, text: string, ...parts: readonly Uint8Array[]): boolean {
  return broadcastOf(layout, text, "bob").test(latin1(joinBytes(...parts)));
}

Deno.test("broadcastOf() takes any layout with the name before the text (D4, D27)", () => {
  for (const layout of LAYOUTS) {
    const framed = (text: string) => frame(layout, 1, text);
    for (const text of TEXTS) {
      for (const [before, between, after] of AROUND) {
        const sent = `${before}bob${between}${text}${after}`;
        const shown = JSON.stringify([layout, sent]);
        assertStrictEquals(isShown(layout, text, framed(sent)), true, shown);
        assertStrictEquals(isShown(layout, text, utf8Bytes(sent)), true, shown);
        if (between.length > 64) continue;
        assertStrictEquals(framedBroadcast(layout, text, "bob").test(latin1(framed(sent))), true);
        const two = [framed(`${before}bob${between}`), framed(text)];
        assertStrictEquals(isShown(layout, text, ...two), true, shown);
        const decorated = [frame(layout, 0, `${before}bob${between}`), framed(`> ${text}${after}`)];
        assertStrictEquals(isShown(layout, text, ...decorated), true, shown);
        const inTwo = latin1(joinBytes(...two));
        assertStrictEquals(framedBroadcast(layout, text, "bob").test(inTwo), true);
      }
    }
  }
});

Deno.test("broadcastOf() takes no text without its sender, and none with the sender's own header", () => {
  for (const layout of LAYOUTS) {
    const framed = (text: string) => frame(layout, 1, text);
    for (const text of TEXTS) {
      const others: readonly (readonly Uint8Array[])[] = [
        [framed(text)],
        [framed(`bobby: ${text}`)],
        [framed(`cat: ${text}`)],
        [framed("bob: Something else.\n"), framed(`cat: ${text}`)],
        [utf8Bytes(`bob: Something else.\ncat: ${text}\n`)],
        [utf8Bytes("bob: "), framed(text)],
        [framed("bob: Good morn")],
      ];
      for (const parts of others) {
        assertStrictEquals(isShown(layout, text, ...parts), false, latin1(joinBytes(...parts)));
      }
    }
  }
});

Deno.test("broadcastOf() begins at the last name, so that a message sent twice is seen", () => {
  const [layout] = LAYOUTS;
  if (layout === undefined) return;
  const frames = ["bob: Hi.", "bob: Hi.", "bob: Good one."].map((text) => frame(layout, 1, text));
  const sent = latin1(joinBytes(...frames));
  const index = broadcastOf(layout, "Good one.", "bob").exec(sent)?.index;
  assertStrictEquals(index, sent.lastIndexOf("bob"));
});
