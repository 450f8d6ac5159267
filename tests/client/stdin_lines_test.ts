import { assertEquals } from "@std/assert";
import { type InputLine, InputLines } from "../../client/stdin_lines.ts";

function split(input: string, size: number, maxBytes = 5): string[] {
  const lines = new InputLines(maxBytes);
  const bytes = new TextEncoder().encode(input);
  const out: InputLine[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = bytes.slice(at, at + size);
    out.push(...lines.feed(chunk));
    chunk.fill(0); // as if the buffer were read into again
  }
  out.push(...lines.end());
  return out.map((line) =>
    line === "too_long" ? "<too long>" : new TextDecoder("utf-8", { ignoreBOM: true }).decode(line)
  );
}

const CASES: readonly [name: string, input: string, lines: string[]][] = [
  ["LF and CRLF", "a\nb\r\nc\n", ["a", "b", "c"]],
  ["a last line without an ending", "a\nb", ["a", "b"]],
  ["a byte order mark at the start, and one later", "\ufeffab\r\n\ufeffc", ["ab", "\ufeffc"]],
  ["blank lines", "\n\n", ["", ""]],
  ["no input", "", []],
  ["a line at the cap", "12345\n12345\r\n", ["12345", "12345"]],
  ["a line over the cap, and what follows", "123456\nok\n", ["<too long>", "ok"]],
  ["a line far over the cap", "1234567890123\r\nok", ["<too long>", "ok"]],
  ["a last line over the cap", "ok\n123456789", ["ok", "<too long>"]],
  ["characters of several bytes", "é👋\nx", ["<too long>", "x"]],
];

for (const [name, input, lines] of CASES) {
  Deno.test(`InputLines.feed() yields the same at every split: ${name}`, () => {
    for (let size = 1; size <= Math.max(1, input.length); size++) {
      assertEquals(split(input, size), lines, `${size} bytes a read`);
    }
  });
}
