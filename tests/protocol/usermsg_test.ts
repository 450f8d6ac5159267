// Both halves of usermsg, in every cut: sheet 004, notices, marks.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc, { CODE_POINT } from "../fast_check.ts";
import type { EventType, ServerEvent } from "../../protocol/events.ts";
import { MAX_TEXT_LINE_BYTES } from "../../protocol/limits.ts";
import type { Request } from "../../protocol/requests.ts";
import { usermsg } from "../../protocol/usermsg.ts";
import { SAMPLES } from "./sample_events.ts";
import { assertSameInAnyChunks } from "./any_chunks.ts";
import { assertEverySplit, bytes, decodeAll, encode, encodeText } from "./splits.ts";

function server() {
  return usermsg.server({ notices: false, asksName: true }).decoder;
}

function client() {
  return usermsg.client().decoder;
}

/** What a server with or without `--notices` writes (D17). */
function encoded(event: ServerEvent, notices: boolean): string {
  return encodeText(usermsg.server({ notices, asksName: true }).encoder, event);
}

Deno.test("The server half of usermsg reads the same requests at every split (R89, R90)", () => {
  const input = "USER Zoé\nMSG hello 👍\r\nMSG  two  spaces \nMSG\nMSG \nUSER zed\nquit\nMSG end";
  assertEverySplit(server, bytes(input), [
    { verb: "hello", name: "Zoé" },
    { verb: "say", text: "hello 👍" },
    { verb: "say", text: " two  spaces " },
    { verb: "say", text: "" },
    { verb: "say", text: "" },
    { verb: "rename", name: "zed" },
    {
      verb: "invalid",
      failure: {
        code: "unknown_command",
        message: 'Unknown verb: "quit", expected USER or MSG',
      },
      fatal: false,
      typed: "quit",
    },
    { verb: "say", text: "end" },
  ]);
});

Deno.test("usermsg takes any name after USER; the chat judges it", () => {
  for (const [line, name] of [["USER  bob  ", "bob"], ["USER a b", "a b"], ["USER", ""]] as const) {
    assertEquals(decodeAll(server(), [bytes(line, "\n")]), [{ verb: "hello", name }]);
  }
});

Deno.test("usermsg counts the USER lines of one connection, not of all", () => {
  const options = { notices: false, asksName: true };
  for (let connection = 0; connection < 2; connection++) {
    const requests = decodeAll(usermsg.server(options).decoder, [bytes("USER a\nUSER b\n")]);
    assertEquals(requests.map(({ verb }) => verb), ["hello", "rename"]);
  }
});

Deno.test("usermsg delivers invalid UTF-8 as U+FFFD, and NUL ends a line (J2, D18, D25, F7)", () => {
  assertEverySplit(
    server,
    bytes("MSG a", 0xc0, 0x80, "b\nMSG ", 0xe2, 0x82, "\nMSG x\0\0\nMSG y\n\0"),
    [
      { verb: "say", text: "a\ufffd\ufffdb" },
      { verb: "say", text: "\ufffd" },
      { verb: "say", text: "x" },
      { verb: "say", text: "y" },
    ],
  );
});

Deno.test("usermsg takes a line of exactly the cap, and ends the connection at one more (F5)", () => {
  const text = "x".repeat(MAX_TEXT_LINE_BYTES - 4);
  for (const ending of ["\n", "\r\n", ""]) {
    const [full] = decodeAll(server(), [bytes("MSG ", text, ending)]);
    assertEquals(full, { verb: "say", text });
    const [over] = decodeAll(server(), [bytes("MSG x", text, ending)]);
    assert(over?.verb === "invalid" && over.fatal && over.failure.code === "line_too_long");
  }
});

/** What a usermsg client is sent for each event; the second only with `--notices`. */
const TOLD: { readonly [T in EventType]: readonly [always: string, noticed?: string] } = {
  message: ["MSG bob Grüße, 世界 👍\n"],
  greeting: [""],
  welcome: ["", "MSG server You are eve. Here: alice.\n"],
  gap: [""],
  ack: [""],
  joined: ["", "MSG server bob joined #cooks\n"],
  left: ["", "MSG server bob left (connection lost)\n"],
  presence: [
    "",
    "MSG server 153 joined, among them ana, bob; 1 left: eve; 200 people are here now\n",
  ],
  renamed: ["", "MSG server bob is now rob\n"],
  you: [""],
  who: [""],
  groups: [""],
  history: ["MSG bob hi\nMSG eve [#cooks] soup\n"],
  help: [""],
  notice: ["MSG server Backup at noon\n"],
  shutdown: ["MSG server The server stops in 10 s\n"],
  pong: [""],
  closed: ["MSG server Goodbye: kicked: spam\n"],
  error: ["", 'MSG server Choose another name: "bob" is taken\n'],
};

for (const [type, [always, noticed = always]] of Object.entries(TOLD)) {
  Deno.test(`usermsg writes ${type} with and without notices (R91, D17)`, () => {
    const event = SAMPLES[type as EventType];
    assertStrictEquals(encoded(event, false), always);
    assertStrictEquals(encoded(event, true), noticed);
  });
}

Deno.test("usermsg marks what is not for everyone, and actions", () => {
  const { message } = SAMPLES;
  assertStrictEquals(
    encoded({ ...message, text: "hi", to: "@eve" }, false),
    "MSG bob [private] hi\n",
  );
  assertStrictEquals(
    encoded({ ...message, text: "hi", to: "#cooks" }, false),
    "MSG bob [#cooks] hi\n",
  );
  assertStrictEquals(
    encoded({ ...message, text: "[private] hi" }, false),
    "MSG bob \\[private] hi\n",
    "typed by bob (A10)",
  );
  assertStrictEquals(
    encoded({ ...message, text: "waves", action: true }, false),
    "MSG bob *waves*\n",
  );
});

Deno.test("usermsg does not answer a client that sent its goodbye", () => {
  assertStrictEquals(encoded({ type: "closed", reason: "bye", text: "left" }, true), "");
});

Deno.test("usermsg writes one line whatever an event holds", () => {
  const text = "a\nUSER eve\nb";
  assertStrictEquals(encoded({ ...SAMPLES.message, text }, false), "MSG bob a USER eve b\n");
  assertStrictEquals(encoded({ type: "notice", text }, true), "MSG server a USER eve b\n");
  assertStrictEquals(
    encoded({ ...SAMPLES.closed, text }, true),
    "MSG server Goodbye: a USER eve b\n",
  );
});

Deno.test("The client half of usermsg reads the same events at every split", () => {
  const received = (from: string, text: string) => ({
    type: "message",
    seq: 0,
    at: "",
    from,
    text,
  });
  const input = bytes(
    "MSG bob hi 👍\r\nMSG eve\nMSG eve  x\nhello\nMSG\n\nMSG z ",
    0xff,
    "\nMSG z end",
  );
  assertEverySplit<unknown>(client, input, [
    received("bob", "hi 👍"),
    received("eve", ""),
    received("eve", " x"),
    { type: "notice", text: "hello" },
    { type: "notice", text: "MSG" },
    { type: "notice", text: "" },
    received("z", "\ufffd"),
    received("z", "end"),
  ]);
});

Deno.test("usermsg without line ends: a verb that follows a text directly begins a message (J1)", () => {
  assertEquals(decodeAll(server(), [bytes("USER carlMSG salut"), bytes("MSG ça va ?")]), [
    { verb: "hello", name: "carl" },
    { verb: "say", text: "salut" },
    { verb: "say", text: "ça va ?" },
  ]);
  const [said] = decodeAll(server(), [bytes("MSG write MSG or USER first")]);
  assertEquals(said, { verb: "say", text: "write MSG or USER first" });
});

Deno.test("The client half of usermsg reads messages that end with NUL (C2, D25)", () => {
  const events = decodeAll(client(), [bytes("MSG bob a\0\nMSG bob b\0")]);
  assertEquals(events.map((event) => event.type === "message" && event.text), ["a", "b"]);
});

const WORDS: readonly (readonly [request: Request, line: string])[] = [
  [{ verb: "hello", name: "bob", version: 1 }, "USER bob\n"],
  [{ verb: "hello" }, ""],
  [{ verb: "rename", name: "rob" }, "USER rob\n"],
  [{ verb: "say", text: "hi", ref: 1 }, "MSG hi\n"],
  [{ verb: "say", text: "waves", action: true }, "MSG *waves*\n"],
  [{ verb: "say", text: "a\nUSER eve", to: { sigil: "@", name: "x" } }, ""],
  [{ verb: "say", text: "a\nUSER eve" }, "MSG a USER eve\n"],
  [{ verb: "hello", name: "a\nMSG b" }, "USER a MSG b\n"],
  [{ verb: "line", text: "x" }, ""],
  [{ verb: "reply", text: "x" }, ""],
  [{ verb: "command", word: "me", rest: "x" }, ""],
  [{ verb: "join", group: "x" }, ""],
  [{ verb: "leave", group: "x" }, ""],
  [{ verb: "who" }, ""],
  [{ verb: "whoami" }, ""],
  [{ verb: "groups" }, ""],
  [{ verb: "history" }, ""],
  [{ verb: "help" }, ""],
  [{ verb: "ping" }, ""],
  [{ verb: "bye" }, ""],
];

for (const [request, line] of WORDS) {
  Deno.test(`The client half of usermsg writes ${JSON.stringify(request)}`, () => {
    assertStrictEquals(encodeText(usermsg.client().encoder, request), line);
  });
}

/** Text that is one line: returns right before its end would belong to the line end. */
const lineText = fc.string({ unit: CODE_POINT })
  .filter((text) => !/[\n\0]|\r$/.test(text));

Deno.test("usermsg carries any line from client to server", () => {
  fc.assert(fc.property(lineText, (text) => {
    const line = encode(usermsg.client().encoder, { verb: "say", text });
    const requests = decodeAll(server(), [bytes("USER bob\n"), line]); // so CR is content
    assertEquals(requests.slice(1), [{ verb: "say", text }]);
  }));
});

Deno.test("usermsg carries any line from server to client", () => {
  fc.assert(fc.property(lineText, (text) => {
    const line = bytes(encoded({ ...SAMPLES.message, text }, false));
    const [, event, ...more] = decodeAll(client(), [bytes("MSG bob hi\n"), line]);
    assert(event?.type === "message" && event.from === "bob" && event.text === text);
    assertEquals(more, []);
  }));
});

Deno.test("Both halves of usermsg answer any bytes the same for any chunks", () => {
  const piece = fc.constantFrom<string>("USER ", "MSG ", "bob", " ", "\n", "\r\n", "\0", "é", "👍");
  assertSameInAnyChunks(piece, server, client);
});

Deno.test("usermsg tells a sender that nothing can be stored, also without notices (F46)", () => {
  for (const code of ["storage_full", "storage_failed"] as const) {
    const event = { type: "error", code, message: "Not sent: the disk is full" } as const;
    assertStrictEquals(encoded(event, false), "MSG server Not sent: the disk is full\n");
  }
});
