// How clients of other protocols join and speak, in a whole server on a clock and sockets of the
// test (J4-J7): who is announced, and what the others receive.

import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { turn, until } from "../../until.ts";
import { ChatRoom } from "./chat_room.ts";

/** Milliseconds of silence after which a client is greeted, and more than a pause in a line. */
const GREETED = 1_000;

/** A row: what one client sends ("" for nothing), each with a pause after it, and what the others hear. */
type Row = readonly [what: string, sends: readonly string[], heard: readonly string[]];

const JOINING: readonly Row[] = [
  ["NICK and MSG", ["NICK carl\n", "MSG salut\n"], ["+carl", "carl: salut"]],
  ["NICK and MSG in one read", ["NICK carl\nMSG salut\n"], ["+carl", "carl: salut"]],
  ["PSEUDO and bare lines", ["PSEUDO carl\n", "salut\n"], ["+carl", "carl: salut"]],
  ["JOIN with a colon, no line ends", ["JOIN: carl", "MSG salut"], ["+carl", "carl: salut"]],
  ["LOGIN and NULs", ["LOGIN carl\0\0", "salut\0\0\0"], ["+carl", "carl: salut"]],
  ["a prefix alone", ["carl: salut\n", "carl: ça va ?\n"], [
    "+carl",
    "carl: salut",
    "carl: ça va ?",
  ]],
  ["a name and prefixes", ["carl\n", "carl: salut\n", "<carl> toi\n"], [
    "+carl",
    "carl: salut",
    "carl: toi",
  ]],
  ["usermsg with prefixes", ["USER carl\n", "MSG carl: salut\n"], ["+carl", "carl: salut"]],
  ["etx with prefixes", ["hello carl\n", "b carl: salut\n"], ["+carl", "carl: salut"]],
  ["native keeps them", [
    '{"type":"hello","name":"carl"}\n',
    '{"type":"say","text":"carl: salut"}\n',
  ], ["+carl", "carl: carl: salut"]],
  ["a person who says hello", ["", "hello\r\n", "hello\r\n"], ["+hello", "hello: hello"]],
  ["a person who types hello NAME", ["", "hello carl\n", "carl\n", "quoi\n"], [
    "+carl",
    "carl: quoi",
  ]],
  ["an empty name and a text", ["\nsalut\n"], ["+user2", "user2: salut"]],
  ["Enter alone", ["", "\r\n", "salut\r\n"], ["+user2", "user2: salut"]],
];

for (const [what, sends, heard] of JOINING) {
  Deno.test(`A client joins and speaks by ${what} (J4, J5, J6)`, async () => {
    const room = await ChatRoom.open();
    for (const text of sends) await room.send(text === "" ? [] : [text], { after: GREETED });
    assertEquals(room.heard, heard);
    await room.close();
  });
}

const NOBODY: readonly (readonly [what: string, sends: readonly string[]])[] = [
  ["nothing", []],
  ["two blank lines", ["\r\n\r\n"]],
  ["two blank lines after the greeting", ["", "\r\n\r\n"]],
  ["one blank line, and the end", ["\n"]],
  ["HELP", ["HELP\r\n"]],
  ["HELP after the greeting", ["", "HELP\r\n"]],
  ["EHLO and QUIT", ["EHLO example.org\r\nQUIT\r\n"]],
  ["a request of RTSP", ["OPTIONS / RTSP/1.0\r\n\r\n"]],
  ["a BOM", ["\ufeff"]],
];

for (const [what, sends] of NOBODY) {
  Deno.test(`A client that sends ${what} is announced to no client (J7)`, async () => {
    const room = await ChatRoom.open();
    for (const text of sends.slice(0, -1)) {
      await room.send(text === "" ? [] : [text], { after: GREETED });
    }
    await room.send(sends.slice(-1), { after: 0 });
    room.peer.end();
    await turn();
    await turn();
    assertEquals(room.heard, []);
    await room.close();
  });
}

Deno.test("A client that asks for help is answered, and can join afterwards (J7)", async () => {
  const room = await ChatRoom.open();
  await room.send(["help\n"], { after: GREETED });
  assertMatch(room.peer.text, /^-- {3}TEXT[^]*-- Type your name/m);
  await room.send(["carl\n"]);
  assertEquals(room.heard, ["+carl"]);
  await room.close();
});

Deno.test("CR LF in two reads is one Enter (J7)", async () => {
  const room = await ChatRoom.open();
  await room.send(["\r", "\n"], { ms: 10 });
  await room.send(["carl\r\n"]);
  assertEquals(room.heard, ["+carl"]);
  assertStrictEquals(room.peer.text.split("Welcome").length, 2);
  await room.close();
});

Deno.test("The passphrase of a claimed name that is also a verb is not shown as a name (J5)", async () => {
  const room = await ChatRoom.open();
  await room.send(["Nick\n", "/claim sesame\n"]);
  await until(() => room.peer.text.includes("is yours"), "the name was claimed");
  await room.send(["/quit\n"], { after: 5_000 });
  const guest = room.connect();
  guest.send("Nick sesame\n");
  await turn();
  assertEquals(room.heard.filter((line) => line.includes("sesame")), []);
  await room.close();
});
