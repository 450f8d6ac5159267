// The client half of framed, in every cut: what it writes, ok, frames, and text without a frame.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { framed } from "../../protocol/framed.ts";
import { frame } from "../../protocol/frames.ts";
import { MAX_SERVER_FRAME_BYTES } from "../../protocol/limits.ts";
import type { Request } from "../../protocol/requests.ts";
import { clientMessage } from "./sample_events.ts";
import { assertEverySplit, bytes, decodeAll, encode, splits } from "./splits.ts";

const STRUCT = { headerBytes: 16, littleEndian: true } as const;

function client() {
  return framed.client().decoder;
}

const WORDS: readonly (readonly [request: Request, nature?: 0 | 1, text?: string])[] = [
  [{ verb: "hello", name: "bob", version: 1 }, 0, "bob"],
  [{ verb: "hello" }],
  [{ verb: "rename", name: "rob" }, 0, "rob"],
  [{ verb: "say", text: "hi 👍", ref: 1 }, 1, "hi 👍"],
  [{ verb: "say", text: "waves", action: true }, 1, "*waves*"],
  [{ verb: "say", text: "" }],
  [{ verb: "say", text: "x", to: { sigil: "@", name: "x" } }],
  [{ verb: "line", text: "x" }],
  [{ verb: "reply", text: "x" }],
  [{ verb: "command", word: "me", rest: "x" }],
  [{ verb: "join", group: "x" }],
  [{ verb: "leave", group: "x" }],
  [{ verb: "who" }],
  [{ verb: "whoami" }],
  [{ verb: "groups" }],
  [{ verb: "history" }],
  [{ verb: "help" }],
  [{ verb: "ping" }],
  [{ verb: "bye" }],
];

for (const [request, nature, text = ""] of WORDS) {
  Deno.test(`The client half of framed writes ${JSON.stringify(request)}`, () => {
    for (const headerBytes of [16, 12, 8] as const) {
      const layout = { headerBytes, littleEndian: true };
      const expected = nature === undefined ? new Uint8Array(0) : frame(layout, nature, text);
      assertEquals(encode(framed.client({ layout }).encoder, request), expected);
    }
    const usual = encode(framed.client({ layout: STRUCT }).encoder, request);
    assertEquals(encode(framed.client().encoder, request), usual);
  });
}

Deno.test("The client half of framed writes the bytes of a C struct (R9)", () => {
  const written = encode(framed.client().encoder, { verb: "hello", name: "bob" });
  assertEquals(written, bytes(0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, "bob"));
});

const KO = { type: "notice", text: "ko", receipt: true };

for (const headerBytes of [16, 12, 8] as const) {
  const layout = { headerBytes, littleEndian: true };
  const fresh = () => framed.client({ layout }).decoder;

  Deno.test(`The client half of framed reads the same at every split: ${headerBytes} (R14)`, () => {
    const input = bytes(
      "okok",
      ...frame(layout, 1, "bob: hé 👍"),
      "ok",
      ...frame(layout, 1, "eve@cooks: soup\n"),
      ...frame(layout, 1, "eve (private): psst: you"),
      ...frame(layout, 1, "* bob waves"),
      ...frame(layout, 1, "a\0b"),
      "ok",
    );
    assertEverySplit<unknown>(fresh, input, [
      KO,
      KO,
      clientMessage("bob", "hé 👍"),
      KO,
      clientMessage("eve", "soup", { to: "#cooks" }),
      clientMessage("eve", "psst: you", { to: "@" }),
      { type: "notice", text: "* bob waves" },
      { type: "notice", text: "a" }, // the rest of a buffer
      KO,
    ]);
  });

  Deno.test(`The client half of framed names the remedy for another layout: ${headerBytes}`, () => {
    const other = { headerBytes, littleEndian: false };
    const events = decodeAll(fresh(), [frame(other, 1, "bob: hi"), bytes("ok")]);
    const [event, ...more] = events;
    assert(event?.type === "error" && /try another --header/.test(event.message));
    assertEquals(more, []);
  });
}

/** The text of all notices together: without frames, nothing marks the end of one. */
function shown(chunks: readonly Uint8Array[]): string {
  return decodeAll(client(), chunks).map((event) => event.type === "notice" ? event.text : "?")
    .join("");
}

Deno.test("The client half of framed shows text without frames immediately, wherever it is cut (D4)", () => {
  const input = bytes("bob, hé 👍\r\nnot ok\n\no, no\no");
  assertEquals(decodeAll(client(), [bytes("bob: hi")], false), [
    clientMessage("bob", "hi"),
  ]);
  for (const chunks of splits(input)) {
    const text = shown(chunks).replaceAll("\r", "");
    // Cut right before it, `ok` looks the same as an acknowledgement.
    const cutBefore = chunks[0]?.length === 19 || chunks.length > 2;
    assertStrictEquals(text, `bob, hé 👍not ${cutBefore ? "ko" : "ok"}o, noo`);
  }
});

Deno.test("The client half of framed skips the NULs of buffers sent whole, where no frame has come (C2)", () => {
  const input = bytes("bob: hi\n", ...new Uint8Array(40), "eve: so", ...new Uint8Array(40), "ok");
  for (const chunks of [[input], [input.subarray(0, 30), input.subarray(30)]]) {
    assertEquals(decodeAll(client(), chunks), [
      clientMessage("bob", "hi"),
      clientMessage("eve", "so"),
      KO,
    ]);
  }
});

Deno.test("The client half of framed reads frames after text, and half a character before them", () => {
  const input = bytes("caf", 0xc3, ...frame(STRUCT, 1, "bob: hi"), "bye");
  const events = decodeAll(client(), [input]);
  assertEquals(events, [
    { type: "notice", text: "caf\ufffd" },
    clientMessage("bob", "hi"),
    { type: "notice", text: "bye" },
  ]);
  const torn = decodeAll(client(), [input.subarray(0, 4), input.subarray(4)]);
  assertStrictEquals(torn.length, 4);
});

Deno.test("The client half of framed takes a frame of exactly the cap, and none larger", () => {
  const text = "x".repeat(MAX_SERVER_FRAME_BYTES);
  assertEquals(decodeAll(client(), [frame(STRUCT, 1, text)]), [{ type: "notice", text }]);
  const [event] = decodeAll(client(), [frame(STRUCT, 1, text + "x")]);
  assertStrictEquals(event?.type, "error");
});
