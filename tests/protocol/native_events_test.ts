// parseEvent(): what a client accepts from a server that may be newer, or not a native one.

import { EN } from "../../texts/en.ts";
import { assert, assertEquals, assertNotMatch, assertStrictEquals } from "@std/assert";
import type { ServerEvent } from "../../protocol/events.ts";
import { parseEvent } from "../../protocol/native_events.ts";
import { describeEvent } from "../../protocol/describe_event.ts";
import { ALL_EVENTS } from "./sample_events.ts";
import { bytes } from "./splits.ts";

function parse(line: string): ServerEvent | undefined {
  return parseEvent(bytes(line));
}

for (const event of ALL_EVENTS) {
  Deno.test(`parseEvent() reads ${event.type}, with fields of later versions too`, () => {
    assertEquals(parse(JSON.stringify(event)), event);
    const later = { ...event, colour: { deep: [1] } };
    assertEquals(parse(JSON.stringify(later)), later);
  });

  Deno.test(`parseEvent() answers an error for ${event.type} with a field of the wrong kind`, () => {
    const needed = Object.keys(event).filter((key) => !["type", "ref"].includes(key));
    const broken = Object.fromEntries(needed.map((key) => [key, { wrong: true }]));
    const parsed = parse(JSON.stringify({ ...event, ...broken }));
    if (event.type === "pong") assertStrictEquals(parsed?.type, "pong");
    else assertStrictEquals(parsed?.type === "error" && parsed.code, "bad_request");
  });
}

Deno.test("parseEvent() takes a shutdown that was called off", () => {
  assertEquals(parse('{"type":"shutdown","in":null}'), { type: "shutdown", in: null });
});

Deno.test("parseEvent() passes on types it does not know as they are, and no text describes them", () => {
  for (const type of ["typing", "__proto__", "constructor", ""]) {
    const event = parse(JSON.stringify({ type, of: ["bob"] }));
    assertEquals<unknown>(event, { type, of: ["bob"] });
    assertStrictEquals(event && describeEvent(event, EN.events), "");
  }
});

Deno.test("parseEvent() answers an error for what is not native, quoted safely", () => {
  for (const line of ["", "{", "[]", "1", "{}", '{"type":1}', "MSG bob hi", "\x1b[2J"]) {
    const event = parse(line);
    assert(event?.type === "error" && event.code === "bad_request", line);
    assertNotMatch(event.message, /\p{Cc}/u);
  }
});

Deno.test("parseEvent() replaces invalid UTF-8: a message must not end a client", () => {
  const line = bytes('{"type":"notice","text":"', 0xff, '"}');
  assertEquals(parseEvent(line), { type: "notice", text: "\ufffd" });
});

Deno.test("parseEvent() shows the whole of a line of text, which may name a remedy, up to a bound", () => {
  const remedy = "This port takes TLS: minichat connect --tls HOST 8443";
  const encoded = (line: string): string => {
    const event = parse(line);
    return event?.type === "error" ? event.message : "";
  };
  assertStrictEquals(encoded(remedy), `The server sent a line that is not native: "${remedy}"`);
  assert(encoded("x".repeat(10_000)).length < 300);
  assert(encoded(`{"type":${"1".repeat(200)}}`).length < 100);
});
