import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { LinePrompt } from "../../client/line_prompt.ts";
import { fakeStdin } from "./client_fakes.ts";
import { EN } from "../../texts/en.ts";

Deno.test("LinePrompt.next() gives cooked lines in order, then the end for ever", async () => {
  let written = "";
  const stdin = fakeStdin("one\r\n" + "x".repeat(10_000) + "\n\ntwo");
  const prompt = new LinePrompt({
    read: (buffer) => stdin.read(buffer),
    write: (text) => written += text,
  }, EN.client);
  assertEquals(await prompt.next(), { kind: "line", text: "one" });
  assertEquals(await prompt.next(), { kind: "line", text: "" });
  assertMatch(written, /^-! Not sent: at most 8704 bytes a line\n$/);
  assertEquals(await prompt.next(), { kind: "line", text: "two" });
  assertEquals(await prompt.next(), { kind: "eof" });
  assertEquals(await prompt.next(), { kind: "eof" });
});

Deno.test("LinePrompt.next() takes a terminal that fails for its end", async () => {
  const read = () => Promise.reject(new Error("gone"));
  const prompt = new LinePrompt({ read, write: () => {} }, EN.client);
  assertEquals(await prompt.next(), { kind: "eof" });
});

Deno.test("LinePrompt prints whole lines, prompts included", () => {
  let written = "";
  const prompt = new LinePrompt(
    { read: () => Promise.resolve(null), write: (t) => written += t },
    EN.client,
  );
  prompt.setPrompt("Your name: ");
  prompt.print("hello");
  assertStrictEquals(written, "Your name: \nhello\n");
});
