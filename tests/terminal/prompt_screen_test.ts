// What a user sees while messages arrive (D23).
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { Prompt } from "../../terminal/prompt.ts";
import { MAX_ROWS } from "../../terminal/prompt_screen.ts";
import { FakeTerminal, seen } from "./fake_terminal.ts";

const LEFT = "\x1b[D";
const BACKSPACE = "\x7f";
const HOME = "\x1b[H";
const PROMPT = "\x1b[1mme\x1b[m> ";

async function started(terminal: FakeTerminal): Promise<Prompt> {
  const prompt = new Prompt({ io: terminal, prompt: PROMPT });
  prompt.start();
  await terminal.type("");
  return prompt;
}

/** `count` different letters, so that a lost or doubled one shows. */
function letters(count: number): string {
  return Array.from({ length: count }, (_, i) => String.fromCharCode(97 + i % 26)).join("");
}

Deno.test("A message in the middle of typing leaves line, cursor and prompt alone", async () => {
  const terminal = new FakeTerminal(40);
  const prompt = await started(terminal);
  await terminal.type("hello", LEFT, LEFT);
  const { length } = terminal.writes;
  prompt.print("bob: hi");
  assertStrictEquals(terminal.writes.length, length + 1);
  assertEquals(terminal.screen(), ["bob: hi", "me> hello"]);
  assertEquals(terminal.cursor(), { row: 1, column: 7 });
  await terminal.type("X");
  assertEquals(terminal.screen(), ["bob: hi", "me> helXlo"]);
  prompt.close();
});

Deno.test("A message finds its place above a line of three rows with the cursor in the middle", async () => {
  const terminal = new FakeTerminal(20);
  const prompt = await started(terminal);
  prompt.print("first");
  const line = letters(50);
  await terminal.type(line, LEFT.repeat(25));
  prompt.print("a message of more than twenty columns");
  assertEquals(terminal.screen(), [
    "first",
    "a message of more th",
    "an twenty columns",
    "me> " + line.slice(0, 16),
    line.slice(16, 36),
    line.slice(36),
  ]);
  assertEquals(terminal.cursor(), { row: 4, column: 9 });
  prompt.close();
  assertEquals(terminal.transcript(), ["first", "a message of more than twenty columns"]);
});

Deno.test("Every length around multiples of the width survives messages of such lengths", async () => {
  for (let length = 14; length <= 38; length += 1) {
    const terminal = new FakeTerminal(20);
    const prompt = await started(terminal);
    const line = letters(length);
    await terminal.type(line);
    for (const size of [19, 20, 21, 40]) prompt.print("#".repeat(size));
    assertStrictEquals(terminal.beforeCursor("me>"), "me> " + line);
    const column = (4 + length) % 20;
    const row = 6 + Math.floor((4 + length) / 20);
    assertEquals(terminal.cursor(), { row, column }, `${length}`);
    await terminal.type(BACKSPACE, "Z");
    prompt.print("last");
    const printed = [19, 20, 21, 40].map((size) => "#".repeat(size));
    assertEquals(seen(terminal, 5), {
      above: [...printed, "last"],
      line: `me> ${line.slice(0, -1)}Z `,
    });
    prompt.close();
    assertEquals(terminal.transcript(), [...printed, "last"]);
  }
});

Deno.test("A wide character that does not fit in the last column wraps, and messages still fit", async () => {
  const terminal = new FakeTerminal(10);
  const prompt = await started(terminal);
  await terminal.type("abcde界é👍🏽z", LEFT, LEFT);
  prompt.print("bob: 世界世界");
  assertEquals(terminal.screen(), ["bob: 世界", "世界", "me> abcde", "界é👍🏽z"]);
  assertEquals(terminal.cursor(), { row: 3, column: 3 });
  await terminal.type(BACKSPACE, BACKSPACE);
  assertEquals(terminal.screen(), ["bob: 世界", "世界", "me> abcde", "👍🏽z"]);
  assertEquals(terminal.cursor(), { row: 3, column: 0 });
  prompt.close();
});

Deno.test("A line survives the terminal going from 80 columns to 20 and back", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  const line = letters(56);
  prompt.print("a message that is longer than twenty columns");
  await terminal.type(line, LEFT.repeat(10));
  for (const width of [20, 80, 60, 59, 61, 30, 15, 20, 80]) {
    terminal.resize(width);
    prompt.print(`now ${width}`);
    assertStrictEquals(terminal.beforeCursor("me>"), "me> " + line.slice(0, 46), `${width}`);
  }
  const printed = [20, 80, 60, 59, 61, 30, 15, 20, 80].map((width) => `now ${width}`);
  assertEquals(seen(terminal, 10), {
    above: ["a message that is longer than twenty columns", ...printed],
    line: `me> ${line} `,
  });
  prompt.close();
});

Deno.test("A terminal that reports its new width late loses no message", async () => {
  for (const width of [7, 20, 21, 39, 41, 60, 80, 120]) {
    const terminal = new FakeTerminal(40);
    const prompt = await started(terminal);
    await terminal.type(letters(100));
    const messages = ["before", "while 1", "while 2", "after"];
    prompt.print(messages[0] ?? "");
    terminal.reshape(width);
    prompt.print(messages[1] ?? "");
    prompt.print(messages[2] ?? "");
    terminal.tellWidth();
    prompt.print(messages[3] ?? "");
    // A remainder of the prompt may be between them.
    const found = terminal.transcript().join("\n").match(/before|while \d|after/g);
    assertEquals(found, messages, `${width}`);
    if (width >= 40) {
      assertEquals(seen(terminal, 4), { above: messages, line: `me> ${letters(100)} ` });
    }
    prompt.close();
  }
});

Deno.test("A burst of 200 messages is printed whole, in order, above the line", async () => {
  const terminal = new FakeTerminal(30, 10);
  const prompt = await started(terminal);
  const line = letters(40);
  await terminal.type(line, LEFT);
  const messages = Array.from({ length: 200 }, (_, i) => `message ${i} ${letters(i % 45)}`);
  for (const message of messages) prompt.print(message);
  assertEquals(seen(terminal, 200), { above: messages, line: `me> ${line} ` });
  assertEquals(terminal.cursor(), { row: 9, column: 13 });
  prompt.close();
});

Deno.test("A message in the middle of a paste does not touch the paste", async () => {
  const terminal = new FakeTerminal(40);
  const prompt = await started(terminal);
  await terminal.type("x\x1b[20", "0~one\rtw");
  prompt.print("bob: hi");
  assertEquals(terminal.screen(), ["bob: hi", "me> x"]);
  await terminal.type("o\x1b[2", "01~");
  assertEquals(terminal.screen(), ["bob: hi", "me> xone↵two"]);
  await terminal.type("\r");
  assertEquals(await prompt.next(), { kind: "line", text: "xone\ntwo" });
  prompt.close();
});

Deno.test("A message in the middle of an arrow key or a character does not touch them", async () => {
  const terminal = new FakeTerminal(40);
  const prompt = await started(terminal);
  await terminal.type("ab\x1b");
  prompt.print("one");
  await terminal.type("[");
  prompt.print("two");
  await terminal.type("DX");
  assertEquals(terminal.screen(), ["one", "two", "me> aXb"]);
  prompt.close();
});

Deno.test("Typing at the top of the screen leaves no copies in the scrollback", async () => {
  const terminal = new FakeTerminal(10, 4);
  const prompt = await started(terminal);
  for (const letter of letters(20)) await terminal.type(letter);
  assertEquals(seen(terminal, 0), { above: [], line: `me> ${letters(20)} ` });
  prompt.close();
  assertEquals(terminal.transcript(), []);
});

Deno.test("A line too long for the screen is shown around the cursor and entered whole", async () => {
  const terminal = new FakeTerminal(20, 10);
  const prompt = await started(terminal);
  const line = letters(1000);
  await terminal.type(`\x1b[200~${line}\x1b[201~`);
  prompt.print("one");
  const end = terminal.screen();
  assert(end.length <= MAX_ROWS + 1);
  assertStrictEquals(end[0], "one");
  assert(end[1]?.startsWith("me> …"));
  assert(terminal.beforeCursor("me>").endsWith(line.slice(-40)));
  await terminal.type(HOME);
  assertStrictEquals(terminal.beforeCursor("me>"), "me> ");
  assert(terminal.screen().at(-1)?.endsWith("…"));
  await terminal.type("\r");
  assertEquals(terminal.transcript(), ["one", "me> " + line, "me>  "]);
  assertEquals(await prompt.next(), { kind: "line", text: line });
  prompt.close();
});

Deno.test("A terminal of one column is survived", async () => {
  const terminal = new FakeTerminal(1);
  const prompt = new Prompt({ io: terminal, prompt: "" });
  prompt.start();
  await terminal.type("ab", LEFT);
  prompt.print("x");
  assertEquals(terminal.screen(), ["x", "a", "b"]);
  assertEquals(terminal.cursor(), { row: 2, column: 0 });
  prompt.close();
});
