import { assertEquals, assertStrictEquals } from "@std/assert";
import { Dialogue } from "../../turns/dialogue.ts";
import { PipeTurnIO } from "../../turns/pipe_turn_io.ts";
import { BOTH_WAITING_MS } from "../../turns/describe_turn_event.ts";
import { MAX_MESSAGE_BYTES, MAX_TEXT_LINE_BYTES } from "../../protocol/limits.ts";
import { fakeStdin, FakeStdout } from "../client/client_fakes.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { type MemoryWire, terminalPerson, wirePair } from "./memory_wires.ts";
import { EN } from "../../texts/en.ts";
import { turn, until } from "../until.ts";

interface Options {
  readonly goesFirst?: boolean;
  readonly answersLast?: boolean;
  readonly wire: MemoryWire;
  readonly clock?: FakeClock;
}

/** A user of two-person mode at one end of a wire. */
function sit({ goesFirst = true, answersLast = false, wire, clock = new FakeClock() }: Options) {
  const { prompt, io } = terminalPerson();
  const dialogue = new Dialogue({
    goesFirst,
    answersLast,
    wire,
    clock,
    io,
    texts: EN,
    typedAhead: [],
  });
  const end = dialogue.run();
  return {
    prompt,
    dialogue,
    clock,
    end,
    shows: (text: string) => until(() => prompt.printed.includes(text), text),
    prompted: (text: string) => until(() => prompt.prompt === text, text),
  };
}

const MINE = "you> ";
const THEIRS = "(waiting for the other side) ";

Deno.test("Dialogue takes text without a line end for the line after a pause (C1, D24)", async () => {
  const [here, there] = wirePair();
  const ana = sit({ wire: here, goesFirst: false });
  await there.write(new TextEncoder().encode("oui"));
  await turn();
  ana.clock.advance(299);
  await turn();
  assertStrictEquals(ana.prompt.prompt, THEIRS);
  ana.clock.advance(1);
  await ana.shows("them> oui");
  assertStrictEquals(ana.prompt.prompt, MINE);
  ana.dialogue.leave(1_000);
  there.close();
  await ana.end;
});

Deno.test("Dialogue alternates between two users, one line each (R50)", async () => {
  const [here, there] = wirePair();
  const ana = sit({ wire: here });
  const bob = sit({ wire: there, goesFirst: false });
  assertEquals([ana.prompt.prompt, bob.prompt.prompt], [MINE, THEIRS]);
  for (const round of [1, 2, 3]) {
    ana.dialogue.typed(`question ${round}`);
    assertStrictEquals(ana.prompt.prompt, THEIRS);
    await bob.shows(`them> question ${round}`);
    assertStrictEquals(bob.prompt.prompt, MINE);
    bob.dialogue.typed(`answer ${round}`);
    await ana.shows(`them> answer ${round}`);
    assertStrictEquals(ana.prompt.prompt, MINE);
  }
  ana.dialogue.leave(1_000);
  assertStrictEquals((await bob.end).kind, "closed");
  assertStrictEquals((await ana.end).kind, "closed");
  assertStrictEquals(here.sent, "question 1\nquestion 2\nquestion 3\n");
  assertStrictEquals(ana.clock.pending + bob.clock.pending, 0);
});

Deno.test("Dialogue holds what is typed too early, and shows it when it goes out", async () => {
  const [here, there] = wirePair();
  const bob = sit({ wire: here, goesFirst: false });
  bob.dialogue.typed("one");
  bob.dialogue.typed("two");
  assertEquals(bob.prompt.printed, [
    "-- Held until your turn comes",
    "-- Held until its turn comes: 2 lines wait",
  ]);
  there.say("hello\r\n");
  await bob.shows("you> one");
  assertEquals(bob.prompt.printed.slice(2), ["them> hello", "you> one"]);
  assertStrictEquals(bob.prompt.prompt, THEIRS);
  there.say("and?\n");
  await bob.shows("you> two");
  assertStrictEquals(here.sent, "one\ntwo\n");
  there.close();
  await bob.end;
});

Deno.test("Dialogue tells both users when both wait, and a line takes the turn (R52, D22)", async () => {
  const clock = new FakeClock();
  const [here, there] = wirePair();
  const ana = sit({ wire: here, clock, goesFirst: false });
  const bob = sit({ wire: there, clock, goesFirst: false });
  clock.advance(BOTH_WAITING_MS - 1);
  assertEquals([...ana.prompt.printed, ...bob.prompt.printed], []);
  clock.advance(1);
  const reported = "-- Nothing has come for 5 s: perhaps both sides are waiting. " +
    "A line typed now takes the turn";
  assertEquals([ana.prompt.printed, bob.prompt.printed], [[reported], [reported]]);
  bob.dialogue.typed("after you");
  await ana.shows("them> after you");
  assertEquals([ana.prompt.prompt, bob.prompt.prompt], [MINE, THEIRS]);
  ana.dialogue.typed("thank you");
  await bob.shows("them> thank you");
  ana.dialogue.leave(0);
  bob.dialogue.leave(0);
  clock.advance(0);
  await Promise.all([ana.end, bob.end]);
  assertStrictEquals(clock.pending, 0);
});

Deno.test("Dialogue does not suspect a side that sent in time", async () => {
  const [here, there] = wirePair();
  const bob = sit({ wire: here, goesFirst: false });
  there.say("hello\n");
  await bob.shows("them> hello");
  bob.dialogue.typed("hi");
  bob.clock.advance(10 * BOTH_WAITING_MS);
  assertEquals(bob.prompt.printed, ["them> hello"]);
  there.close();
  await bob.end;
});

Deno.test("Dialogue shows lines that cross and says that both speak (R52, D22)", async () => {
  const [here, there] = wirePair();
  const ana = sit({ wire: here });
  const bob = sit({ wire: there });
  assertEquals([ana.prompt.prompt, bob.prompt.prompt], [MINE, MINE]);
  ana.dialogue.typed("me first");
  await bob.shows("them> me first");
  await bob.shows("-- Both sides are speaking: lines have crossed. It is still your turn");
  assertStrictEquals(bob.prompt.prompt, MINE);
  bob.dialogue.typed("go on");
  await ana.prompted(MINE);
  assertEquals(ana.prompt.printed, ["them> go on"]);
  ana.dialogue.leave(1_000);
  await Promise.all([ana.end, bob.end]);
});

Deno.test("Dialogue answers a last line after its sender's end, even one without a newline (R26, D13)", async () => {
  const [here, there] = wirePair();
  const bob = sit({ wire: here, goesFirst: false, answersLast: true });
  there.say("a question");
  await there.closeWrite();
  await bob.shows("them> a question");
  await bob.shows("-- The other side has sent its last line: one answer may still reach it");
  assertStrictEquals(bob.dialogue.peerHasEnded, true);
  assertStrictEquals(here.closed, false);
  bob.dialogue.typed("an answer");
  await bob.end;
  assertStrictEquals(here.sent, "an answer\n");
  assertStrictEquals(here.closed, true);
});

Deno.test("Dialogue ends with its own end after the last answer", async () => {
  const [here, there] = wirePair();
  const bob = sit({ wire: here, goesFirst: false, answersLast: true });
  there.say("a question\n");
  await there.closeWrite();
  await bob.shows("them> a question");
  bob.dialogue.finish();
  await bob.end;
});

Deno.test("Dialogue shows what still comes after its own end, until theirs", async () => {
  const [here, there] = wirePair();
  const bob = sit({ wire: here, goesFirst: false, answersLast: true });
  bob.dialogue.finish();
  bob.dialogue.typed("not any more");
  there.say("one\ntwo\n");
  await bob.shows("them> two");
  there.say("three");
  there.close();
  await bob.shows("them> three");
  await bob.end;
  assertStrictEquals(here.sent, "");
  assertStrictEquals(bob.prompt.printed[0], "-! Not sent: not any more");
});

Deno.test("Dialogue.leave() ends it although the other side stays", async () => {
  const [here] = wirePair();
  const ana = sit({ wire: here });
  ana.dialogue.leave(1_000);
  ana.clock.advance(999);
  assertStrictEquals(here.closed, false);
  ana.clock.advance(1);
  assertStrictEquals((await ana.end).kind, "here");
});

Deno.test("Dialogue.typed() refuses a line over the cap, and it stays my turn", async () => {
  const [here, there] = wirePair();
  const ana = sit({ wire: here });
  ana.dialogue.typed("é".repeat(MAX_MESSAGE_BYTES / 2) + "x");
  assertEquals(ana.prompt.printed, ["-! Not sent: at most 8192 bytes a line"]);
  assertStrictEquals(ana.prompt.prompt, MINE);
  ana.dialogue.typed("é".repeat(MAX_MESSAGE_BYTES / 2));
  await until(() => here.sent.length > 0, "the line");
  assertStrictEquals(here.sent.length, MAX_MESSAGE_BYTES / 2 + 1);
  there.close();
  await ana.end;
});

Deno.test("Dialogue ends at a line over the cap, with and without a newline", async () => {
  for (const end of ["", "\n"]) {
    const [here, there] = wirePair();
    const ana = sit({ wire: here });
    there.say("x".repeat(MAX_TEXT_LINE_BYTES) + "\n");
    await until(() => ana.prompt.printed.length > 0, "a line of full length");
    there.say("x".repeat(MAX_TEXT_LINE_BYTES + 2) + end);
    const ended = await ana.end;
    assertStrictEquals(ended.kind === "closed" && ended.event.reason, "line_too_long");
    assertStrictEquals(here.closed, true);
  }
});

Deno.test("Dialogue takes NUL for the end of a line, and skips a BOM (J2, J3, D25)", async () => {
  const [here, there] = wirePair();
  const ana = sit({ wire: here });
  there.say("\ufeffhi\0\0\0");
  await ana.shows("them> hi");
  there.close();
  await ana.end;
});

Deno.test("Dialogue shows no control character of the other side as it is", async () => {
  const [here, there] = wirePair();
  const ana = sit({ wire: here });
  there.say("\x1b[2J\x07gone\u202e\n");
  await ana.shows("them> \\x1b[2J\\x07gone\\u202e");
  there.close();
  await ana.end;
});

Deno.test("Dialogue distinguishes a broken connection from an end", async () => {
  const [here, there] = wirePair();
  const ana = sit({ wire: here });
  there.breakOff();
  assertStrictEquals((await ana.end).kind, "lost");
});

Deno.test("Dialogue leaves the rest of a pipe unread when the connection breaks on its turn", async () => {
  const [here, there] = wirePair();
  const stdin = fakeStdin("for the next one\n", true);
  const io = new PipeTurnIO({ texts: EN, stdin, stdout: new FakeStdout(), printError: () => {} });
  const options = { goesFirst: true, answersLast: true, typedAhead: [], clock: new FakeClock() };
  const dialogue = new Dialogue({ ...options, wire: here, io, texts: EN });
  const end = dialogue.run();
  there.breakOff();
  assertStrictEquals((await end).kind, "lost");
  const next = io.next();
  await turn();
  assertStrictEquals(stdin.reads, 0);
  io.close();
  assertEquals(await next, { kind: "eof" });
});
