import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { sanitizeEvent } from "../../client/sanitize_event.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import { message } from "./client_fakes.ts";

Deno.test("sanitizeEvent() leaves a harmless event as it is", () => {
  const event = message("zoë", "héllo 👋\tتمام", { to: "#cooks" });
  assertEquals(sanitizeEvent(event), event);
});

Deno.test("sanitizeEvent() reaches nested strings, unknown fields and field names", () => {
  const event = JSON.parse('{"type":"notice","text":"a\\u001b","x":{"k\\u0007":["\\u202e"]}}');
  assertEquals<unknown>(sanitizeEvent(event), {
    type: "notice",
    text: "a\\x1b",
    x: { "k\\x07": ["\\u202e"] },
  });
});

Deno.test("sanitizeEvent() drops what erases the prompt before a line, and nothing inside it (C7)", () => {
  const text = "\r\x1b[2K\x1b[1mbob: hi\x1b[K\r";
  assertEquals(sanitizeEvent({ type: "notice", text }), { type: "notice", text: "bob: hi" });
  const inside = "bob\r\x1b[2K: hi";
  assertEquals(sanitizeEvent({ type: "notice", text: inside }), {
    type: "notice",
    text: "bob\\x0d\\x1b[2K: hi",
  });
});

Deno.test("sanitizeEvent() drops colours and writes out every other escape sequence (C7)", () => {
  const text = "\x1b[1;31mbob\x1b[0m: \x9b38:5:1mhi\x1b[m \x1b[2J\x1b[31K\x1b]0;m\x07";
  assertEquals(sanitizeEvent({ type: "notice", text }), {
    type: "notice",
    text: "bob: hi \\x1b[2J\\x1b[31K\\x1b]0;m\\x07",
  });
});

Deno.test("sanitizeEvent() survives nesting as deep as a line can hold", () => {
  const depth = 500_000;
  const deep = JSON.parse(`{"type":"pong","x":${"[".repeat(depth)}${"]".repeat(depth)}}`);
  assertStrictEquals(sanitizeEvent(deep).type, "pong");
});

Deno.test("sanitizeEvent() keeps a field named __proto__ a field", () => {
  const event: ServerEvent = JSON.parse('{"type":"pong","__proto__":{"text":"x"}}');
  const safe = sanitizeEvent(event);
  assertStrictEquals(Object.getPrototypeOf(safe), Object.prototype);
  assert(Object.hasOwn(safe, "__proto__"));
});

Deno.test("sanitizeEvent() keeps the lines of what the server itself says, and of nothing else", () => {
  const table: ServerEvent = { type: "notice", text: "MUTED  UNTIL\nbob\x1b[2J\r\n", ref: 1 };
  const shown = "MUTED  UNTIL\nbob\\x1b[2J\n";
  assertEquals(sanitizeEvent(table), { type: "notice", text: shown, ref: 1 });
  const usage: ServerEvent = { type: "error", code: "order_refused", message: "No\nUsage: \x07" };
  assertEquals(sanitizeEvent(usage), { ...usage, message: "No\nUsage: \\x07" });
  const sent = sanitizeEvent(message("eve", "hi\nbob: forged"));
  assertStrictEquals(sent.type === "message" && sent.text, "hi\\x0abob: forged");
});
