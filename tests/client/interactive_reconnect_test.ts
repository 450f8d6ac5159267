// The client on a terminal while its connection is lost, and when it is back.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { TERMINAL_RECONNECT } from "../../client/interactive.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { ResumingServer } from "./resuming_server.ts";
import { type InteractiveFixture, withInteractiveChat } from "./interactive_fixture.ts";
import { turn } from "../until.ts";

/** A client whose server resumes sessions, and the clock. */
interface Kept extends InteractiveFixture {
  readonly keeping: ResumingServer;
  readonly clock: FakeClock;
  /** What was printed since the last call. */
  news(): string[];
  /** Lets everything happen that is due. */
  settle(): Promise<void>;
}

/** Runs `test` with a client that is in the chat and can reconnect. */
async function withResumingServer(
  test: (fixture: Kept) => Promise<void>,
  name = "alice",
): Promise<void> {
  const keeping = new ResumingServer();
  const clock = new FakeClock();
  const setup = {
    dial: keeping.dial,
    clock,
    random: () => 0.5,
    reconnectTimeouts: TERMINAL_RECONNECT,
    name,
  };
  await withInteractiveChat(setup, async (fixture) => {
    await fixture.prompted(`${name}> `);
    let reported = fixture.prompt.printed.length;
    const news = (): string[] => {
      const printed = fixture.prompt.printed.slice(reported);
      reported = fixture.prompt.printed.length;
      return printed;
    };
    const settle = async (): Promise<void> => {
      for (let turns = 0; turns < 4; turns++) await turn();
    };
    await test({ ...fixture, keeping, clock, news, settle });
    // What is still to be waited for must not depend on the clock, which stands still.
    fixture.stop.abort();
    clock.advance(1_000);
    await fixture.code;
  });
}

Deno.test("runInteractive() reconnects, and queues what is typed meanwhile (F74)", () =>
  withResumingServer(async ({ keeping, clock, prompt, news, settle }) => {
    keeping.refusals = 3;
    keeping.wire.cut();
    prompt.draft = "half a thou";
    await settle();
    assertEquals(news().map((line) => line.replace(/:\d+:/, ":PORT:")), [
      "-! Lost the connection to 127.0.0.1:PORT: reset by the test",
      "-- Coming back by itself, for at most 10 min: type on, it is sent then",
      "-- Enter tries now, /quit leaves",
    ]);
    assertStrictEquals(prompt.prompt, "(attempt 1 in 1 s) alice> ");
    clock.advance(125);
    await settle();
    clock.advance(250);
    await settle();
    clock.advance(500);
    await settle();
    assertStrictEquals(prompt.prompt, "(attempt 4 in 1 s) alice> ");
    prompt.type("typed meanwhile");
    prompt.type("and more");
    keeping.say("bob", "missed");
    await settle();
    assertEquals(news(), []); // no message is called sent that was not
    clock.advance(1_000);
    await settle();
    assertEquals(keeping.sent("alice"), ["typed meanwhile", "and more"]);
    const [back, missed, sent, ...more] = news();
    assertStrictEquals(back, "-- Back after 2 s");
    assertMatch(missed ?? "", / bob: missed$/);
    assertStrictEquals(sent, "-- Sent: the 2 messages that had to wait");
    assertEquals(more, []);
    assertStrictEquals(prompt.prompt, "alice> ");
    assertStrictEquals(prompt.state, "open"); // the same editor, with the line being typed
  }));

Deno.test("runInteractive() tries immediately when Enter is pressed, and reports one message", () =>
  withResumingServer(async ({ keeping, prompt, news, settle }) => {
    keeping.before = (wire, request) => {
      if (request.verb === "say") wire.cut(); // before the acknowledgement
      return request.verb === "say";
    };
    prompt.type("on its way");
    await settle();
    keeping.before = () => false;
    news();
    prompt.type("");
    await settle();
    assertEquals(news(), ["-- Back after 1 s", "-- Sent: the message that had to wait"]);
    assertEquals(keeping.sent("alice"), ["on its way"]);
  }));

Deno.test("runInteractive() says so when the session is lost, and which message may be", () =>
  withResumingServer(async ({ keeping, prompt, news, settle }) => {
    keeping.before = (wire, request) => {
      if (request.verb === "say") wire.cut();
      return request.verb === "say";
    };
    prompt.type("doubt\x1bful");
    await settle();
    prompt.type("kept");
    keeping.before = () => false;
    keeping.forget();
    await settle();
    news();
    prompt.type("");
    await settle();
    assertEquals(news(), [
      "-- Back after 1 s, as alice in a new session: the server no longer knew the old one, so " +
      "messages sent meanwhile may be missing",
      "-- Not known whether it was sent: doubt\\x1bful",
      "-- Sent: the message that had to wait",
    ]);
    assertEquals(keeping.sent("alice"), ["kept"]);
  }));

Deno.test("runInteractive() reports which queued messages were refused", () =>
  withResumingServer(async ({ keeping, prompt, news, settle }) => {
    keeping.wire.cut();
    await settle();
    keeping.before = (wire, { verb, ref = 0 }) => {
      const refusal = { code: "storage_full", message: "The disk is full" } as const;
      if (verb === "say") wire.send({ type: "error", ...refusal, ref });
      return verb === "say";
    };
    prompt.type("unlucky");
    await settle();
    news();
    prompt.type("");
    await settle();
    assertEquals(news(), ["-- Back after 1 s", "-! The disk is full", "-- Not sent: unlucky"]);
  }));

Deno.test("runInteractive() offers another name when the own one was taken meanwhile", () =>
  withResumingServer(async ({ keeping, prompt, news, settle, prompted }) => {
    keeping.forget();
    keeping.before = (wire, request) => {
      if (request.verb !== "hello" || request.resume || request.name !== "alice") return false;
      wire.send({ type: "error", code: "name_taken", message: '"alice" is taken' });
      return true;
    };
    keeping.wire.cut();
    await settle();
    news();
    for (let attempt = 0; attempt < 3; attempt++) {
      prompt.type("");
      await settle();
    }
    assertEquals(news(), [
      '-! "alice" is taken',
      "-- Trying again; /name NAME takes another name",
    ]);
    prompt.type("/name al");
    await prompted("al> ");
    assertMatch(news()[0] ?? "", /^-- Back after 1 s, as al in a new session/);
  }));

Deno.test("runInteractive() leaves immediately while it waits, and prints what was not sent", async () => {
  for (const [how, code] of [["eof", 0], ["interrupt", 130], ["/quit", 0]] as const) {
    await withResumingServer(async (fixture) => {
      fixture.keeping.refusals = Infinity;
      fixture.keeping.wire.cut();
      await fixture.settle();
      fixture.prompt.type("@bob never sent");
      fixture.prompt.type("/me waves");
      await fixture.settle();
      fixture.news();
      if (how === "/quit") fixture.prompt.type(how);
      else fixture.prompt.press(how);
      assertStrictEquals(await fixture.code, code);
      assertEquals(fixture.news(), ["-- Not sent: @bob never sent", "-- Not sent: /me waves"]);
    });
  }
});

Deno.test("runInteractive() waits for a server that announced its stop, then ends well", () =>
  withResumingServer(async ({ keeping, clock, code, news, settle }) => {
    keeping.refusals = Infinity;
    keeping.wire.send({ type: "closed", reason: "shutdown", text: "the server stopped" });
    await settle();
    assertMatch(news().join("\n"), /for at most 60 s: type on/);
    let isOver = false;
    void code.then(() => isOver = true);
    for (let seconds = 0; seconds < 59; seconds++) {
      clock.advance(1_000);
      await settle();
    }
    assert(!isOver);
    for (let seconds = 0; seconds < 3; seconds++) {
      clock.advance(1_000);
      await settle();
    }
    assertStrictEquals(await code, 0);
    assertMatch(
      news().at(-1) ?? "",
      /^-- The server closed the connection: the server stopped; to come back: minichat connect /,
    );
  }));

Deno.test("runInteractive() ends with 1 and the command to reconnect if the server stays away", () =>
  withResumingServer(async ({ keeping, clock, code, prompt, news, settle }) => {
    keeping.refusals = Infinity;
    keeping.wire.cut();
    await settle();
    prompt.type("never sent");
    for (let seconds = 0; seconds < 620; seconds += 5) {
      clock.advance(5_000);
      await settle();
    }
    assertStrictEquals(await code, 1);
    const [end, unsent] = news().slice(-2);
    assertMatch(end ?? "", /^-! Lost the connection .*; to come back: minichat connect .* alice$/);
    assertStrictEquals(unsent, "-- Not sent: never sent");
  }));

Deno.test("runInteractive() says so when too much waits for the server", () =>
  withResumingServer(async ({ keeping, prompt, news, settle }) => {
    keeping.wire.cut();
    await settle();
    news();
    prompt.type("x\n".repeat(1_001) + "\x07last");
    await settle();
    const why = "-! Not sent, for 1000 lines wait for the server's answer: ";
    assertEquals(news(), [`${why}x`, `${why}\\x07last`]);
    prompt.type("");
    await settle();
    assertStrictEquals(keeping.sent("alice").length, 1_000);
  }));
