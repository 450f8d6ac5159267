// The wrong dialect chosen: the server's first bytes name the right one.

import { assertEquals } from "@std/assert";
import { withDialectHint } from "../../../client/negotiation/dialect_hint.ts";
import type { ServerEvent } from "../../../protocol/events.ts";
import { dialectNamed } from "../../../protocol/dialects.ts";
import { frame } from "../../../protocol/frames.ts";
import { EN } from "../../../texts/en.ts";

const ENCODER = new TextEncoder();

/** The hints about a server that sends `bytes`, in one chunk or byte by byte, then pauses. */
function hints(dialect: string, bytes: Uint8Array, size: number, isGuess = false): string[] {
  const spoken = dialectNamed(dialect);
  if (spoken === undefined) throw new Error(dialect);
  const { decoder } = withDialectHint(spoken, { layout: undefined, texts: EN.client, isGuess })
    .client();
  const events: ServerEvent[] = [];
  const emit = (event: ServerEvent) => events.push(event);
  for (let at = 0; at < bytes.length; at += size) {
    decoder.feed(bytes.subarray(at, at + size), emit);
  }
  decoder.pause?.(emit);
  return events.flatMap((event) => event.type === "notice" && event.fromClient ? [event.text] : []);
}

const frames = (headerBytes: 16 | 12 | 8) =>
  frame({ headerBytes, littleEndian: true }, 1, "bob: bonjour tout le monde");

const CASES: readonly (readonly [bytes: string | Uint8Array, shown: string])[] = [
  ["Quel est ton pseudo ? ", "plain"],
  ["Bienvenue !\nEnter your name:\n", "plain"],
  ["MSG bob hi\n", "usermsg"],
  ["1 alice\n", "etx"],
  ["Commande inconnue\x03", "etx"],
  ['{"type":"error","code":"bad_request","message":"no"}\n', "native"],
  [frames(16), "framed"],
];

for (const chosen of ["native", "framed", "usermsg", "etx", "plain"]) {
  Deno.test(`withDialectHint() names the dialect of a server where ${chosen} was chosen (C5)`, () => {
    for (const [sent, shown] of CASES) {
      const bytes = typeof sent === "string" ? ENCODER.encode(sent) : sent;
      const text = `This server seems to speak ${shown}: try --dialect ${shown}, or none`;
      const expected = chosen === shown ? [] : [text];
      assertEquals(hints(chosen, bytes, bytes.length), expected, JSON.stringify(sent));
    }
  });
}

Deno.test("withDialectHint() says nothing of what a server of the dialect may send (C5)", () => {
  const cases = [
    ["usermsg", "Bienvenue sur le serveur\n"],
    ["framed", "okbob: hi\n"],
    ["etx", "Bienvenue sur le serveur\n"],
    ["plain", "USER and MSG are not commands here\n"],
    ["usermsg", "MSG bob Enter your name:\n"],
  ] as const;
  for (const [dialect, text] of cases) {
    for (const size of [1, 100]) {
      assertEquals(hints(dialect, ENCODER.encode(text), size), [], `${dialect} ${text}`);
    }
  }
});

Deno.test("withDialectHint() names the header of frames in another layout (C5)", () => {
  for (const headerBytes of [12, 8] as const) {
    assertEquals(hints("framed", frames(headerBytes), 99), [
      `This server's frames have another header: try --header ${headerBytes}`,
    ]);
  }
  assertEquals(hints("framed", frames(16), 99), []);
});

Deno.test("withDialectHint() doubts a dialect guessed from silence at the first message that is text (C5)", () => {
  for (const text of ["bob: salut\n", "bob: USER bob\n"]) {
    assertEquals(hints("usermsg", ENCODER.encode(text), 99, true), [
      "This server seems to speak plain: try --dialect plain, or none",
    ]);
  }
  for (const other of ["MSG bob salut\n", "Bienvenue alice !\n", "Erreur : trop long\n"]) {
    assertEquals(hints("usermsg", ENCODER.encode(other), 99, true), [], other);
  }
});
