import { assertStrictEquals } from "@std/assert";
import { UsermsgSession } from "../../../benchmarks/strategies/usermsg_session.ts";

/** What the others receive if the bytes of `words` arrive in pieces of `size`. */
function received(words: string, size: number): string {
  const bytes = new TextEncoder().encode(words);
  const session = new UsermsgSession("guest");
  const lines: number[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    lines.push(...session.receive(bytes.slice(at, at + size)) ?? []);
  }
  return new TextDecoder().decode(Uint8Array.from(lines));
}

Deno.test("UsermsgSession.receive() gives the same lines at every split", () => {
  const words =
    "MSG first\nUSER ann\nMSG hé llo\nwhat\nMSG \nUSER two words\nMSG end\nMSG unfinished";
  const expected = "MSG guest first\nMSG ann hé llo\nMSG ann \nMSG ann end\n";
  for (let size = 1; size <= words.length + 1; size++) {
    assertStrictEquals(received(words, size), expected, `pieces of ${size}`);
  }
});

Deno.test("UsermsgSession.receive() keeps nothing of the reader's buffer", () => {
  const session = new UsermsgSession("guest");
  const buffer = new TextEncoder().encode("MSG ab");
  session.receive(buffer);
  buffer.fill(0);
  const lines = session.receive(new TextEncoder().encode("c\n"));
  assertStrictEquals(new TextDecoder().decode(lines), "MSG guest abc\n");
});

Deno.test("UsermsgSession.receive() gives up on a line without an end", () => {
  const session = new UsermsgSession("guest");
  const piece = new Uint8Array(1024).fill(120);
  const answers = Array.from({ length: 17 }, () => session.receive(piece));
  assertStrictEquals(answers.indexOf(undefined), 16);
});
