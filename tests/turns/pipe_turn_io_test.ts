import { assertEquals, assertStrictEquals } from "@std/assert";
import { PipeTurnIO } from "../../turns/pipe_turn_io.ts";
import { MAX_MESSAGE_BYTES } from "../../protocol/limits.ts";
import { fakeStdin, FakeStdout } from "../client/client_fakes.ts";
import type { Problem } from "../../protocol/problem.ts";
import { EN } from "../../texts/en.ts";
import { turn } from "../until.ts";

function pipe(text: string, open = false) {
  const stdin = fakeStdin(text, open);
  const stdout = new FakeStdout();
  const errors: string[] = [];
  const gone: (Problem | undefined)[] = [];
  const io = new PipeTurnIO({ texts: EN, stdin, stdout, printError: (line) => errors.push(line) });
  io.start((problem) => gone.push(problem));
  return { stdin, stdout, errors, gone, io };
}

Deno.test("PipeTurnIO.next() reads nothing before the turn, then one line a turn", async () => {
  const { io, stdin } = pipe("one\r\n\ntwo");
  const first = io.next();
  await turn();
  assertStrictEquals(stdin.reads, 0);
  io.showTurn("mine");
  assertEquals(await first, { kind: "line", text: "one" });
  io.showTurn("theirs");
  let isRead = false;
  const second = io.next().finally(() => isRead = true);
  await turn();
  assertStrictEquals(isRead, false);
  io.showTurn("mine");
  assertEquals(await second, { kind: "line", text: "" });
  assertEquals(await io.next(), { kind: "line", text: "two" });
  assertEquals(await io.next(), { kind: "eof" });
  assertEquals(await io.next(), { kind: "eof" });
});

Deno.test("PipeTurnIO.next() keeps a line that was read when the turn had passed", async () => {
  const reading = Promise.withResolvers<number | null>();
  let buffer: Uint8Array = new Uint8Array();
  const io = new PipeTurnIO({
    texts: EN,
    stdin: {
      read(into) {
        buffer = into;
        return reading.promise;
      },
    },
    stdout: new FakeStdout(),
    printError: () => {},
  });
  io.showTurn("mine");
  const next = io.next();
  await turn();
  io.showTurn("none");
  buffer.set(new TextEncoder().encode("late\n"));
  reading.resolve(5);
  await turn();
  assertEquals(io.unsent, ["late"]);
  io.showTurn("mine");
  assertEquals(await next, { kind: "line", text: "late" });
});

Deno.test("PipeTurnIO.next() reports lines that cannot be sent and continues with the next", async () => {
  const { io, errors } = pipe("ok\n" + "x".repeat(MAX_MESSAGE_BYTES + 1) + "\na\0b\nfine\n");
  io.showTurn("mine");
  assertEquals(await io.next(), { kind: "line", text: "ok" });
  assertStrictEquals(io.refusedInput, false);
  assertEquals(await io.next(), { kind: "line", text: "fine" });
  assertStrictEquals(io.refusedInput, true);
  assertEquals(errors, [
    "Line 2: Not sent: at most 8192 bytes a line",
    "Line 3: Not text: the line holds a NUL byte",
  ]);
});

Deno.test("PipeTurnIO prints what is received, and nothing else, on standard output", async () => {
  const { io, stdout, errors } = pipe("");
  io.showReceived("hello");
  io.notify("news");
  io.printError("trouble");
  io.showSentAhead();
  await io.flushed();
  assertStrictEquals(stdout.text, "hello\n");
  assertEquals(errors, ["news", "trouble"]);
});

Deno.test("PipeTurnIO reports that its output cannot be written, and that head -1 is no fault", async () => {
  for (
    const [error, expected] of [
      [new Deno.errors.BrokenPipe("gone"), undefined],
      [new Error("disk full"), { error: "Cannot write to standard output: disk full" }],
    ] as const
  ) {
    const gone: (Problem | undefined)[] = [];
    const io = new PipeTurnIO({
      texts: EN,
      stdin: fakeStdin(""),
      stdout: { write: () => Promise.reject(error) },
      printError: () => {},
    });
    io.start((problem) => gone.push(problem));
    io.showReceived("hello");
    await io.flushed();
    assertEquals(gone, [expected]);
  }
});

Deno.test("PipeTurnIO.close() ends the input", async () => {
  const { io } = pipe("one\n", true);
  const next = io.next();
  io.close();
  assertEquals(await next, { kind: "eof" });
});
