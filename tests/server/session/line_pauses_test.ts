// LinePauses in a whole server, on a clock and sockets of the test: what counts as a line of a peer
// that ends none (J1, D24).

import { assert, assertEquals, assertMatch } from "@std/assert";
import { LINE_PAUSE_MS } from "../../../server/limits/tuning.ts";
import { turn } from "../../until.ts";
import { ChatRoom, UNIX } from "./chat_room.ts";

/** A row: sends with a pause after each, and what the witness hears. */
const ROWS: Readonly<Record<string, readonly [sends: readonly string[], heard: string[]]>> = {
  "a name and texts of plain": [["carl", "salut", "ça va ?"], [
    "+carl",
    "carl: salut",
    "carl: ça va ?",
  ]],
  "a text of one character": [["carl", "k", "!"], ["+carl", "carl: k", "carl: !"]],
  "usermsg": [["USER carl", "MSG salut", "MSG ça va ?"], ["+carl", "carl: salut", "carl: ça va ?"]],
  "etx": [["hello carl\n", "b salut\n"], ["+carl", "carl: salut"]],
  "a name without an end and texts with LF": [["carl", "salut\n", "toi"], ["+carl", "carl: salut"]],
  "the end of a line after a pause": [["carl", "\r\n", "salut\r\n"], ["+carl", "carl: salut"]],
};

for (const [what, [sends, heard]] of Object.entries(ROWS)) {
  Deno.test(`J1: text that a pause follows is a line (D24): ${what}`, async () => {
    const room = await ChatRoom.open();
    for (const text of sends) await room.send([text]);
    assertEquals(room.heard, heard);
    await room.close();
  });
}

Deno.test("J1: a private word never becomes a part of a public text (D24)", async () => {
  const room = await ChatRoom.open();
  for (const text of ["carl", "bonjour", "@witness secret", "ha"]) await room.send([text]);
  assertEquals(room.heard, ["+carl", "carl: bonjour", "carl -> @witness", "carl: ha"]);
  await room.send(["bonjour", "@witness secret"], { ms: 0 });
  assertEquals(room.heard.slice(4), ["carl: bonjour", "carl -> @witness"]);
  await room.close();
});

Deno.test("J1: sends in quick succession of a peer that ends no lines are lines (D24)", async () => {
  const room = await ChatRoom.open();
  await room.send(["carl", "salut", "ça va ?"]);
  assertEquals(room.heard, ["+carl", "carl: salut", "carl: ça va ?"]);
  await room.send(["un", "deux", "trois"], { after: 0 });
  assertEquals(room.heard.slice(3), ["carl: un", "carl: deux"]);
  await room.send([], { after: LINE_PAUSE_MS });
  assertEquals(room.heard.slice(5), ["carl: trois"]);
  await room.close();
});

Deno.test("J1: at the end of the stream the rest is a line, or several (D24)", async () => {
  const room = await ChatRoom.open();
  await room.send(["carl", "salut"], { after: 0 });
  room.peer.end();
  await turn();
  assertEquals(room.heard, ["+carl", "carl: salut"]);
  await room.close();
});

Deno.test("J1: silence cuts no line of a peer that ends its lines (D24)", async () => {
  for (const first of ["carl\n", "USER carl\r\n", "carl\r", '{"type":"hello","name":"carl"}\n']) {
    const room = await ChatRoom.open();
    await room.send([first]);
    const { pending } = room.clock;
    await room.send([first.startsWith("{") ? '{"type":"say",' : "MSG sa"], { after: 60_000 });
    await room.send([first.startsWith("{") ? '"text":"salut"}\n' : "lut\n"]);
    assertMatch(room.heard.join(), /^\+carl,carl: (MSG )?salut$/);
    assert(room.clock.pending <= pending, "and there is no timer for it");
    await room.close();
  }
});

Deno.test("J1: a line that comes in pieces is one line where an LF ends it", async () => {
  const room = await ChatRoom.open();
  await room.send(["ca", "rl", "\n"]);
  await room.send(["bon", "jour ", "tous\n"], { ms: 2_000 });
  assertEquals(room.heard, ["+carl", "carl: bonjour tous"]);
  await room.close();
});

Deno.test("J1: a text that the network cuts is one line without LF too", async () => {
  const room = await ChatRoom.open();
  await room.send(["carl"]);
  await room.send(["USER: ", "bonjour"], { ms: 40 });
  const long = "x".repeat(1448);
  await room.send([long, long, "y"], { ms: 200 });
  assertEquals(room.heard, ["+carl", "carl: USER: bonjour", `carl: ${long}${long}y`]);
  await room.close();
});

Deno.test("J1: keys that come one by one are gathered until the line ends, however slowly", async () => {
  const room = await ChatRoom.open();
  await room.send([..."carl"], { ms: 1_000, after: 2_000 });
  assertEquals(room.heard, []);
  await room.send(["\r\n"]);
  await room.send(["b", "o", "n", "\x1b[D", "é", "jour"], { ms: 900, after: 2_000 });
  await room.send(["\r", "\n"]);
  assertEquals(room.heard, ["+carl", "carl: bon\\x1b[Déjour"]);
  await room.close();
});

Deno.test("J1: bytes in a burst are no keys of a person", async () => {
  const room = await ChatRoom.open();
  await room.send([..."carl"], { ms: 1 });
  await room.send([..."salut"], { ms: 1 });
  assertEquals(room.heard, ["+carl", "carl: salut"]);
  await room.close();
});

Deno.test("Raw text on a Unix socket is a message after a pause, be it one character (R6, D24)", async () => {
  for (const text of ["mon premier message", "x", "hello"]) {
    const room = await ChatRoom.open(UNIX);
    await room.send([text]);
    assertEquals(room.heard, ["+user2", `user2: ${text}`]);
    await room.close();
  }
});

Deno.test("A pause that the server itself causes ends no line", async () => {
  const room = await ChatRoom.open();
  await room.send(["ca"], { after: 0 });
  room.clock.monotonic = () => room.clock.now() + 200; // the event loop is late
  await room.send([], { after: LINE_PAUSE_MS });
  assertEquals(room.heard, []);
  await room.send(["rl\n"]);
  assertEquals(room.heard, ["+carl"]);
  await room.close();
});

Deno.test("J1: a client that ends no lines and resets its connection has sent its last line", async () => {
  const rows: readonly [string, string, string[]][] = [
    ["carl", "salut", ["+carl", "carl: salut"]],
    ["carl\n", "sal", ["+carl"]], // half a line of a client that ends its lines
  ];
  for (const [name, text, heard] of rows) {
    const room = await ChatRoom.open();
    await room.send([name]);
    await room.send([text], { after: 0 });
    room.peer.reset();
    await turn();
    await turn();
    assertEquals(room.heard, heard);
    await room.close();
  }
});

Deno.test("J1: spaces that fill a buffer are no part of a text without a line end", async () => {
  const room = await ChatRoom.open();
  await room.send(["carl".padEnd(32)]);
  await room.send(["salut".padEnd(64)]);
  assertEquals(room.heard, ["+carl", "carl: salut"]);
  await room.close();
});

Deno.test("J1: a private word in the same read as a public text is a line by itself", async () => {
  const room = await ChatRoom.open();
  await room.send(["carl"]);
  await room.send(["bonjour@witness secret"]);
  await room.send(["écris à bob@example.org demain"]);
  assertEquals(room.heard.slice(1), [
    "carl: bonjour",
    "carl -> @witness",
    "carl: écris à bob@example.org demain",
  ]);
  await room.close();
});
