import { assertEquals, assertStrictEquals } from "@std/assert";
import { type ConnectingSideOptions, runConnectingSide } from "../../turns/connecting_side.ts";
import { PipeTurnIO } from "../../turns/pipe_turn_io.ts";
import { fakeStdin, FakeStdout } from "../client/client_fakes.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { type MemoryWire, terminalPerson, wirePair } from "./memory_wires.ts";
import { EN } from "../../texts/en.ts";
import { settledInTime, until } from "../until.ts";

const ADDRESS = { kind: "tcp", host: "localhost", port: 8080 } as const;

function call(io: ConnectingSideOptions["io"], more: Partial<ConnectingSideOptions> = {}) {
  const [here, there] = wirePair();
  const clock = new FakeClock();
  const code = runConnectingSide({
    address: ADDRESS,
    dial: () => Promise.resolve({ ok: true, wire: here }),
    io,
    texts: EN,
    clock,
    goesFirst: true,
    stop: new AbortController().signal,
    ...more,
  });
  return { here, there, clock, code: settledInTime(code, "the end of the caller") };
}

function callFromPipe(input: string, open = false) {
  const stdout = new FakeStdout();
  const errors: string[] = [];
  const complain = (line: string) => errors.push(line);
  const io = new PipeTurnIO({
    texts: EN,
    stdin: fakeStdin(input, open),
    stdout,
    printError: complain,
  });
  return { stdout, errors, ...call(io) };
}

/** Reads lines from a wire, one by one. */
function lineReader(wire: MemoryWire): () => Promise<string | null> {
  let text = "";
  const buffer = new Uint8Array(100);
  return async () => {
    while (!text.includes("\n")) {
      const count = await wire.read(buffer);
      if (count === null) return null;
      text += new TextDecoder().decode(buffer.subarray(0, count));
    }
    const at = text.indexOf("\n");
    const line = text.slice(0, at);
    text = text.slice(at + 1);
    return line;
  };
}

Deno.test("runConnectingSide() in a pipe sends a line a turn and ends with 0 after the last answer", async () => {
  const { there, stdout, errors, code } = callFromPipe("one\ntwo\nthree");
  const line = lineReader(there);
  for (const expected of ["one", "two", "three"]) {
    assertStrictEquals(await line(), expected);
    there.say(`${expected}!\n`);
  }
  assertStrictEquals(await line(), null);
  there.close();
  assertStrictEquals(await code, 0);
  assertStrictEquals(stdout.text, "one!\ntwo!\nthree!\n");
  assertEquals(errors, ["connected to: (localhost, 8080)"]);
});

Deno.test("runConnectingSide() in a pipe does not wait for ever for the other side's end", async () => {
  const { there, clock, code } = callFromPipe("");
  assertStrictEquals(await lineReader(there)(), null);
  await until(() => clock.pending > 0, "the patience");
  clock.advance(1_000);
  assertStrictEquals(await code, 0);
});

Deno.test("runConnectingSide() ends with 0 when the server closes, and prints what it did not send", async () => {
  const quiet = callFromPipe("", true);
  quiet.there.close();
  assertStrictEquals(await quiet.code, 0);
  assertStrictEquals(quiet.errors.at(-1), "The other side has left");
  const early = callFromPipe("one\ntwo\n");
  assertStrictEquals(await lineReader(early.there)(), "one");
  early.there.close();
  assertStrictEquals(await early.code, 1);
  assertEquals(early.errors.slice(1), ["Not sent: two", "The other side has left"]);
});

Deno.test("runConnectingSide() ends with 1 when the connection is lost or nothing answers", async () => {
  const { there, errors, code } = callFromPipe("", true);
  there.breakOff();
  assertStrictEquals(await code, 1);
  assertStrictEquals(errors.at(-1), "Lost the other side: reset by the test");
  const { io, prompt } = terminalPerson();
  const dial = () => Promise.resolve({ ok: false, error: "No server" } as const);
  assertStrictEquals(await call(io, { dial }).code, 1);
  assertEquals(prompt.printed, ["-! No server"]);
});

Deno.test("runConnectingSide() ends with 1 when a line of the input was refused", async () => {
  const { there, code } = callFromPipe("\0\n");
  assertStrictEquals(await lineReader(there)(), null);
  there.close();
  assertStrictEquals(await code, 1);
});

Deno.test("runConnectingSide() at a terminal leaves with Ctrl-D and prints what was held", async () => {
  const { io, prompt } = terminalPerson();
  const { there, code } = call(io);
  prompt.type("one\ntwo"); // a paste: one line a turn
  await until(() => prompt.text.includes("Held"), "the second line");
  prompt.press("eof");
  const line = lineReader(there);
  assertStrictEquals(await line(), "one");
  assertStrictEquals(await line(), null);
  there.close();
  assertStrictEquals(await code, 0);
  assertStrictEquals(prompt.state, "closed");
  assertStrictEquals(prompt.printed.at(-1), "-! Not sent: two");
});

Deno.test("runConnectingSide() at a terminal ends with 130 at Ctrl-C and when it is stopped", async () => {
  for (const how of ["interrupt", "signal"] as const) {
    const { io, prompt } = terminalPerson();
    const stop = new AbortController();
    const { clock, code } = call(io, { stop: stop.signal });
    await until(() => prompt.prompt === "you> ", "the prompt");
    if (how === "interrupt") prompt.press("interrupt");
    else stop.abort();
    await until(() => prompt.state === "closed", "the terminal back");
    clock.advance(250);
    assertStrictEquals(await code, 130);
    prompt.press("eof"); // ends the pump that reads what is typed
  }
});

Deno.test("runConnectingSide() at a terminal prints that the other side has left, and what was half typed", async () => {
  const { io, prompt } = terminalPerson();
  const { there, code } = call(io);
  await until(() => prompt.prompt === "you> ", "the prompt");
  prompt.draft = "half a th";
  there.close();
  assertStrictEquals(await code, 0);
  assertEquals(prompt.printed.slice(1), [
    "-! Not sent: half a th",
    "-- The other side has left",
  ]);
  prompt.press("eof");
});
