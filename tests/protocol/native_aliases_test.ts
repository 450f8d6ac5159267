// JSON of other shapes (J6): whole sessions, each object with the requests it stands for.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { native } from "../../protocol/native.ts";
import type { Request } from "../../protocol/requests.ts";
import { assertEverySplit, bytes, decodeAll } from "./splits.ts";

function server() {
  return native.server({ notices: false, asksName: true }).decoder;
}

/** The requests of a session of these lines; refusals as their code. */
function session(...lines: readonly (string | object)[]): unknown[] {
  const input = lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`);
  return decodeAll(server(), [bytes(...input)]).map((request) =>
    request.verb === "invalid" ? request.failure.code : request
  );
}

const HELLO = { verb: "hello", name: "carl" };
const SAY = { verb: "say", text: "salut" };

/** A first object that gives the name. */
const JOINS: readonly object[] = [
  { action: "join", nick: "carl" },
  { action: "join", nick: "carl", room: "general" },
  { type: "join", name: "carl" },
  { type: "hello", pseudo: "carl" },
  { type: "login", username: "carl" },
  { type: "CONNECT", Pseudo: "carl" },
  { type: "connexion", nom: "carl" },
  { type: "set_name", name: "carl" },
  { cmd: "NICK", args: ["carl"] },
  { command: "register", data: { username: "carl" } },
  { event: "login", data: "carl" },
  { kind: "handshake", user: { name: "carl" } },
  { op: "identify", value: "carl" },
  { pseudo: "carl" },
  { name: "carl" },
  { username: "carl", message: "" },
  { type: "entr\u00e9e", auteur: "carl" },
];

for (const join of JOINS) {
  Deno.test(`native takes ${JSON.stringify(join)} for a name (J6)`, () => {
    assertEquals(session(join), [HELLO]);
    assertEquals(session(join, { type: "message", text: "salut" }), [HELLO, SAY]);
    assertEquals(session(join, { msg: "salut" }), [HELLO, SAY]);
  });
}

/** An object that says `salut`, by carl where it gives a name. */
const MESSAGES: readonly object[] = [
  { type: "message", from: "carl", text: "salut" },
  { type: "say", from: "carl", text: "salut" },
  { type: "say", user: "carl", message: "salut" },
  { name: "carl", message: "salut" },
  { pseudo: "carl", texte: "salut" },
  { auteur: "carl", contenu: "salut" },
  { sender: "carl", content: "salut", to: "all" },
  { sender: "carl", content: "salut", to: null, timestamp: 1719849600 },
  { type: "chat", data: { user: "carl", text: "salut" } },
  { type: "message", payload: { from: "carl", body: "salut" } },
  { action: "send_message", username: "carl", data: "salut" },
  { cmd: "msg", nick: "carl", args: ["salut"] },
  { type: "Diffusion", expediteur: "carl", message: "salut", destinataire: "tous" },
  { Type: "MSG", From: "carl", Text: "salut" },
  { type: 1, from: "carl", msg: "salut" },
  { type: "tchat", from: "carl", msg: "salut" },
];

for (const message of MESSAGES) {
  Deno.test(`native takes ${JSON.stringify(message)} for a message, with its author (J6)`, () => {
    assertEquals(session(message), [HELLO, SAY]);
    assertEquals(session(message, message), [HELLO, SAY, SAY]);
  });
}

Deno.test("native takes private texts of another shape for one person alone, never for everyone", () => {
  const psst = { verb: "say", text: "psst", to: { sigil: "@", name: "bob" } };
  for (
    const whisper of [
      { type: "message", to: "bob", text: "psst" },
      { type: "private", to: "@bob", message: "psst" },
      { action: "whisper", target: "bob", content: "psst" },
      { cmd: "prive", destinataire: "bob", texte: "psst" },
    ]
  ) {
    assertEquals(session(HELLO_JSON, whisper), [HELLO, psst]);
  }
  for (
    const unclear of [
      { type: "private", message: "psst" },
      { type: "private", to: "all", message: "psst" },
      { type: "message", to: ["bob", "eve"], text: "psst" },
      { type: "message", to: 7, text: "psst" },
      { type: "message", to: "@", text: "psst" },
    ]
  ) {
    const [, refused] = session(HELLO_JSON, unclear);
    assert(refused === "unknown_command", JSON.stringify(unclear));
  }
  const cooks = { verb: "say", text: "x", to: { sigil: "#", name: "cooks" } };
  assertEquals(session(HELLO_JSON, { type: "message", to: "#cooks", text: "x" }), [HELLO, cooks]);
});

const HELLO_JSON = { type: "hello", name: "carl" };

Deno.test("native takes other words for its other requests", () => {
  assertEquals(
    session(
      { action: "join", nick: "carl" },
      { action: "nick", nick: "rob" },
      { action: "rename", new_name: "tom" },
      { action: "list" },
      { action: "heartbeat" },
      { action: "aide" },
      { action: "join", room: "#cooks" },
      { action: "join", nick: "tom" },
      { action: "quitter" },
    ),
    [
      HELLO,
      { verb: "rename", name: "rob" },
      { verb: "rename", name: "tom" },
      { verb: "who" },
      { verb: "ping" },
      { verb: "help" },
      { verb: "join", group: "cooks" },
      { verb: "whoami" },
      { verb: "bye" },
    ],
  );
});

Deno.test("native follows the name that comes with each text, unless it was given by hello", () => {
  const [carl, rob] = ["carl", "rob"].map((from) => ({ type: "message", from, text: "salut" }));
  assertEquals(session(carl ?? {}, rob ?? {}), [HELLO, SAY, { verb: "rename", name: "rob" }, SAY]);
  assertEquals(session(HELLO_JSON, rob ?? {}), [HELLO, SAY]);
  assertEquals(session({ type: "hello" }, { type: "say", from: "rob", text: "salut" }), [
    { verb: "hello" },
    SAY,
  ]);
});

Deno.test("native answers with the ref of an object of another shape, and refuses a rounded one (J9)", () => {
  assertEquals(session({ type: "message", from: "carl", text: "salut", ref: 7 }), [
    HELLO,
    { ...SAY, ref: 7 },
  ]);
  const rounded = '{"type":"message","from":"carl","text":"salut","ref":12345678901234567890}';
  assertEquals(session(rounded), ["bad_request"]);
});

Deno.test("native's own objects stay what they are", () => {
  const own = [
    { type: "say", text: "x", to: "@bob", nick: "eve", message: "y" },
    { type: "join", group: "cooks", name: "eve" },
    { type: "hello", name: "carl", nick: "eve" },
  ] as const;
  const [hello] = session(own[2]);
  assertEquals(hello, HELLO);
  assertEquals(session(own[2], own[0], own[1]).slice(1), [
    { verb: "say", text: "x", to: { sigil: "@", name: "bob" } },
    { verb: "join", group: "cooks" },
  ]);
  assertEquals(session({ type: "hello", client: "bot 1.0" }), [{ verb: "hello" }]);
  assertEquals(session(HELLO_JSON, { type: "shout", text: "x" }), [HELLO, "unknown_command"]);
  assertEquals(session({ type: "say" }, { type: "leave" }, {}), [
    "bad_request",
    "bad_request",
    "bad_request",
  ]);
});

Deno.test("native answers any object, and none with many keys or deep ones with an alias", () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 3 }), (json) => {
    assert(session({ type: "message", text: "x", json: JSON.stringify(json) }).length >= 1);
    if (JSON.stringify(json).startsWith("{")) assert(session(json as object).length >= 1);
  }));
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`k${at}`, at]));
  assertEquals(session({ ...many, from: "carl", text: "x" }), ["bad_request"]);
  assertEquals(session({ message: { data: { text: "x" } } }), ["bad_request"]);
});

Deno.test("native reads objects that follow each other without line ends, at every split", () => {
  const input = bytes('{"name":"carl"} {"msg":"a}{"}{"msg":"\\"}"}\n{"msg":"b"}{\n');
  const requests: Request[] = [
    { verb: "hello", name: "carl" },
    { verb: "say", text: "a}{" },
    { verb: "say", text: '"}' },
  ];
  assertEverySplit(
    () => {
      const decoder = server();
      return {
        feed: (chunk, emit) =>
          decoder.feed(chunk, (request) => request.verb !== "invalid" && emit(request)),
        end: (emit) => decoder.end(emit),
      };
    },
    input,
    requests,
  );
});

Deno.test("native says when silence completes an object: never in the middle of one (D24)", () => {
  const decoder = server();
  const requests: Request[] = [];
  const emit = (request: Request) => requests.push(request);
  const waits = (text: string): boolean => {
    decoder.feed(bytes(text), emit);
    return (decoder.pendingBytes ?? 0) > 0;
  };
  assertStrictEquals(waits('{"type":"message","data":{'), false);
  assertStrictEquals(waits('"text":"}"}'), false);
  assertStrictEquals(waits("}"), true);
  decoder.end(emit);
  assertEquals(requests, [{ verb: "say", text: "}" }]);
  assertStrictEquals(waits('{"name":"carl"}{"msg":"a"}'), true);
  assertStrictEquals(waits(" {"), false);
  assertStrictEquals(waits("}\n"), false);
  assert(decoder.endsLines);
  assertStrictEquals(waits('{"msg":"a"}'), false);
});
