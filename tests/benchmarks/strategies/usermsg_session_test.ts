import assert from "node:assert/strict";
import { UsermsgSession } from "../../../benchmarks/strategies/usermsg_session.ts";

/** What the others get when the bytes of `words` arrive in pieces of `size`. */
function heard(words: string, size: number): string {
  const bytes = new TextEncoder().encode(words);
  const talker = new UsermsgSession("guest");
  const said: number[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    said.push(...talker.hear(bytes.slice(at, at + size)) ?? []);
  }
  return new TextDecoder().decode(Uint8Array.from(said));
}

Deno.test("Talker.hear() gives the same lines at every split", () => {
  const words =
    "MSG first\nUSER ann\nMSG hé llo\nwhat\nMSG \nUSER two words\nMSG end\nMSG unfinished";
  const expected = "MSG guest first\nMSG ann hé llo\nMSG ann \nMSG ann end\n";
  for (let size = 1; size <= words.length + 1; size++) {
    assert.equal(heard(words, size), expected, `pieces of ${size}`);
  }
});

Deno.test("Talker.hear() keeps nothing of the reader's buffer", () => {
  const talker = new UsermsgSession("guest");
  const buffer = new TextEncoder().encode("MSG ab");
  talker.hear(buffer);
  buffer.fill(0);
  const said = talker.hear(new TextEncoder().encode("c\n"));
  assert.equal(new TextDecoder().decode(said), "MSG guest abc\n");
});

Deno.test("Talker.hear() gives up on a line without an end", () => {
  const talker = new UsermsgSession("guest");
  const piece = new Uint8Array(1024).fill(120);
  const answers = Array.from({ length: 17 }, () => talker.hear(piece));
  assert.equal(answers.indexOf(undefined), 16);
});
