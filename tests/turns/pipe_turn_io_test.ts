import assert from "node:assert/strict";
import { PipeTurnIO } from "../../turns/pipe_turn_io.ts";
import { MAX_MESSAGE_BYTES } from "../../protocol/limits.ts";
import { fakeStdin, FakeStdout } from "../client/client_fakes.ts";
import { turn } from "../fake_clock_and_socket.ts";

function pipe(text: string, open = false) {
  const stdin = fakeStdin(text, open);
  const stdout = new FakeStdout();
  const errors: string[] = [];
  const gone: (string | undefined)[] = [];
  const seat = new PipeTurnIO({ stdin, stdout, printError: (line) => errors.push(line) });
  seat.start((problem) => gone.push(problem));
  return { stdin, stdout, errors, gone, seat };
}

Deno.test("PipeSeat.next() reads nothing before the turn, then one line a turn", async () => {
  const { seat, stdin } = pipe("one\r\n\ntwo");
  const first = seat.next();
  await turn();
  assert.equal(stdin.reads, 0);
  seat.showTurn("mine");
  assert.deepEqual(await first, { kind: "line", text: "one" });
  seat.showTurn("theirs");
  let isRead = false;
  const second = seat.next().finally(() => isRead = true);
  await turn();
  assert.equal(isRead, false);
  seat.showTurn("mine");
  assert.deepEqual(await second, { kind: "line", text: "" });
  assert.deepEqual(await seat.next(), { kind: "line", text: "two" });
  assert.deepEqual(await seat.next(), { kind: "eof" });
  assert.deepEqual(await seat.next(), { kind: "eof" });
});

Deno.test("PipeSeat.next() keeps a line that was read when the turn had passed", async () => {
  const reading = Promise.withResolvers<number | null>();
  let buffer: Uint8Array = new Uint8Array();
  const seat = new PipeTurnIO({
    stdin: {
      read(into) {
        buffer = into;
        return reading.promise;
      },
    },
    stdout: new FakeStdout(),
    printError: () => {},
  });
  seat.showTurn("mine");
  const next = seat.next();
  await turn();
  seat.showTurn("nobodys");
  buffer.set(new TextEncoder().encode("late\n"));
  reading.resolve(5);
  await turn();
  assert.deepEqual(seat.unsent, ["late"]);
  seat.showTurn("mine");
  assert.deepEqual(await next, { kind: "line", text: "late" });
});

Deno.test("PipeSeat.next() tells of lines that cannot be sent and goes on with the next", async () => {
  const { seat, errors } = pipe("ok\n" + "x".repeat(MAX_MESSAGE_BYTES + 1) + "\na\0b\nfine\n");
  seat.showTurn("mine");
  assert.deepEqual(await seat.next(), { kind: "line", text: "ok" });
  assert.equal(seat.refusedInput, false);
  assert.deepEqual(await seat.next(), { kind: "line", text: "fine" });
  assert.equal(seat.refusedInput, true);
  assert.deepEqual(errors, [
    "Line 2: Not sent: at most 8192 bytes a line",
    "Line 3: Not text: the line holds a NUL byte",
  ]);
});

Deno.test("PipeSeat prints what is heard, and nothing else, on standard output", async () => {
  const { seat, stdout, errors } = pipe("");
  seat.showReceived("hello");
  seat.notify("news");
  seat.printError("trouble");
  seat.showSentAhead();
  await seat.flushed();
  assert.equal(stdout.text, "hello\n");
  assert.deepEqual(errors, ["news", "trouble"]);
});

Deno.test("PipeSeat tells when its output cannot be written, and that head -1 is no fault", async () => {
  for (
    const [error, expected] of [
      [new Deno.errors.BrokenPipe("gone"), undefined],
      [new Error("disk full"), "Cannot write to standard output: disk full"],
    ] as const
  ) {
    const gone: (string | undefined)[] = [];
    const seat = new PipeTurnIO({
      stdin: fakeStdin(""),
      stdout: { write: () => Promise.reject(error) },
      printError: () => {},
    });
    seat.start((problem) => gone.push(problem));
    seat.showReceived("hello");
    await seat.flushed();
    assert.deepEqual(gone, [expected]);
  }
});

Deno.test("PipeSeat.close() ends the input", async () => {
  const { seat } = pipe("one\n", true);
  const next = seat.next();
  seat.close();
  assert.deepEqual(await next, { kind: "eof" });
});
