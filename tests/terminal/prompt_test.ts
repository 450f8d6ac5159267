import { assert, assertEquals, assertMatch, assertStrictEquals, assertThrows } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import { Prompt } from "../../terminal/prompt.ts";
import { FakeTerminal } from "./fake_terminal.ts";

const LEFT = "\x1b[D";

async function started(terminal: FakeTerminal, prompt = "me> "): Promise<Prompt> {
  const made = new Prompt({
    io: terminal,
    prompt,
    complete: (line) => ({
      from: 0,
      candidates: ["/who ", "/whois "].filter((candidate) => candidate.startsWith(line)),
    }),
  });
  made.start();
  await terminal.type("");
  return made;
}

Deno.test("Prompt.start() takes the terminal and draws the prompt in one write", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal, "\x1b[32mme\x1b[39m> ");
  assertEquals(terminal.screen(), ["me>"]);
  assertEquals(terminal.cursor(), { row: 0, column: 4 });
  assert(terminal.raw && terminal.bracketedPaste);
  prompt.close();
});

Deno.test("Prompt.start() can be called once", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  assertMatch(
    String(assertThrows(() => prompt.start())),
    /^Error: Cannot start the prompt: it is open$/,
  );
  prompt.close();
  assertMatch(
    String(assertThrows(() => prompt.start())),
    /^Error: Cannot start the prompt: it is closed$/,
  );
});

Deno.test("Prompt.next() hands out lines in order and leaves them among the text above", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  const first = prompt.next();
  await terminal.type("one\rtwo\r", "thr");
  assertEquals(await first, { kind: "line", text: "one" });
  assertEquals(await prompt.next(), { kind: "line", text: "two" });
  assertEquals(terminal.screen(), ["me> one", "me> two", "me> thr"]);
  prompt.close();
});

Deno.test("Prompt.next() is one input for a paste of several lines", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  await terminal.type("x\x1b[200~a\rb\tc\x03\x1b[201~");
  assertEquals(terminal.screen(), ["me> xa↵b⇥c"]);
  await terminal.type("\r");
  assertEquals(await prompt.next(), { kind: "line", text: "xa\nb\tc" });
  assertEquals(terminal.screen(), ["me> xa↵b⇥c", "me>"]);
  prompt.close();
});

Deno.test("Prompt.next() says interrupt at Ctrl-C and drops the line", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  await terminal.type("half\x03");
  assertEquals(await prompt.next(), { kind: "interrupt" });
  assertEquals(terminal.screen(), ["me>"]);
  prompt.close();
});

Deno.test("Prompt.next() says eof for ever after Ctrl-D, and takes no key after it", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  const [first, second] = [prompt.next(), prompt.next()];
  terminal.send("last\r\x04more\r");
  assertEquals(await first, { kind: "line", text: "last" });
  assertEquals(await second, { kind: "eof" });
  assertEquals(await prompt.next(), { kind: "eof" });
  prompt.print("bye");
  assertEquals(terminal.screen(), ["me> last", "bye", "me>"]);
  prompt.close();
});

for (const failure of [undefined, new Error("Input/output error (os error 5)")]) {
  Deno.test(`Prompt.next() says eof when reading ${failure ? "fails" : "ends"}`, async () => {
    const terminal = new FakeTerminal(80);
    const prompt = await started(terminal);
    await terminal.type("line\r", "\x1b[200~half");
    terminal.hangUp(failure);
    assertEquals(await prompt.next(), { kind: "line", text: "line" });
    assertEquals(await prompt.next(), { kind: "eof" });
    prompt.close();
  });
}

Deno.test("Prompt.close() restores the terminal and may be called again", async () => {
  const terminal = new FakeTerminal(20);
  const prompt = await started(terminal);
  prompt.print("before");
  await terminal.type("queued\r", "x".repeat(50), LEFT.repeat(30));
  const waiting = [prompt.next(), prompt.next()];
  prompt.close();
  assertEquals(terminal.screen(), ["before", "me> queued"]);
  assertEquals(terminal.cursor(), { row: 2, column: 0 });
  assert(!terminal.raw && !terminal.bracketedPaste && !terminal.hasResizeListeners);
  assertEquals(await Promise.all(waiting), [{ kind: "line", text: "queued" }, { kind: "eof" }]);
  const { length } = terminal.writes;
  prompt.close();
  prompt.setPrompt("other> ");
  assertStrictEquals(terminal.writes.length, length);
});

Deno.test("Prompt.close() drops what was entered and not asked for", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  await terminal.type("one\r");
  prompt.close();
  assertEquals(await prompt.next(), { kind: "eof" });
});

Deno.test("Prompt.close() ignores keys that a pending read still brings", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  prompt.close();
  const { length } = terminal.writes;
  terminal.send("late\r");
  // Everything that the read causes has happened after a turn of the event loop.
  await setImmediate();
  assertEquals(await prompt.next(), { kind: "eof" });
  assertStrictEquals(terminal.writes.length, length);
});

Deno.test("Prompt.close() before start() touches nothing", () => {
  const terminal = new FakeTerminal(80);
  new Prompt({ io: terminal, prompt: "> " }).close();
  assertEquals(terminal.writes, []);
});

Deno.test("Prompt.print() prints without a prompt before start() and after close()", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = new Prompt({ io: terminal, prompt: "> " });
  prompt.print("hello");
  prompt.start();
  await terminal.type("");
  prompt.close();
  prompt.print("bye");
  assertEquals(terminal.screen(), ["hello", "bye"]);
});

Deno.test("Prompt.print() prints each line as a line, in one write, colours ended", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  const { length } = terminal.writes;
  prompt.print("a\nb\r\nc\n");
  prompt.print("");
  prompt.print("\x1b[31mred");
  assertStrictEquals(terminal.writes.length, length + 3);
  assertEquals(terminal.screen(), ["a", "b", "c", "", "red", "me>"]);
  assert(terminal.writes.at(-1)?.includes("red\x1b[m\r\n"));
  prompt.close();
});

Deno.test("Prompt.setPrompt() keeps the line being typed and the cursor in it", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  await terminal.type("hello", LEFT);
  prompt.setPrompt("someone> ");
  assertEquals(terminal.screen(), ["someone> hello"]);
  assertStrictEquals(terminal.beforeCursor("someone>"), "someone> hell");
  const { length } = terminal.writes;
  prompt.setPrompt("someone> ");
  assertStrictEquals(terminal.writes.length, length);
  prompt.close();
});

Deno.test("Prompt draws once for all keys of one read", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  const { length } = terminal.writes;
  await terminal.type("one\rtwo\rthree");
  assertStrictEquals(terminal.writes.length, length + 1);
  prompt.close();
});

Deno.test("Prompt lists completions above the line, and rings when there is none", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  await terminal.type("/w\t");
  assertEquals(terminal.screen(), ["/who    /whois", "me> /who"]);
  assertStrictEquals(terminal.bells, 0);
  await terminal.type("x\t");
  assertStrictEquals(terminal.bells, 1);
  prompt.close();
});

Deno.test("Prompt clears the screen at Ctrl-L and keeps the line", async () => {
  const terminal = new FakeTerminal(20);
  const prompt = await started(terminal);
  for (let i = 0; i < 5; i += 1) prompt.print(`message ${i}`);
  await terminal.type("x".repeat(30), LEFT, "\x0c");
  assertEquals(terminal.screen(), ["me> " + "x".repeat(16), "x".repeat(14)]);
  assertStrictEquals(terminal.beforeCursor("me>"), "me> " + "x".repeat(29));
  prompt.close();
});

Deno.test("Prompt gives the terminal back when a completion throws", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = new Prompt({
    io: terminal,
    prompt: "> ",
    complete: () => {
      throw new TypeError("Cannot complete");
    },
  });
  const seen = new Promise<unknown>((resolve) => {
    globalThis.addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      resolve(event.reason);
    }, { once: true });
  });
  prompt.start();
  terminal.send("a\t");
  assert(await seen instanceof TypeError);
  assert(!terminal.raw && !terminal.bracketedPaste);
  assertEquals(terminal.screen(), []);
  assertEquals(await prompt.next(), { kind: "eof" });
});
