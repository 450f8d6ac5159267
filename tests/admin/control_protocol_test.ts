// The lines of the control socket, both halves, at every byte split.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { EN } from "../../texts/en.ts";
import {
  answerDecoder,
  type ControlAnswer,
  type ControlRequest,
  encodeControlLine,
  MAX_REQUEST_LINE_BYTES,
  requestDecoder,
} from "../../admin/control_protocol.ts";
import { MAX_MESSAGE_BYTES } from "../../protocol/limits.ts";
import { messageWatched } from "./fake_control.ts";

const REQUESTS: ControlRequest[] = [
  { command: "wall", args: ["ça va 🎉"] },
  { command: "kick", args: ["bob\n/shutdown 0\r\n", "a \u2028 b"] },
  { command: "who", args: [] },
];

const ANSWERS: ControlAnswer[] = [
  { ok: true, text: "ID  NAME\n1   名前", data: { users: [] } },
  { ok: false, error: 'No member called "zoe"', usage: false },
  { event: messageWatched("hé\nho"), text: "03:04:05Z bob: hé" },
];

function bytes(items: readonly (ControlRequest | ControlAnswer)[]): Uint8Array {
  return new TextEncoder().encode(items.map(encodeControlLine).join(""));
}

/** What a decoder makes of `input`, fed whole or in pieces. */
function decoded<Item>(
  decoder: { feed(chunk: Uint8Array, emit: (item: Item) => void): void },
  ...chunks: readonly Uint8Array[]
): Item[] {
  const items: Item[] = [];
  for (const chunk of chunks) decoder.feed(chunk, (item) => items.push(item));
  return items;
}

function onlyBad(line: string): { readonly bad: string; readonly fatal: boolean } {
  const [item, ...more] = decoded(requestDecoder(EN.operator), new TextEncoder().encode(line));
  assertEquals(more, []);
  assert(item !== undefined && "bad" in item);
  return { bad: item.bad(EN.refusals), fatal: item.fatal };
}

Deno.test("requestDecoder() yields the same requests at every split", () => {
  const input = bytes(REQUESTS);
  for (let at = 0; at <= input.length; at++) {
    const split = decoded(requestDecoder(EN.operator), input.slice(0, at), input.slice(at));
    assertEquals(split, REQUESTS, `split at ${at}`);
  }
});

Deno.test("answerDecoder() yields the same answers at every split", () => {
  const input = bytes(ANSWERS);
  for (let at = 0; at <= input.length; at++) {
    const split = decoded(answerDecoder(EN.operator), input.slice(0, at), input.slice(at));
    assertEquals(split, ANSWERS, `split at ${at}`);
  }
});

Deno.test("encodeControlLine() writes one line whatever the arguments hold (F67)", () => {
  for (const item of [...REQUESTS, ...ANSWERS]) {
    assertEquals(encodeControlLine(item).match(/[\n\r]/g), ["\n"]);
  }
});

Deno.test("requestDecoder() refuses a line that is no request and reads on", () => {
  assertEquals(onlyBad("who\n"), { bad: 'Not JSON: "who"', fatal: false });
  for (
    const line of [
      "null",
      "[]",
      "{}",
      '{"command":1,"args":[]}',
      '{"command":"who"}',
      '{"command":"who","args":[1]}',
    ]
  ) {
    assertMatch(onlyBad(line + "\n").bad, /^Not of the control protocol: "/, line);
  }
  const mixed = new TextEncoder().encode('x\n\n{"command":"who","args":[]}\n');
  assertEquals<unknown>(decoded(requestDecoder(EN.operator), mixed).slice(1), [REQUESTS[2]]);
});

Deno.test("requestDecoder() gives up on bytes that are not text and on a line over the cap", () => {
  const [notText] = decoded(requestDecoder(EN.operator), new Uint8Array([0xff, 0x0a]));
  assert(notText !== undefined && "bad" in notText && notText.fatal);
  assertStrictEquals(onlyBad("x".repeat(MAX_REQUEST_LINE_BYTES + 2)).fatal, true);
  const after = [new Uint8Array(MAX_REQUEST_LINE_BYTES + 2).fill(0x78), bytes(REQUESTS)];
  assertStrictEquals(decoded(requestDecoder(EN.operator), ...after).length, 1);
});

Deno.test("The longest message, every byte of it escaped, fits a request", () => {
  const request = { command: "wall", args: ["\x01".repeat(MAX_MESSAGE_BYTES)] };
  assertEquals(decoded(requestDecoder(EN.operator), bytes([request])), [request]);
});

Deno.test("answerDecoder() refuses what no server says", () => {
  const lines = ["{}", '{"ok":true}', '{"ok":false,"error":"x"}', '{"event":{},"text":"x"}'];
  const items = decoded(
    answerDecoder(EN.operator),
    new TextEncoder().encode(lines.join("\n") + "\n"),
  );
  assertStrictEquals(items.length, lines.length);
  for (const item of items) assert("bad" in item);
});
