import { assert, assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { type TurnAction, TurnState, type TurnStateOptions } from "../../turns/turn_state.ts";

function turns(options: Partial<TurnStateOptions> = {}): TurnState {
  return new TurnState({ goesFirst: true, answersLast: false, typedAhead: [], ...options });
}

/** Steps in short: `>a` sent, `>>a` a held line sent, `<a` shown, `!held` announced, `.` over. */
function short(steps: readonly TurnAction[]): string {
  return steps.map((step) => {
    switch (step.do) {
      case "send":
        return (step.held ? ">>" : ">") + step.text;
      case "show":
        return "<" + step.text;
      case "notify":
        return "!" + step.event.kind + (step.event.kind === "held" ? step.event.lines : "");
      case "leave":
        return ".";
    }
  }).join(" ");
}

Deno.test("TurnState alternates: a line goes out, then one must come (R50, R51)", () => {
  const client = turns();
  assertStrictEquals(short(client.start()), "");
  for (const round of ["1", "2", "3"]) {
    assertStrictEquals(client.owner, "mine");
    assertStrictEquals(short(client.typed(round)), `>${round}`);
    assertStrictEquals(client.owner, "theirs");
    assertStrictEquals(short(client.received("answer")), "<answer");
  }
});

Deno.test("TurnState.typed() holds what is typed too early; one line goes out a turn, in order", () => {
  const server = turns({ goesFirst: false });
  assertStrictEquals(short(server.typed("a")), "!held1");
  assertStrictEquals(short(server.typed("b")), "!held2");
  assertStrictEquals(short(server.received("1")), "<1 >>a");
  assertStrictEquals(server.owner, "theirs");
  assertStrictEquals(short(server.typed("c")), "!held2");
  assertStrictEquals(short(server.received("2")), "<2 >>b");
  assertStrictEquals(short(server.received("3")), "<3 >>c");
  assertStrictEquals(short(server.received("4")), "<4");
  assertStrictEquals(server.owner, "mine");
});

Deno.test("TurnState takes an empty line for a turn like any other", () => {
  const client = turns();
  assertStrictEquals(short(client.typed("")), ">");
  assertStrictEquals(short(client.received("")), "<");
  assertStrictEquals(client.owner, "mine");
});

Deno.test("TurnState.start() sends what was typed before the other side was connected, if it goes first", () => {
  assertStrictEquals(short(turns({ typedAhead: ["a", "b"] }).start()), ">>a");
  assertStrictEquals(short(turns({ typedAhead: ["a", "b"], goesFirst: false }).start()), "");
});

Deno.test("TurnState.silent() suspects that both wait, once, and a line then takes the turn (R52)", () => {
  const waiting = turns({ goesFirst: false });
  assertStrictEquals(short(waiting.silent()), "!both_waiting");
  assertStrictEquals(short(waiting.silent()), "");
  assertStrictEquals(short(waiting.typed("hello?")), ">hello?");
  assertStrictEquals(short(waiting.typed("more")), "!held1");
  assertStrictEquals(short(waiting.silent()), ""); // an answer may take its time
});

Deno.test("TurnState.typed() sends what was held first when it takes the turn", () => {
  const waiting = turns({ goesFirst: false });
  waiting.typed("a");
  waiting.silent();
  assertStrictEquals(short(waiting.typed("b")), ">>a !held1");
  assertStrictEquals(short(waiting.received("x")), "<x >>b");
});

Deno.test("TurnState.silent() reports nothing on my turn, or once a line was sent", () => {
  assertStrictEquals(short(turns().silent()), "");
  const server = turns({ goesFirst: false });
  server.received("a");
  server.typed("b");
  assertStrictEquals(short(server.silent()), "");
});

Deno.test("TurnState.received() reports once a turn that lines cross, and it stays my turn (R52)", () => {
  const both = turns();
  assertStrictEquals(short(both.received("me first")), "<me first !crossed");
  assertStrictEquals(short(both.received("and")), "<and");
  assertStrictEquals(short(both.typed("no, me")), ">no, me");
  assertStrictEquals(short(both.received("well")), "<well");
  assertStrictEquals(short(both.received("so")), "<so !crossed");
});

Deno.test("TurnState.peerEnded() ends it, unless a line that came last can be answered (R26)", () => {
  const client = turns();
  assertStrictEquals(short(client.peerEnded()), ".");
  assertStrictEquals(client.owner, "none");
  const server = turns({ goesFirst: false, answersLast: true });
  server.received("question");
  assertStrictEquals(short(server.peerEnded()), "!last_answer");
  assertStrictEquals(short(server.typed("answer")), ">answer .");
  assertStrictEquals(short(server.typed("more")), "");
  const unasked = turns({ goesFirst: true, answersLast: true });
  assertStrictEquals(short(unasked.peerEnded()), ".");
  const waiting = turns({ goesFirst: false, answersLast: true });
  assertStrictEquals(short(waiting.peerEnded()), ".");
});

Deno.test("TurnState.finish() ends this side: nothing is sent, what comes is shown", () => {
  const client = turns();
  client.finish();
  assertStrictEquals(short(client.typed("a")), "");
  assertStrictEquals(short(client.received("b")), "<b");
  assertStrictEquals(client.owner, "none");
});

type Event = { do: "typed" | "heard"; text: string } | { do: "quiet" | "finish" | "theyEnded" };

const EVENTS: fc.Arbitrary<Event[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant("typed" as const), text: fc.string() }) },
    { weight: 8, arbitrary: fc.record({ do: fc.constant("heard" as const), text: fc.string() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("quiet" as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("theyEnded" as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("finish" as const) }) },
  ),
);

function apply(one: TurnState, event: Event): readonly TurnAction[] {
  switch (event.do) {
    case "typed":
      return one.typed(event.text);
    case "heard":
      return one.received(event.text);
    case "quiet":
      return one.silent();
    case "theyEnded":
      return one.peerEnded();
    case "finish":
      one.finish();
      return [];
  }
}

Deno.test("TurnState loses, doubles and reorders nothing, whatever happens when", () => {
  fc.assert(fc.property(EVENTS, fc.boolean(), fc.boolean(), (events, goesFirst, answersLast) => {
    const one = turns({ goesFirst, answersLast });
    const typed: string[] = [];
    const received: string[] = [];
    const sent: string[] = [];
    const shown: string[] = [];
    for (const event of events) {
      const before = one.owner;
      const steps = apply(one, event);
      if (event.do === "typed" && before !== "none") typed.push(event.text);
      if (event.do === "heard") received.push(event.text);
      const sends = steps.filter((step) => step.do === "send");
      assert(sends.length <= 1, "one line a turn");
      for (const { text } of sends) sent.push(text);
      for (const step of steps) if (step.do === "show") shown.push(step.text);
      if (one.owner === "mine") {
        assertEquals(one.typedAhead, [], "what is held goes when it may");
      }
    }
    assertEquals([...sent, ...one.typedAhead], typed);
    assertEquals(shown, received);
  }));
});

Deno.test("TurnState never sends twice without receiving a line between", () => {
  fc.assert(fc.property(EVENTS, fc.boolean(), (events, goesFirst) => {
    const one = turns({ goesFirst });
    let maySend = goesFirst;
    for (const event of events) {
      const steps = apply(one, event);
      if (event.do === "heard" || steps.some((step) => short([step]) === "!both_waiting")) {
        maySend = true;
      }
      for (const step of steps) {
        if (step.do !== "send") continue;
        assert(maySend, "only when it is this side's turn, or the turn may be taken");
        maySend = false;
      }
    }
  }));
});

Deno.test("Two TurnStates on one wire alternate strictly when they agree who begins", () => {
  const typing = fc.array(fc.record({ who: fc.nat(1), text: fc.string() }));
  fc.assert(fc.property(typing, (entries) => {
    const sides = [turns(), turns({ goesFirst: false })] as const;
    const spoken: number[] = [];
    const run = (who: number, steps: readonly TurnAction[]): void => {
      for (const step of steps) {
        assertNotStrictEquals(short([step]), "!crossed");
        if (step.do !== "send") continue;
        spoken.push(who);
        run(1 - who, side(1 - who).received(step.text));
      }
    };
    const side = (who: number): TurnState => who === 0 ? sides[0] : sides[1];
    for (const { who, text } of entries) run(who, side(who).typed(text));
    assertEquals(spoken, spoken.map((_, at) => at % 2));
    assertNotStrictEquals(sides[0].owner, sides[1].owner);
    // Neither side has lines in hand on its turn: all that can be sent was sent.
    const counts = [0, 1].map((who) => entries.filter((entry) => entry.who === who).length);
    const possible = Math.min(counts[0] ?? 0, (counts[1] ?? 0) + 1) +
      Math.min(counts[0] ?? 0, counts[1] ?? 0);
    assertStrictEquals(spoken.length, possible);
  }));
});

Deno.test("Two TurnStates that both begin are in step again after one extra line", () => {
  const a = turns();
  const b = turns();
  a.typed("a1");
  b.typed("b1"); // sent at the same time
  a.received("b1");
  b.received("a1");
  assertEquals([a.owner, b.owner], ["mine", "mine"]);
  a.typed("a2");
  assertStrictEquals(short(b.received("a2")), "<a2 !crossed");
  b.typed("b2");
  a.received("b2");
  assertEquals([a.owner, b.owner], ["mine", "theirs"]);
});
