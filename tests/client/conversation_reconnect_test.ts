import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { KEEPALIVE_ANSWER_MS, KEEPALIVE_MS } from "../../client/liveness.ts";
import type { CloseReason } from "../../protocol/failures.ts";
import { ConversationFixture } from "./conversation_fixture.ts";
import { ResumingServer } from "./resuming_server.ts";

/** Runs `test` with a conversation that is connected. */
async function conversing(
  test: (talk: ConversationFixture, server: ResumingServer) => Promise<void>,
  more: ConstructorParameters<typeof ConversationFixture>[1] = {},
): Promise<void> {
  const server = new ResumingServer();
  const talk = new ConversationFixture(server, more);
  await talk.settle();
  await test(talk, server);
  await talk.end();
  assertStrictEquals(talk.clock.pending, 0);
}

Deno.test("Conversation announces each delay, doubles it, and starts over once a connection stood", () =>
  conversing(async (talk, server) => {
    server.refusals = 2;
    server.wire.cut();
    for (const ms of [125, 250, 500]) {
      await talk.settle();
      assertStrictEquals(talk.waits.at(-1)?.inMs, ms); // half of the longest delay: random is 0.5
      talk.clock.advance(ms);
    }
    await talk.settle();
    assertStrictEquals(server.wires.length, 2);
    assertEquals(talk.backs, [{ afterMs: 875, resumed: true, doubtful: [] }]);
    server.wire.cut();
    await talk.settle();
    assertStrictEquals(talk.waits.at(-1)?.attempt, 4); // the delay is not cut short for a server that closes immediately
    talk.conversation.retryNow();
    await talk.settle();
    talk.clock.advance(10_000);
    server.wire.cut();
    await talk.settle();
    assertStrictEquals(talk.waits.at(-1)?.attempt, 1);
  }));

Deno.test("Conversation queues what is sent meanwhile, in order and up to a bound", () =>
  conversing(async (talk, server) => {
    server.wire.cut();
    await talk.settle();
    assertStrictEquals(talk.conversation.send({ verb: "say", text: "a" }), "kept");
    assertStrictEquals(talk.conversation.send({ verb: "say", text: "x".repeat(8193) }), "too_long");
    talk.say("b", "c");
    assertStrictEquals(talk.conversation.send({ verb: "say", text: "d" }), "full");
    talk.conversation.retryNow();
    await talk.settle();
    assertEquals(server.sent("alice"), ["a", "b", "c"]);
    assert(talk.answered.every(({ wasDelayed }) => wasDelayed));
    assertStrictEquals(talk.conversation.send({ verb: "say", text: "e" }), "sent");
  }, { maxPending: 3 }));

for (const how of ["says so", "does not know of sessions"] as const) {
  Deno.test(`Conversation says nothing twice to a server that lost the session and ${how}`, () =>
    conversing(async (talk, server) => {
      talk.conversation.send({ verb: "join", group: "cooks" });
      await talk.settle();
      server.before = (wire, request) => {
        if (request.verb === "say") wire.cut(); // it may have been stored, or not
        return request.verb === "say";
      };
      talk.say("doubtful");
      await talk.settle();
      talk.say("typed meanwhile");
      server.forget();
      server.before = (wire, request) => {
        if (how === "says so" || request.verb !== "hello" || !request.resume) return false;
        server.take(wire, { verb: "hello", name: "alice" });
        return true;
      };
      server.say("bob", "missed");
      talk.conversation.retryNow();
      await talk.settle();
      assertEquals(talk.backs.map(({ resumed }) => resumed), [false]);
      assertEquals(talk.backs[0]?.doubtful.map(({ request }) => request), [
        { verb: "say", text: "doubtful" },
      ]);
      assertEquals(server.sent("alice"), ["typed meanwhile"]);
      const verbs = server.wire.requests.map(({ verb }) => verb).filter((verb) => verb !== "hello");
      assertEquals(verbs, ["join", "say"]); // it is still in its group
      assert(talk.events.every((event) => event.type !== "error"));
    }));
}

Deno.test("Conversation takes a group it is in already for joined, when it had to ask again", () =>
  conversing(async (talk, server) => {
    server.before = (wire, request) => {
      if (request.verb !== "join") return false;
      const isFirst = server.wires.length === 1;
      const refused = { code: "in_group", message: "You are in it already" } as const;
      if (isFirst) wire.cut();
      else wire.send({ type: "error", ...refused, ref: request.ref ?? 0 });
      return true;
    };
    talk.conversation.send({ verb: "join", group: "cooks" });
    await talk.settleBack();
    assertStrictEquals(talk.answered.length, 0);
    assertStrictEquals(talk.events.length, 0);
    assertStrictEquals(talk.conversation.pending.count, 0);
    talk.conversation.send({ verb: "join", group: "cooks" });
    await talk.settle();
    assertStrictEquals(talk.events[0]?.type, "error"); // asked once, so one event
  }));

Deno.test("Conversation tries again while its name is taken, and with another name", () =>
  conversing(async (talk, server) => {
    server.forget();
    server.before = (wire, request) => {
      if (request.verb !== "hello" || request.resume || request.name !== "alice") return false;
      wire.send({ type: "error", code: "name_taken", message: "That name is taken" });
      return true;
    };
    server.wire.cut();
    await talk.settleBack();
    assert(server.wires.length > 2);
    assertEquals(talk.waits.at(-1)?.outcome, {
      kind: "refused",
      error: "That name is taken",
      code: "name_taken",
    });
    assertEquals(talk.events, []); // not once per attempt
    assertStrictEquals(talk.conversation.send({ verb: "rename", name: "al" }), "kept");
    await talk.settle();
    assertStrictEquals(talk.backs.length, 1);
    talk.say("here");
    await talk.settle();
    assertEquals(server.sent("al"), ["here"]);
  }));

Deno.test("Conversation begins a new session for another name, when the old one's name is taken", () =>
  conversing(async (talk, server) => {
    server.before = (wire, request) => {
      if (request.verb !== "hello" || !request.resume) return false;
      wire.send({ type: "error", code: "name_taken", message: "That name is taken" });
      return true;
    };
    server.wire.cut();
    await talk.settleBack();
    talk.say("kept");
    talk.conversation.send({ verb: "rename", name: "al" });
    await talk.settle();
    assertEquals(talk.backs.map(({ resumed }) => resumed), [false]);
    assertEquals(server.sent("al"), ["kept"]);
  }));

Deno.test("Conversation is over after a kick, and stays so when that comes on the way back", async () => {
  const goodbye = { type: "closed", reason: "kicked", text: "kicked" } as const;
  await conversing(async (talk, server) => {
    server.wire.send(goodbye);
    await talk.over;
    assertStrictEquals(talk.outcome?.kind, "ended");
    assertStrictEquals(talk.waits.length, 0);
  });
  await conversing(async (talk, server) => {
    server.before = (wire) => {
      wire.send(goodbye);
      return true;
    };
    server.wire.cut();
    await talk.settle();
    talk.conversation.retryNow();
    await talk.over;
    assertStrictEquals(talk.waits.length, 1);
  });
});

/** Moves time on until the conversation is over; returns how long that took, in milliseconds. */
async function timeToEnd(talk: ConversationFixture): Promise<number> {
  const start = talk.clock.now();
  while (talk.outcome === undefined) {
    talk.clock.advance(100);
    await talk.settle();
  }
  return talk.clock.now() - start;
}

Deno.test("Conversation gives up after its time, which is short after an announced stop", async () => {
  for (const [reason, limit] of [["shutdown", 60_000], ["error", 90_000]] as const) {
    await conversing(async (talk, server) => {
      server.refusals = Infinity;
      const goodbye = { type: "closed", reason: reason as CloseReason, text: "bye" } as const;
      server.wire.send(goodbye);
      const took = await timeToEnd(talk);
      assert(took >= limit && took < limit + 500, `${took}`);
      assertEquals(talk.outcome, {
        kind: "ended",
        end: { kind: "closed", event: goodbye },
        stopAnnounced: false,
      });
      assertStrictEquals(talk.conversation.isAway, true);
    }, { timeouts: { lostMs: 90_000, announcedMs: 60_000 } });
  }
});

Deno.test("Conversation does not reconnect before its first welcome", async () => {
  for (const cut of [{ up: 10 }, { down: 10 }]) {
    const talk = new ConversationFixture(new ResumingServer(cut));
    await talk.over;
    assertStrictEquals(talk.outcome?.kind, "ended");
    assertStrictEquals(talk.waits.length, 0);
  }
});

Deno.test("Conversation asks a silent server for a sign of life, and leaves a dead one (F26)", () =>
  conversing(async (talk, server) => {
    talk.clock.advance(KEEPALIVE_MS);
    await talk.settle();
    assertStrictEquals(server.wire.requests.at(-1)?.verb, "ping");
    talk.clock.advance(KEEPALIVE_ANSWER_MS);
    assertStrictEquals(talk.waits.length, 0); // it answered
    assertEquals(talk.events, []); // and the listener is not called
    server.before = () => true; // the other end does not answer
    const dead = server.wire;
    talk.clock.advance(KEEPALIVE_MS - KEEPALIVE_ANSWER_MS); // since it answered
    await talk.settle();
    talk.clock.advance(KEEPALIVE_ANSWER_MS - 1);
    await talk.settle();
    assertStrictEquals(talk.waits.length, 0);
    talk.clock.advance(1);
    await talk.settle();
    assertEquals(talk.waits[0]?.outcome, {
      kind: "ended",
      end: { kind: "lost", detail: "no sign of life for 45 s" },
      stopAnnounced: false,
    });
    assert(!dead.isOpen);
    server.before = () => false;
    talk.conversation.retryNow();
    await talk.settle();
    assertEquals(talk.backs.map(({ resumed }) => resumed), [true]);
  }));

Deno.test("Conversation does not take a reader that sleeps for a server that is dead", async () => {
  const server = new ResumingServer();
  const talk = new ConversationFixture(server);
  await talk.settle();
  const awake = Promise.withResolvers<void>();
  talk.onEvent = () => awake.promise as unknown as void;
  server.say("bob", "hi");
  await talk.settle();
  talk.clock.advance(10 * KEEPALIVE_MS);
  await talk.settle();
  assertStrictEquals(talk.waits.length, 0);
  assertStrictEquals(server.wire.requests.length, 1);
  awake.resolve();
  await talk.settle();
  talk.clock.advance(KEEPALIVE_MS);
  await talk.settle();
  assertStrictEquals(server.wire.requests.at(-1)?.verb, "ping");
  await talk.end();
});

Deno.test("Conversation.leave() ends it immediately while it is disconnected", async () => {
  const talk = new ConversationFixture(new ResumingServer());
  await talk.settle();
  await talk.conversation.leave();
  await talk.over;
  const server = new ResumingServer();
  const away = new ConversationFixture(server);
  await away.settle();
  server.wire.cut();
  await away.settle();
  await away.conversation.leave();
  await away.over;
  assertStrictEquals(server.wires.length, 1);
  assertStrictEquals(away.clock.pending, 0);
});
