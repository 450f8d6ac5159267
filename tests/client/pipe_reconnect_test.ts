// The client in a pipe while its connection is lost, and when it is back.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { runPipe } from "../../client/pipe.ts";
import { PIPE_TIMEOUTS, type PipeOptions } from "../../client/pipe_options.ts";
import { EN } from "../../texts/en.ts";
import { native } from "../../protocol/native.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { fakeStdin, FakeStdout } from "./client_fakes.ts";
import { type Cut, ResumingServer } from "./resuming_server.ts";
import { settledInTime, turn } from "../until.ts";

/** The result of a client in a pipe. */
interface Piped {
  readonly code: number;
  readonly stdout: string;
  readonly errors: readonly string[];
  readonly tookMs: number;
}

/** Runs a client in a pipe to its end, moving time on by 50 ms when nothing else happens. */
async function pipe(server: ResumingServer, more: Partial<PipeOptions> = {}): Promise<Piped> {
  const clock = new FakeClock();
  const start = clock.now();
  const stdout = new FakeStdout();
  const errors: string[] = [];
  let isOver = false;
  const running = runPipe({
    address: { kind: "tcp", host: "localhost", port: 8080 },
    dialect: native,
    texts: EN,
    name: "alice",
    json: false,
    stay: false,
    dial: server.dial,
    clock,
    random: () => 0.5,
    timeouts: { ...PIPE_TIMEOUTS, goodbyeMs: 5_000 },
    stdin: fakeStdin(""),
    stdout,
    printError: (line) => errors.push(line),
    ...more,
  }).finally(() => isOver = true);
  while (!isOver) {
    for (let turns = 0; turns < 3 && !isOver; turns++) await turn();
    if (!isOver) clock.advance(50);
  }
  const code = await settledInTime(running, "the end of the client");
  return { code, stdout: stdout.text, errors, tookMs: clock.now() - start };
}

const LINES = Array.from({ length: 40 }, (_, at) => `line ${at + 1}`);

Deno.test("runPipe() says each line once and ends with 0, wherever the connection breaks", async () => {
  const first = (await (async () => {
    const server = new ResumingServer();
    assertStrictEquals((await pipe(server, { stdin: fakeStdin(LINES.join("\n")) })).code, 0);
    return server;
  })()).wires[0]?.passed;
  assert(first);
  const least = { up: 75, down: 140 }; // the hello and the welcome
  const cuts: Cut[] = [];
  for (let up = least.up; up < first.up; up += 37) cuts.push({ up });
  for (let down = least.down; down < first.down - 60; down += 53) cuts.push({ down });
  for (const cut of cuts) {
    const server = new ResumingServer(cut, { down: 300 });
    const { code, errors } = await pipe(server, { stdin: fakeStdin(LINES.join("\n")) });
    assertStrictEquals(code, 0, `${JSON.stringify(cut)}: ${errors.join("\n")}`);
    assertEquals(server.sent("alice"), LINES, JSON.stringify(cut));
  }
});

Deno.test("runPipe() reports the loss and the reconnect, and prints what it missed", async () => {
  const server = new ResumingServer();
  let isLost = false;
  server.before = (wire, { verb }) => {
    if (verb === "say" && !isLost) {
      isLost = true;
      server.refusals = 3;
      server.say("bob", "missed");
      wire.cut();
      return true;
    }
    return false;
  };
  const { code, errors, stdout } = await pipe(server, { stdin: fakeStdin("one\ntwo\n") });
  assertStrictEquals(code, 0);
  assertStrictEquals(stdout, "bob: missed\n");
  assertEquals(server.sent("alice"), ["one", "two"]);
  assertEquals(errors, [
    "connected to: (localhost, 8080)",
    "You are alice. Nobody else is here yet.",
    "Lost the connection to localhost:8080: reset by the test; coming back, for at most 60 s",
    "Back after 2 s",
  ]);
});

Deno.test("runPipe() with json prints each message once, however often the connection breaks", async () => {
  const server = new ResumingServer({ down: 200 }, { down: 260 }, { down: 400 });
  const { code, stdout } = await pipe(server, { json: true, stdin: fakeStdin("one\ntwo\nthree") });
  assertStrictEquals(code, 0);
  const events = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  const texts = events.filter(({ type }) => type === "message").map(({ text }) => text);
  assertEquals(texts, ["one", "two", "three"]);
  assertEquals(events.filter(({ type }) => type === "ack").map(({ ref }) => ref), [1, 2, 3]);
  assert(events.filter(({ type }) => type === "welcome").length > 1);
});

Deno.test("runPipe() ends with 1 and the count when the server stays away for a minute", async () => {
  const server = new ResumingServer();
  server.before = (wire, { verb }) => {
    if (verb !== "say") return false;
    server.refusals = Infinity;
    wire.cut();
    return true;
  };
  const { code, errors, tookMs } = await pipe(server, { stdin: fakeStdin("one\ntwo\nthree") });
  assertStrictEquals(code, 1);
  assert(tookMs >= 60_000 && tookMs < 62_000, `${tookMs}`);
  assertEquals(errors.slice(-2), [
    "Not back in time: Lost the connection to localhost:8080: reset by the test",
    "Not confirmed by the server: 3 of the messages",
  ]);
});

Deno.test("runPipe() does not wait for a server that announced its stop", async () => {
  const server = new ResumingServer();
  server.before = (wire, { verb }) => {
    if (verb !== "say") return false;
    wire.send({ type: "closed", reason: "shutdown", text: "the server stopped" });
    wire.end();
    return true;
  };
  const { code, errors, tookMs } = await pipe(server, { stdin: fakeStdin("one\n") });
  assertStrictEquals(code, 1); // for what was not acknowledged
  assert(tookMs < 1_000);
  assertEquals(errors.slice(-2), [
    "The server closed the connection: the server stopped",
    "Not confirmed by the server: 1 of the messages",
  ]);
});

Deno.test("runPipe() ends with 1 and names the line of unknown fate, when the session is lost", async () => {
  const server = new ResumingServer();
  let isLost = false;
  server.before = (wire, { verb }) => {
    if (verb !== "say" || isLost) return false;
    isLost = true;
    server.forget();
    wire.cut();
    return true;
  };
  const { code, errors } = await pipe(server, { stdin: fakeStdin("\none\n") });
  assertStrictEquals(code, 1);
  assertEquals(server.sent("alice"), []);
  assertMatch(errors.at(-2) ?? "", /^Back after 1 s, as alice in a new session: /);
  assertStrictEquals(errors.at(-1), "Line 2: Not known whether it was sent");
});

Deno.test("runPipe() goes away with 130 when it is stopped while it waits", async () => {
  const server = new ResumingServer();
  const stop = new AbortController();
  server.before = (wire, { verb }) => {
    if (verb !== "say") return false;
    server.refusals = Infinity;
    wire.cut();
    return true;
  };
  const stdin = fakeStdin("one\n", true);
  const complain = (line: string): void => {
    if (line.startsWith("Lost")) queueMicrotask(() => stop.abort());
  };
  const { code, tookMs } = await pipe(server, { stdin, stop: stop.signal, printError: complain });
  assertStrictEquals(code, 130);
  assert(tookMs < 1_000);
});
