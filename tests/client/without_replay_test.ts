import { assertEquals } from "@std/assert";
import { withoutReplay } from "../../client/without_replay.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import { native } from "../../protocol/native.ts";

Deno.test("withoutReplay() leaves out replayed messages, and nothing else", () => {
  const message = { type: "message", seq: 1, at: "", from: "bob", text: "hi" } as const;
  const welcome = {
    ...{
      type: "welcome",
      id: 1,
      name: "ann",
      session: "s",
      seq: 1,
      users: [],
      groups: [],
    } as const,
    ...{ total: 1, version: 1 } as const,
  };
  const sent: ServerEvent[] = [
    { ...welcome, replay: 1 },
    { ...message, replay: true },
    { ...message, seq: 2 },
    { type: "history", messages: [{ ...message, replay: true }] },
  ];
  const bytes = new TextEncoder().encode(
    sent.map((event) => JSON.stringify(event) + "\n").join(""),
  );
  for (let cut = 0; cut <= bytes.length; cut += 37) {
    const { decoder } = withoutReplay(native).client();
    const seen: ServerEvent[] = [];
    decoder.feed(bytes.slice(0, cut), (event) => seen.push(event));
    decoder.feed(bytes.slice(cut), (event) => seen.push(event));
    decoder.end((event) => seen.push(event));
    assertEquals(seen, [welcome, sent[2], sent[3]]);
  }
});

Deno.test("withoutReplay() leaves in messages sent while the client was away", () => {
  const dialect = withoutReplay(native);
  const welcome = '{"type":"welcome","name":"ann","users":[],"groups":[],"total":1,"replay":1}\n';
  const old = '{"type":"message","seq":1,"at":"","from":"bob","text":"hi","replay":true}\n';
  const seen = [1, 2].map(() => {
    const types: string[] = [];
    const { decoder } = dialect.client();
    decoder.feed(new TextEncoder().encode(welcome + old), ({ type }) => types.push(type));
    return types;
  });
  assertEquals(seen, [["welcome"], ["welcome", "message"]]);
});
