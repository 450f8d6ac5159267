import { assertEquals, assertStrictEquals } from "@std/assert";
import { type Key, KeyDecoder, MAX_PASTE_UNITS } from "../../terminal/keys.ts";

function key(name: string): Key {
  return { kind: "key", name };
}

function chars(text: string): Key[] {
  return [...text].map((char) => ({ kind: "char", text: char }));
}

function paste(text: string): Key {
  return { kind: "paste", text };
}

function decode(bytes: Uint8Array, bytesPerRead: number): Key[] {
  const decoder = new KeyDecoder();
  const keys: Key[] = [];
  for (let at = 0; at < bytes.length; at += bytesPerRead) {
    keys.push(...decoder.feed(bytes.subarray(at, at + bytesPerRead)));
  }
  return keys;
}

const CASES: readonly (readonly [what: string, input: string, keys: readonly Key[]])[] = [
  ["letters", "Hi é", chars("Hi é")],
  ["characters of 2, 3 and 4 bytes", "é€界👍", chars("é€界👍")],
  ["a byte order mark in the middle", "a\ufeffb", chars("a\ufeffb")],
  ["one arrow", "\x1b[A", [key("up")]],
  ["two arrows", "\x1b[A\x1b[B", [key("up"), key("down")]],
  ["arrows between letters", "a\x1b[Db\x1b[Cc", [
    ...chars("a"),
    key("left"),
    ...chars("b"),
    key("right"),
    ...chars("c"),
  ]],
  ["arrows in application mode", "\x1bOA\x1bOD", [key("up"), key("left")]],
  ["keypad enter", "\x1bOM", [key("enter")]],
  ["home and end, all kinds", "\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~\x1bOH\x1bOF", [
    key("home"),
    key("end"),
    key("home"),
    key("end"),
    key("home"),
    key("end"),
    key("home"),
    key("end"),
  ]],
  ["modified arrows", "\x1b[1;5C\x1b[1;3D\x1b[1;2A\x1b[1;7D\x1b[1;9C", [
    key("ctrl-right"),
    key("alt-left"),
    key("up"),
    key("ctrl-left"),
    key("alt-right"),
  ]],
  ["delete, modified or not", "\x1b[3~\x1b[3;5~\x1b[3;3~", [
    key("delete"),
    key("ctrl-delete"),
    key("alt-delete"),
  ]],
  ["control characters", "\x01\x05\x0b\x1a\x03", [
    key("ctrl-a"),
    key("ctrl-e"),
    key("ctrl-k"),
    key("ctrl-z"),
    key("ctrl-c"),
  ]],
  ["enter, tab, both backspaces", "\r\n\t\x7f\b", [
    key("enter"),
    key("enter"),
    key("tab"),
    key("backspace"),
    key("backspace"),
  ]],
  ["Alt combinations", "\x1bb\x1bf\x1bd\x1b\x7f\x1b\b", [
    key("alt-b"),
    key("alt-f"),
    key("alt-d"),
    key("alt-backspace"),
    key("alt-backspace"),
  ]],
  ["Escape alone before letters", "\x1bhey", chars("hey")],
  ["Escape alone before an O", "\x1bOk", chars("Ok")],
  ["Escape alone before a key of Object", "\x1bconstructor", chars("constructor")],
  ["Escape alone before a character of 3 bytes", "\x1b界", chars("界")],
  ["Escape alone before enter", "\x1b\r", [key("enter")]],
  ["Escape alone before an arrow", "\x1b\x1b[A", [key("up")]],
  ["Escape many times", "\x1b\x1b\x1ba", chars("a")],
  ["unknown sequences", "\x1b[5~\x1b[Z\x1b[24;5~\x1b[I\x1b[?1;2c\x1bOPx", chars("x")],
  ["F1 of the Linux console", "\x1b[[Ax", chars("x")],
  ["a sequence cut off by another", "\x1b[1;\x1b[A", [key("up")]],
  ["a sequence cut off by enter", "\x1b[1;\r", [key("enter")]],
  ["a sequence without end", "\x1b[" + "1".repeat(200) + "~x", chars("x")],
  ["terminal reports", "\x1b]11;rgb:00/00/00\x07a\x1b]11;rgb:0/0/0\x1b\\b", chars("ab")],
  ["a report that never ends", "\x1b]11;rgb\ra", [key("enter"), ...chars("a")]],
  ["a report cut off by a key", "\x1b]11;rgb\x1b[A", [key("up")]],
  ["C1 controls and NUL", "a\x80\x9b\0b", chars("ab")],
  ["a paste", "\x1b[200~hello\x1b[201~", [paste("hello")]],
  ["a paste between letters", "a\x1b[200~b\x1b[201~c", [...chars("a"), paste("b"), ...chars("c")]],
  ["a paste with every kind of line end", "\x1b[200~a\rb\r\nc\nd\x1b[201~\r", [
    paste("a\nb\nc\nd"),
    key("enter"),
  ]],
  ["a paste with control characters", "\x1b[200~\x03a\tb\x1b[A\x9bc\x04\x1b[201~", [
    paste("a\tb[Ac"),
  ]],
  ["a paste that holds half an end mark", "\x1b[200~a\x1b[20b~\x1b[201~", [paste("a[20b~")]],
  ["a paste of wide characters", "\x1b[200~界é👍\x1b[201~", [paste("界é👍")]],
  ["two pastes", "\x1b[200~a\x1b[201~\x1b[200~b\x1b[201~", [paste("a"), paste("b")]],
  ["an empty paste", "\x1b[200~\x1b[201~x", chars("x")],
];

Deno.test("KeyDecoder.feed() yields the same keys at every number of bytes per read", () => {
  for (const [what, input, keys] of CASES) {
    const bytes = new TextEncoder().encode(input);
    for (let bytesPerRead = 1; bytesPerRead <= bytes.length; bytesPerRead += 1) {
      assertEquals(decode(bytes, bytesPerRead), keys, `${what}, ${bytesPerRead} a read`);
    }
  }
});

Deno.test("KeyDecoder.feed() replaces bytes that are no UTF-8 and continues", () => {
  const bytes = new Uint8Array([0x61, 0xff, 0xe7, 0x95, 0x1b, 0x5b, 0x41, 0x62]);
  for (let bytesPerRead = 1; bytesPerRead <= bytes.length; bytesPerRead += 1) {
    assertEquals(decode(bytes, bytesPerRead), [
      ...chars("a\ufffd\ufffd"),
      key("up"),
      ...chars("b"),
    ]);
  }
});

Deno.test("KeyDecoder.feed() yields nothing before a paste has ended", () => {
  const decoder = new KeyDecoder();
  assertEquals(decoder.feed(new TextEncoder().encode("\x1b[200~one\rtwo\x03")), []);
  assertEquals(decoder.feed(new TextEncoder().encode("!\x1b[201~")), [paste("one\ntwo!")]);
});

Deno.test("KeyDecoder.feed() cuts a paste that is too long, wherever its end mark falls", () => {
  for (let over = -8; over <= 8; over += 1) {
    const text = "x".repeat(MAX_PASTE_UNITS + over);
    const keys = decode(new TextEncoder().encode(`\x1b[200~${text}\x1b[201~y`), 4096);
    assertStrictEquals(keys.length, 2);
    assertEquals(keys[0], paste(text.slice(0, MAX_PASTE_UNITS)));
    assertEquals(keys[1], chars("y")[0]);
  }
});

Deno.test("KeyDecoder.feed() drops the rest of a huge paste in time in proportion to it", () => {
  const chunk = new TextEncoder().encode("~".repeat(4096));
  const decoder = new KeyDecoder();
  decoder.feed(new TextEncoder().encode("\x1b[200~"));
  for (let i = 0; i < 1000; i += 1) assertEquals(decoder.feed(chunk), []);
  const [found] = decoder.feed(new TextEncoder().encode("\x1b[201~"));
  assertStrictEquals(found?.kind === "paste" && found.text.length, MAX_PASTE_UNITS);
});
