import assert from "node:assert/strict";
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
  assert.deepEqual(terminal.screen(), ["me>"]);
  assert.deepEqual(terminal.cursor(), { row: 0, column: 4 });
  assert.ok(terminal.raw && terminal.bracketedPaste);
  prompt.close();
});

Deno.test("Prompt.start() can be called once", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  assert.throws(() => prompt.start(), /^Error: Cannot start the prompt: it is open$/);
  prompt.close();
  assert.throws(() => prompt.start(), /^Error: Cannot start the prompt: it is closed$/);
});

Deno.test("Prompt.next() hands out lines in order and leaves them among the text above", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  const first = prompt.next();
  await terminal.type("one\rtwo\r", "thr");
  assert.deepEqual(await first, { kind: "line", text: "one" });
  assert.deepEqual(await prompt.next(), { kind: "line", text: "two" });
  assert.deepEqual(terminal.screen(), ["me> one", "me> two", "me> thr"]);
  prompt.close();
});

Deno.test("Prompt.next() is one input for a paste of several lines", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  await terminal.type("x\x1b[200~a\rb\tc\x03\x1b[201~");
  assert.deepEqual(terminal.screen(), ["me> xa↵b⇥c"]);
  await terminal.type("\r");
  assert.deepEqual(await prompt.next(), { kind: "line", text: "xa\nb\tc" });
  assert.deepEqual(terminal.screen(), ["me> xa↵b⇥c", "me>"]);
  prompt.close();
});

Deno.test("Prompt.next() says interrupt at Ctrl-C and drops the line", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  await terminal.type("half\x03");
  assert.deepEqual(await prompt.next(), { kind: "interrupt" });
  assert.deepEqual(terminal.screen(), ["me>"]);
  prompt.close();
});

Deno.test("Prompt.next() says eof for ever after Ctrl-D, and takes no key after it", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  const [first, second] = [prompt.next(), prompt.next()];
  terminal.send("last\r\x04more\r");
  assert.deepEqual(await first, { kind: "line", text: "last" });
  assert.deepEqual(await second, { kind: "eof" });
  assert.deepEqual(await prompt.next(), { kind: "eof" });
  prompt.print("bye");
  assert.deepEqual(terminal.screen(), ["me> last", "bye", "me>"]);
  prompt.close();
});

for (const failure of [undefined, new Error("Input/output error (os error 5)")]) {
  Deno.test(`Prompt.next() says eof when reading ${failure ? "fails" : "ends"}`, async () => {
    const terminal = new FakeTerminal(80);
    const prompt = await started(terminal);
    await terminal.type("line\r", "\x1b[200~half");
    terminal.hangUp(failure);
    assert.deepEqual(await prompt.next(), { kind: "line", text: "line" });
    assert.deepEqual(await prompt.next(), { kind: "eof" });
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
  assert.deepEqual(terminal.screen(), ["before", "me> queued"]);
  assert.deepEqual(terminal.cursor(), { row: 2, column: 0 });
  assert.ok(!terminal.raw && !terminal.bracketedPaste && !terminal.hasResizeListeners);
  assert.deepEqual(await Promise.all(waiting), [{ kind: "line", text: "queued" }, { kind: "eof" }]);
  const { length } = terminal.writes;
  prompt.close();
  prompt.setPrompt("other> ");
  assert.equal(terminal.writes.length, length);
});

Deno.test("Prompt.close() drops what was entered and not asked for", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  await terminal.type("one\r");
  prompt.close();
  assert.deepEqual(await prompt.next(), { kind: "eof" });
});

Deno.test("Prompt.close() ignores keys that a pending read still brings", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  prompt.close();
  const { length } = terminal.writes;
  terminal.send("late\r");
  // Everything that the read causes has happened after a turn of the event loop.
  await setImmediate();
  assert.deepEqual(await prompt.next(), { kind: "eof" });
  assert.equal(terminal.writes.length, length);
});

Deno.test("Prompt.close() before start() touches nothing", () => {
  const terminal = new FakeTerminal(80);
  new Prompt({ io: terminal, prompt: "> " }).close();
  assert.deepEqual(terminal.writes, []);
});

Deno.test("Prompt.print() prints without a prompt before start() and after close()", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = new Prompt({ io: terminal, prompt: "> " });
  prompt.print("hello");
  prompt.start();
  await terminal.type("");
  prompt.close();
  prompt.print("bye");
  assert.deepEqual(terminal.screen(), ["hello", "bye"]);
});

Deno.test("Prompt.print() prints each line as a line, in one write, colours ended", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  const { length } = terminal.writes;
  prompt.print("a\nb\r\nc\n");
  prompt.print("");
  prompt.print("\x1b[31mred");
  assert.equal(terminal.writes.length, length + 3);
  assert.deepEqual(terminal.screen(), ["a", "b", "c", "", "red", "me>"]);
  assert.ok(terminal.writes.at(-1)?.includes("red\x1b[m\r\n"));
  prompt.close();
});

Deno.test("Prompt.setPrompt() keeps the line being typed and the cursor in it", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  await terminal.type("hello", LEFT);
  prompt.setPrompt("someone> ");
  assert.deepEqual(terminal.screen(), ["someone> hello"]);
  assert.equal(terminal.beforeCursor("someone>"), "someone> hell");
  const { length } = terminal.writes;
  prompt.setPrompt("someone> ");
  assert.equal(terminal.writes.length, length);
  prompt.close();
});

Deno.test("Prompt draws once for all keys of one read", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  const { length } = terminal.writes;
  await terminal.type("one\rtwo\rthree");
  assert.equal(terminal.writes.length, length + 1);
  prompt.close();
});

Deno.test("Prompt lists completions above the line, and rings when there is none", async () => {
  const terminal = new FakeTerminal(80);
  const prompt = await started(terminal);
  await terminal.type("/w\t");
  assert.deepEqual(terminal.screen(), ["/who    /whois", "me> /who"]);
  assert.equal(terminal.bells, 0);
  await terminal.type("x\t");
  assert.equal(terminal.bells, 1);
  prompt.close();
});

Deno.test("Prompt clears the screen at Ctrl-L and keeps the line", async () => {
  const terminal = new FakeTerminal(20);
  const prompt = await started(terminal);
  for (let i = 0; i < 5; i += 1) prompt.print(`message ${i}`);
  await terminal.type("x".repeat(30), LEFT, "\x0c");
  assert.deepEqual(terminal.screen(), ["me> " + "x".repeat(16), "x".repeat(14)]);
  assert.equal(terminal.beforeCursor("me>"), "me> " + "x".repeat(29));
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
  assert.ok(await seen instanceof TypeError);
  assert.ok(!terminal.raw && !terminal.bracketedPaste);
  assert.deepEqual(terminal.screen(), []);
  assert.deepEqual(await prompt.next(), { kind: "eof" });
});
