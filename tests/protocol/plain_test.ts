// Both halves of plain, in every cut: commands, ways to leave, and the answers.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc, { CODE_POINT } from "../fast_check.ts";
import type { EventType, ServerEvent } from "../../protocol/events.ts";
import { MAX_TEXT_LINE_BYTES } from "../../protocol/limits.ts";
import { plain } from "../../protocol/plain.ts";
import type { Request } from "../../protocol/requests.ts";
import { SAMPLES } from "./sample_events.ts";
import { assertSameInAnyChunks } from "./any_chunks.ts";
import { assertEverySplit, bytes, decodeAll, encode, encodeText } from "./splits.ts";

function server() {
  return plain.server({ notices: false, asksName: true }).decoder;
}

/** The server half on a Unix socket, where it does not ask for a name. */
function unix() {
  return plain.server({ notices: false, asksName: false }).decoder;
}

function client() {
  return plain.client().decoder;
}

function encoded(event: ServerEvent): string {
  return encodeText(plain.server({ notices: false, asksName: true }).encoder, event);
}

const FORMS: readonly (readonly [line: string, request: Request])[] = [
  ["alice", { verb: "line", text: "alice" }],
  ["", { verb: "line", text: "" }],
  [" spaced  out ", { verb: "line", text: " spaced  out " }],
  ["#cooks soup", { verb: "line", text: "#cooks soup" }],
  ["@bob hi there", { verb: "say", to: { sigil: "@", name: "bob" }, text: "hi there" }],
  ["@bob   hi ", { verb: "say", to: { sigil: "@", name: "bob" }, text: "hi " }],
  ["@tous salut", { verb: "say", to: { sigil: "@", name: "tous" }, text: "salut" }],
  ["@bob", { verb: "say", to: { sigil: "@", name: "bob" }, text: "" }],
  ["@", { verb: "line", text: "@" }],
  ["@ bob", { verb: "line", text: "@ bob" }],
  [" @bob hi", { verb: "say", to: { sigil: "@", name: "bob" }, text: "hi" }],
  ["/ @bob hi", { verb: "say", text: " @bob hi" }],
  ["/help", { verb: "command", word: "help", rest: "" }],
  ["/msg bob  hi ", { verb: "command", word: "msg", rest: "bob  hi " }],
  ["/me\twaves", { verb: "command", word: "me", rest: "waves" }],
  ["/", { verb: "command", word: "", rest: "" }],
  ["/ help", { verb: "command", word: "", rest: "help" }],
  [" /help", { verb: "command", word: "help", rest: "" }],
  ["//shrug", { verb: "say", text: "/shrug" }],
  ["///", { verb: "say", text: "//" }],
  ["/@bob is here", { verb: "say", text: "@bob is here" }],
  ["a\x04b", { verb: "line", text: "a\x04b" }],
  ["\x1b[A", { verb: "line", text: "\x1b[A" }],
  ["\ufeffalice", { verb: "line", text: "\ufeffalice" }],
];

for (const [line, request] of FORMS) {
  Deno.test(`plain reads ${JSON.stringify(line)} at every split (D8)`, () => {
    assertEverySplit(server, bytes(line, "\n"), [request]);
    assertEverySplit(server, bytes(line, "\r\n"), [request]);
    assertEverySplit(server, bytes(line, "\r", 0), [request]);
    if (line !== "") assertEverySplit(server, bytes(line), [request]);
  });
}

Deno.test("plain sends a bare line immediately if no name is asked for (D3, R6)", () => {
  assertEverySplit(unix, bytes("mon premier message"), [
    { verb: "say", text: "mon premier message" },
  ]);
  assertEverySplit(unix, bytes("\n/list\n@bob x\n"), [
    { verb: "say", text: "" },
    { verb: "command", word: "list", rest: "" },
    { verb: "say", to: { sigil: "@", name: "bob" }, text: "x" },
  ]);
});

const LEAVING: readonly (readonly [what: string, input: Uint8Array])[] = [
  ["CTRL-D as telnet sends it, alone", bytes("hi\n", 4)],
  ["CTRL-D and Enter", bytes("hi\r\n\x04\r\n")],
  ["CTRL-D with text behind it", bytes("hi\n\x04/list\nmore\n")],
  ["CTRL-D after a bare return", bytes("hi\r", 0, 4)],
  ["telnet's CTRL-C", bytes("hi\n", 255, 244, 255, 253, 6, "more\n")],
  ["telnet's CTRL-C in a line", bytes("hi\nhal", 255, 244, 255, 253, 6, "f\n")],
  ["telnet's end of file", bytes("hi\n", 255, 236)],
  ["both", bytes("hi\n", 4, 255, 244)],
];

for (const [what, input] of LEAVING) {
  Deno.test(`plain ends the session at ${what}, at every split (R33, R34, F11)`, () => {
    assertEverySplit(server, input, [{ verb: "line", text: "hi" }, { verb: "bye" }]);
  });
}

Deno.test("plain does not wait for Enter after a CTRL-D, even as the first byte", () => {
  assertEquals(decodeAll(server(), [bytes(4)], false), [{ verb: "bye" }]);
});

Deno.test("plain takes what follows a silence that counted as an end for a line of its own", () => {
  const decoder = unix();
  const items: Request[] = [];
  const emit = (item: Request) => items.push(item);
  decoder.feed(bytes("raw"), emit);
  decoder.end(emit);
  decoder.feed(bytes("more\n"), emit);
  decoder.feed(bytes("again"), emit);
  decoder.end(emit);
  decoder.feed(bytes(4), emit);
  assertEquals(items, [
    { verb: "say", text: "raw" },
    { verb: "say", text: "more" },
    { verb: "say", text: "again" },
    { verb: "bye" },
  ]);
});

Deno.test("plain strips telnet's commands from inside lines (F11)", () => {
  assertEverySplit(server, bytes(255, 254, 1, "a", 255, 252, 0x1f, "b\r\nc", 255, 241, "d\n"), [
    { verb: "line", text: "ab" },
    { verb: "line", text: "cd" },
  ]);
});

Deno.test("plain delivers invalid UTF-8 as U+FFFD, and NUL ends a line (D18, D25, F7)", () => {
  assertEverySplit(server, bytes("a", 0xed, 0xa0, 0x80, "b\n", 0xe2, 0x82, "\nx\0\0\0y\n"), [
    { verb: "line", text: "a\ufffd\ufffd\ufffdb" },
    { verb: "line", text: "\ufffd" },
    { verb: "line", text: "x" },
    { verb: "line", text: "y" },
  ]);
});

Deno.test("plain answers telnet's options and AYT in order, and shows neither as text (J9)", () => {
  const [no, said, here, more] = decodeAll(server(), [
    bytes(255, 253, 1, "hi\n", 255, 246, "there\n"),
  ]);
  assertEquals(no, { verb: "answer", bytes: Uint8Array.of(255, 252, 1) });
  assertEquals([said, more], [{ verb: "line", text: "hi" }, { verb: "line", text: "there" }]);
  assert(here?.verb === "answer");
  assertStrictEquals(new TextDecoder().decode(here.bytes), "-- Yes, this is minichat\n");
});

Deno.test("plain lets editing keys work that a terminal in character mode sends (J1)", () => {
  const lines = ["carl", "salut", "été", "b"].map((text) => ({ verb: "line", text }));
  const typed = bytes("carx\x7fl\r\nsalux\bt\r\néta\x7fé\r\nabc\x15\b\bb\r\n");
  assertEverySplit(server, typed, lines);
});

Deno.test("plain takes CR NUL, CR LF and a CR alone for the end of a line (J9, F11)", () => {
  const lines = ["bob", "hi", "there"].map((text) => ({ verb: "line", text }));
  assertEverySplit(server, bytes("bob\r\0hi\r\0there\r\0"), lines);
  assertEverySplit(server, bytes("bob\rhi\rthere\r"), lines);
  assertEverySplit(server, bytes("bob\r\nhi\r\nthere\r\n"), lines);
  assertEverySplit(server, bytes("\r\0"), [{ verb: "line", text: "" }]);
});

Deno.test("plain takes a line of exactly the cap, and ends the connection at one byte more (F5)", () => {
  const text = "x".repeat(MAX_TEXT_LINE_BYTES);
  for (const ending of ["\n", "\r\n", ""]) {
    assertEquals(decodeAll(server(), [bytes(text, ending)]), [{ verb: "line", text }]);
    const [over, ...more] = decodeAll(server(), [bytes("x", text, ending, "\nhi\n")]);
    assert(over?.verb === "invalid" && over.fatal && over.failure.code === "line_too_long");
    assertEquals(more, []);
  }
});

/** What a user of telnet reads for each event. */
const TOLD: { readonly [T in Exclude<EventType, "pong">]: string } = {
  message: "bob: Grüße, 世界 👍\n",
  greeting: "Welcome to minichat. 2 people are here now.\n  /help  this list\n" +
    "Type your name within 60 s (Enter alone gives you one):\n",
  welcome: "-- You are eve. Here: alice.\n",
  gap: "-- Messages that you may have missed are no longer stored\n",
  ack: "-- sent to everyone (2)\n",
  joined: "-- bob joined #cooks\n",
  left: "-- bob left (connection lost)\n",
  presence: "-- 153 joined, among them ana, bob; 1 left: eve; 200 people are here now\n",
  renamed: "-- bob is now rob\n",
  you: "-- You are eve, number 3\n",
  who: "-- 1 person is here: bob (#cooks)\n",
  groups: "-- #cooks: bob\n",
  history: "[12:34Z] bob: hi\n[12:34Z] eve@cooks: soup\n",
  help: "--   /help  this list\n",
  notice: "-- Backup at noon\n",
  shutdown: "-- The server stops in 10 s\n",
  closed: "-- Goodbye: kicked: spam\n",
  error: '-! Choose another name: "bob" is taken\n',
};

for (const [type, text] of Object.entries(TOLD)) {
  Deno.test(`plain describes ${type}`, () => {
    assertStrictEquals(encoded(SAMPLES[type as EventType]), text);
  });
}

Deno.test("plain answers telnet's timing mark, its only ping, with a mark (RFC 860)", () => {
  const { decoder, encoder } = plain.server({ notices: false, asksName: true });
  assertEquals(decodeAll(decoder, [new Uint8Array([255, 253, 6])]), [{ verb: "ping" }]);
  assertEquals([...encode(encoder, SAMPLES.pong)], [255, 251, 6]);
});

Deno.test("plain marks an answer of several lines, and that there is no history, as no message", () => {
  assertStrictEquals(
    encoded({ ...SAMPLES.groups, total: 2 }),
    "-- #cooks: bob\n   ... and 1 more\n",
  );
  assertStrictEquals(encoded({ type: "history", messages: [] }), "-- No messages yet\n");
});

Deno.test("The client half of plain reads the same lines at every split", () => {
  const input = bytes("Welcome é👍\r\n\n-- You are ", 0xff, "\nb\0\nend");
  assertEverySplit<unknown>(client, input, [
    { type: "notice", text: "Welcome é👍" },
    { type: "notice", text: "" },
    { type: "notice", text: "-- You are \ufffd" },
    { type: "notice", text: "b" },
    { type: "notice", text: "end" },
  ]);
});

const WORDS: readonly (readonly [request: Request, line: string])[] = [
  [{ verb: "hello", name: "bob", version: 1 }, "bob\n"],
  [{ verb: "hello" }, ""],
  [{ verb: "line", text: "/any thing" }, "/any thing\n"],
  [{ verb: "say", text: "hi", ref: 1 }, "hi\n"],
  [{ verb: "say", text: "/shrug" }, "//shrug\n"],
  [{ verb: "say", text: "@bob is here" }, "/@bob is here\n"],
  [{ verb: "say", text: "hi", to: { sigil: "@", name: "bob" } }, "@bob hi\n"],
  [{ verb: "say", text: "hi", to: { sigil: "#", name: "cooks" } }, "@cooks hi\n"],
  [{ verb: "say", text: "waves", action: true }, "/me waves\n"],
  [{ verb: "say", text: "a\n/quit" }, "a /quit\n"],
  [{ verb: "line", text: "a\n/quit" }, "a /quit\n"],
  [{ verb: "hello", name: "a\n/quit" }, "a /quit\n"],
  [{ verb: "reply", text: "hi" }, "/reply hi\n"],
  [{ verb: "command", word: "list", rest: "" }, "/list\n"],
  [{ verb: "command", word: "kick", rest: "bob now" }, "/kick bob now\n"],
  [{ verb: "rename", name: "rob" }, "/name rob\n"],
  [{ verb: "join", group: "cooks" }, "/join cooks\n"],
  [{ verb: "leave", group: "cooks" }, "/leave cooks\n"],
  [{ verb: "who" }, "/list\n"],
  [{ verb: "groups" }, "/groups\n"],
  [{ verb: "history" }, "/history\n"],
  [{ verb: "history", limit: 5 }, "/history 5\n"],
  [{ verb: "help" }, "/help\n"],
  [{ verb: "bye" }, ""],
  [{ verb: "whoami" }, ""],
  [{ verb: "ping" }, ""],
];

for (const [request, line] of WORDS) {
  Deno.test(`The client half of plain writes ${JSON.stringify(request)}`, () => {
    assertStrictEquals(encodeText(plain.client().encoder, request), line);
  });
}

Deno.test("plain carries any line from client to server unchanged", () => {
  // A CTRL-D at the beginning ends the session, returns before a line end belong to it, and editing
  // keys work.
  const text = fc.oneof(
    fc.string({ unit: CODE_POINT }),
    fc.string({ unit: fc.constantFrom("/", "@", "#", " ", "a", "é") }),
    // deno-lint-ignore no-control-regex
  ).filter((sent) => !/[\n\0\b\x7f\x15]|\r$/.test(sent) && !sent.startsWith("\x04"));
  fc.assert(fc.property(text, (sent) => {
    const line = encode(plain.client().encoder, { verb: "say", text: sent });
    const [, request, ...more] = decodeAll(server(), [bytes("bob\n"), line]); // so CR is content
    assert(request?.verb === "line" || (request?.verb === "say" && request.to === undefined));
    assertStrictEquals(request.text, sent);
    assertEquals(more, []);
  }));
});

Deno.test("Both halves of plain answer any bytes the same for any chunks", () => {
  const piece = fc.constantFrom<string | number>(
    "/",
    "@",
    "a",
    " ",
    "\n",
    "\r",
    0,
    4,
    255,
    244,
    250,
    240,
  );
  assertSameInAnyChunks(piece, server, client);
});
