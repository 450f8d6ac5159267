// Both halves of etx, in every cut: the letters of D14, flows that end with ETX, EOT at the end.

import { EN } from "../../texts/en.ts";
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc, { CODE_POINT } from "../fast_check.ts";
import { etx } from "../../protocol/etx.ts";
import type { EventType, ServerEvent } from "../../protocol/events.ts";
import { MAX_TEXT_LINE_BYTES } from "../../protocol/limits.ts";
import type { Request } from "../../protocol/requests.ts";
import { assertSameInAnyChunks } from "./any_chunks.ts";
import { clientMessage, SAMPLES } from "./sample_events.ts";
import { assertEverySplit, bytes, cut, decodeAll, encode, encodeText } from "./splits.ts";

const OPTIONS = { notices: false, asksName: true };

function server() {
  return etx.server(OPTIONS).decoder;
}

function client() {
  return etx.client().decoder;
}

function encoded(event: ServerEvent): string {
  return encodeText(etx.server(OPTIONS).encoder, event);
}

const to = (name: string) => ({ sigil: "@", name } as const);

/** Lines after registration. */
const COMMANDS: readonly (readonly [line: string, request: Request | undefined])[] = [
  ["h", { verb: "help" }],
  ["help", { verb: "help" }],
  ["hippopotame et plus", { verb: "help" }],
  ["hello", { verb: "help" }],
  ["l", { verb: "who" }],
  ["list", { verb: "who" }],
  ["l x", { verb: "who" }],
  ["l g", { verb: "groups" }],
  ["list groups", { verb: "groups" }],
  ["n bob", { verb: "rename", name: "bob" }],
  ["name  bob smith", { verb: "rename", name: "bob", passphrase: "smith" }],
  ["w", { verb: "whoami" }],
  ["whoami", { verb: "whoami" }],
  ["s bob hi there ", { verb: "say", to: to("bob"), text: "hi there " }],
  ["send  @bob  hi", { verb: "say", to: to("bob"), text: "hi" }],
  ["s #cooks soup", { verb: "say", to: to("cooks"), text: "soup" }],
  ["b  good  morning", { verb: "say", text: "good  morning" }],
  ["broadcast 👍", { verb: "say", text: "👍" }],
  ["j cooks", { verb: "join", group: "cooks" }],
  ["p cooks", { verb: "leave", group: "cooks" }],
  ["q", { verb: "bye" }],
  ["quit", { verb: "bye" }],
  ["Q", { verb: "bye" }],
  [" B hi", { verb: "say", text: "hi" }],
  ["", undefined],
  ["   ", undefined],
];

for (const [line, request] of COMMANDS) {
  Deno.test(`etx reads ${JSON.stringify(line)} by its first letter (R74, D14)`, () => {
    const expected = [{ verb: "hello", name: "eve" }, ...request === undefined ? [] : [request]];
    for (const ending of ["\n", "\r\n", ""]) {
      assertEquals(decodeAll(server(), [bytes(`hello eve\n${line}${ending}`)]), expected);
    }
  });
}

const REFUSED: readonly (readonly [line: string, message: string])[] = [
  ["x y", 'Unknown command "x": h lists them'],
  ["qui est là ?", 'Unknown command "qui": h lists them'],
  ["\x03b hi", 'Unknown command "\\x03b": h lists them'],
  ["n", "Usage: n NAME"],
  ["s bob", "Usage: s DEST TEXT"],
  ["s", "Usage: s DEST TEXT"],
  ["b ", "Usage: b TEXT"],
  ["j", "Usage: j GROUP"],
  ["p", "Usage: p GROUP"],
];

for (const [line, message] of REFUSED) {
  Deno.test(`etx refuses ${JSON.stringify(line)} and continues`, () => {
    const [, request, next] = decodeAll(server(), [bytes(`hello\n${line}\nw\n`)]);
    assert(request?.verb === "invalid" && !request.fatal);
    assertStrictEquals(request.failure.text(EN.refusals), message);
    assertEquals(next, { verb: "whoami" });
  });
}

Deno.test("The server half of etx reads the same requests at every split (R57, R69)", () => {
  const input = bytes("hello Zoé\r\nb salut 👍\ns bob ", 0xff, "\n\nl g\nq");
  assertEverySplit<Request>(server, input, [
    { verb: "hello", name: "Zoé" },
    { verb: "say", text: "salut 👍" },
    { verb: "say", to: to("bob"), text: "\ufffd" },
    { verb: "groups" },
    { verb: "bye" },
  ]);
});

Deno.test("etx ends each text but a name with a line end before ETX (J11)", () => {
  assertStrictEquals(encoded({ type: "you", id: 1, name: "eve" }), "eve\x03");
  assertStrictEquals(encoded({ type: "notice", text: "a\nb" }), "-- a\nb\n\x03");
});

Deno.test("etx takes hello with and without a name, and a session that does not begin with it", () => {
  assertEquals(decodeAll(server(), [bytes("hello\n")]), [{ verb: "hello", name: "" }]);
  assertEquals(decodeAll(server(), [bytes("hello  bob \n")]), [{ verb: "hello", name: "bob" }]);
  assertEquals(decodeAll(server(), [bytes("b hi\nhello\n")]), [
    { verb: "say", text: "hi" },
    { verb: "help" },
  ]);
});

Deno.test("A line over the cap ends an etx session (F5)", () => {
  const line = "b".repeat(MAX_TEXT_LINE_BYTES + 1);
  const [, request] = decodeAll(server(), [bytes(`hello\n${line}\n`)]);
  assert(request?.verb === "invalid" && request.fatal);
  assertStrictEquals(request.failure.code, "line_too_long");
});

Deno.test("NUL ends a line of etx, and more NULs are padding (J2, D25, F7)", () => {
  assertEverySplit(server, bytes("hello bob", 0, 0, 0, "b hi", 0, "\n", 0, "b there\n", 0), [
    { verb: "hello", name: "bob" },
    { verb: "say", text: "hi" },
    { verb: "say", text: "there" },
  ]);
});

/** The bytes that an etx client is sent for each event. */
const TOLD: { readonly [T in EventType]: string } = {
  message: "bob: Grüße, 世界 👍\n\x03",
  greeting: "",
  welcome: "3 eve\n",
  gap: "",
  ack: "",
  joined: "-- bob joined #cooks\n\x03",
  left: "-- bob left (connection lost)\n\x03",
  presence: "-- 153 joined, among them ana, bob; 1 left: eve; 200 people are here now\n\x03",
  renamed: "-- bob is now rob\n\x03",
  you: "eve\x03",
  who: "1 bob\n\x03",
  groups: "#cooks: bob\n\x03",
  history: "[12:34Z] bob: hi\n[12:34Z] eve@cooks: soup\n\x03",
  help: "",
  notice: "-- Backup at noon\n\x03",
  shutdown: "-- The server stops in 10 s\n\x03",
  pong: "",
  closed: "-- Goodbye: kicked: spam\n\x03\x04",
  error: '-! Choose another name: "bob" is taken\n\x03',
};

for (const [type, text] of Object.entries(TOLD)) {
  if (type === "help") continue;
  Deno.test(`etx writes ${type} as ${JSON.stringify(text)} (R85, D15)`, () => {
    assertStrictEquals(encoded(SAMPLES[type as EventType]), text);
  });
}

Deno.test("etx marks a private message by its sender's name, one to a group by both (D15)", () => {
  const { message } = SAMPLES;
  assertStrictEquals(encoded({ ...message, text: "hi", to: "@eve" }), "bob: hi\n\x03");
  assertStrictEquals(encoded({ ...message, text: "hi", to: "#cooks" }), "bob@cooks: hi\n\x03");
  assertStrictEquals(encoded({ ...message, text: "waves", action: true }), "* bob waves\n\x03");
});

Deno.test("etx sends a list as one flow, with one of them a line (R76, R77)", () => {
  const [user] = SAMPLES.who.users;
  assert(user);
  const users = [user, { ...user, id: 2, name: "eve" }];
  assertStrictEquals(
    encoded({ type: "who", users, total: 3 }),
    "1 bob\n2 eve\n... and 1 more\n\x03",
  );
  assertStrictEquals(
    encoded({ type: "groups", groups: [], total: 0 }),
    "No groups: j GROUP makes one\n\x03",
  );
});

Deno.test("The help of etx has a line for each letter, in one flow (R75)", () => {
  const text = encoded(SAMPLES.help);
  assertStrictEquals(text.indexOf("\x03"), text.length - 1);
  const letters = text.slice(0, -2).split("\n").map((line) => line.trim()[0]);
  assertEquals(letters, ["h", "l", "n", "w", "s", "b", "j", "p", "q"]);
});

Deno.test("etx ends the session with EOT alone after q, and names no ETX inside a flow (R64, D16)", () => {
  assertStrictEquals(encoded({ type: "closed", reason: "bye", text: "left" }), "\x04");
  assertStrictEquals(encoded({ type: "notice", text: "a\x03b\x04c" }), "-- a b c\n\x03");
});

Deno.test("etx tells a new member of a group how to write to it", () => {
  const joined = { type: "joined", name: "eve", group: "cooks", you: true } as const;
  assertStrictEquals(encoded(joined), "-- You joined cooks: s cooks TEXT writes to it\n\x03");
});

const notice = (text: string) => ({ type: "notice", text });
const OVER = { type: "closed", reason: "bye", text: "the session is over" };

Deno.test("The client half of etx reads the same events at every split (R62-R64)", () => {
  const input = bytes(
    "2 Zoé\n",
    "bob: hé 👍\x03bob@cooks: soup\n\x03",
    "1 bob\r\n2 Zoé\x03",
    "\x03-- You are now zed\x03* bob waves\x03-! no: it is taken\x03",
    "last words\x04\x03not read\x03",
  );
  assertEverySplit<unknown>(client, input, [
    { type: "you", id: 2, name: "Zoé" },
    clientMessage("bob", "hé 👍"),
    clientMessage("bob", "soup", { to: "#cooks" }),
    notice("1 bob"),
    notice("2 Zoé"),
    { type: "renamed", was: "", name: "zed", you: true },
    notice("* bob waves"),
    notice("-! no: it is taken"),
    notice("last words"),
    OVER,
  ]);
});

Deno.test("The client half of etx takes an id alone for the name too (R58)", () => {
  assertEquals<unknown>(decodeAll(client(), [bytes("7\n7\x03")]), [
    { type: "you", id: 7, name: "7" },
    notice("7"),
  ]);
  assertEquals<unknown>(decodeAll(client(), [bytes("full, sorry\x03\x04")]), [
    notice("full, sorry"),
    OVER,
  ]);
});

Deno.test("The client half of etx keeps the name given where the answer is the id alone (C6)", () => {
  const codec = etx.client();
  encode(codec.encoder, { verb: "hello", name: "zoé" });
  const events = decodeAll(codec.decoder, [bytes("Bienvenue\n0\n")]);
  assertEquals<unknown>(events, [
    notice("Bienvenue"),
    { type: "you", id: 0, name: "zoé", assumed: true },
  ]);
});

Deno.test("The client half of etx closes with the server's own reason", () => {
  const events = decodeAll(client(), [bytes("1 bob\n-- Goodbye: kicked: spam\x03\x04")]);
  assertEquals<unknown>(events.at(-1), { ...OVER, text: "kicked: spam" });
});

Deno.test("The client half of etx takes the answer to w for its name, once (R60)", () => {
  for (const request of [{ verb: "whoami" }, { verb: "line", text: " who" }] as const) {
    const { decoder, encoder } = etx.client();
    encode(encoder, request);
    const input = bytes("1 bob\nhello all of you\x03zed\x03zed\x03");
    assertEquals<unknown>(decodeAll(decoder, [input]), [
      { type: "you", id: 1, name: "bob" },
      notice("hello all of you"),
      { type: "you", name: "zed" },
      notice("zed"),
    ]);
  }
});

const WORDS: readonly (readonly [request: Request, line: string])[] = [
  [{ verb: "hello", name: "bob", version: 1 }, "hello bob\n"],
  [{ verb: "hello" }, "hello\n"],
  [{ verb: "line", text: " hippopotame  x " }, " hippopotame  x \n"],
  [{ verb: "line", text: "a\nq" }, "a q\n"],
  [{ verb: "say", text: "hi" }, "b hi\n"],
  [{ verb: "say", text: "waves", action: true }, "b *waves*\n"],
  [{ verb: "say", text: "hi", to: to("bob") }, "s bob hi\n"],
  [{ verb: "rename", name: "rob" }, "n rob\n"],
  [{ verb: "join", group: "cooks" }, "j cooks\n"],
  [{ verb: "leave", group: "cooks" }, "p cooks\n"],
  [{ verb: "who" }, "l\n"],
  [{ verb: "groups" }, "l g\n"],
  [{ verb: "whoami" }, "w\n"],
  [{ verb: "help" }, "h\n"],
  [{ verb: "bye" }, "q\n"],
  [{ verb: "command", word: "list", rest: "" }, "list\n"],
  [{ verb: "reply", text: "x" }, ""],
  [{ verb: "history" }, ""],
  [{ verb: "ping" }, ""],
];

for (const [request, line] of WORDS) {
  Deno.test(`The client half of etx writes ${JSON.stringify(request)} (R65)`, () => {
    assertStrictEquals(encodeText(etx.client().encoder, request), line);
  });
}

Deno.test("etx carries any text both ways, in any chunks", () => {
  const text = fc.string({ unit: CODE_POINT, minLength: 1 })
    // deno-lint-ignore no-control-regex
    .filter((sent) => !/[\n\0\x03\x04]|\r$|^\s|\s$/.test(sent) && sent.isWellFormed());
  fc.assert(fc.property(text, fc.array(fc.nat(200)), (sent, places) => {
    const line = bytes("hello\n", ...encode(etx.client().encoder, { verb: "say", text: sent }));
    assertEquals(decodeAll(server(), cut(line, places))[1], { verb: "say", text: sent });
    const flow = bytes("1 eve\n", encoded({ ...SAMPLES.message, text: sent }));
    assertEquals(decodeAll(client(), cut(flow, places))[1], clientMessage("bob", sent));
  }));
});

Deno.test("Both halves of etx answer any bytes the same for any chunks", () => {
  const piece = fc.constantFrom<string | number>(
    "hello",
    "s bob",
    "b",
    " ",
    "\n",
    "\r",
    0,
    3,
    4,
    "é",
  );
  assertSameInAnyChunks(piece, server, client);
});
