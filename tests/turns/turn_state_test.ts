import assert from "node:assert/strict";
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
  assert.equal(short(client.start()), "");
  for (const round of ["1", "2", "3"]) {
    assert.equal(client.owner, "mine");
    assert.equal(short(client.typed(round)), `>${round}`);
    assert.equal(client.owner, "theirs");
    assert.equal(short(client.received("answer")), "<answer");
  }
});

Deno.test("TurnState.typed() holds what is typed too early; one line goes out a turn, in order", () => {
  const server = turns({ goesFirst: false });
  assert.equal(short(server.typed("a")), "!held1");
  assert.equal(short(server.typed("b")), "!held2");
  assert.equal(short(server.received("1")), "<1 >>a");
  assert.equal(server.owner, "theirs");
  assert.equal(short(server.typed("c")), "!held2");
  assert.equal(short(server.received("2")), "<2 >>b");
  assert.equal(short(server.received("3")), "<3 >>c");
  assert.equal(short(server.received("4")), "<4");
  assert.equal(server.owner, "mine");
});

Deno.test("TurnState takes an empty line for a turn like any other", () => {
  const client = turns();
  assert.equal(short(client.typed("")), ">");
  assert.equal(short(client.received("")), "<");
  assert.equal(client.owner, "mine");
});

Deno.test("TurnState.start() sends what was typed before the other side was connected, if it goes first", () => {
  assert.equal(short(turns({ typedAhead: ["a", "b"] }).start()), ">>a");
  assert.equal(short(turns({ typedAhead: ["a", "b"], goesFirst: false }).start()), "");
});

Deno.test("TurnState.silent() suspects that both wait, once, and a line then takes the turn (R52)", () => {
  const waiting = turns({ goesFirst: false });
  assert.equal(short(waiting.silent()), "!both_waiting");
  assert.equal(short(waiting.silent()), "");
  assert.equal(short(waiting.typed("hello?")), ">hello?");
  assert.equal(short(waiting.typed("more")), "!held1");
  assert.equal(short(waiting.silent()), ""); // an answer may take its time
});

Deno.test("TurnState.typed() sends what was held first when it takes the turn", () => {
  const waiting = turns({ goesFirst: false });
  waiting.typed("a");
  waiting.silent();
  assert.equal(short(waiting.typed("b")), ">>a !held1");
  assert.equal(short(waiting.received("x")), "<x >>b");
});

Deno.test("TurnState.silent() reports nothing on my turn, or once a line was sent", () => {
  assert.equal(short(turns().silent()), "");
  const server = turns({ goesFirst: false });
  server.received("a");
  server.typed("b");
  assert.equal(short(server.silent()), "");
});

Deno.test("TurnState.received() reports once a turn that lines cross, and it stays my turn (R52)", () => {
  const both = turns();
  assert.equal(short(both.received("me first")), "<me first !crossed");
  assert.equal(short(both.received("and")), "<and");
  assert.equal(short(both.typed("no, me")), ">no, me");
  assert.equal(short(both.received("well")), "<well");
  assert.equal(short(both.received("so")), "<so !crossed");
});

Deno.test("TurnState.peerEnded() ends it, unless a line that came last can be answered (R26)", () => {
  const client = turns();
  assert.equal(short(client.peerEnded()), ".");
  assert.equal(client.owner, "none");
  const server = turns({ goesFirst: false, answersLast: true });
  server.received("question");
  assert.equal(short(server.peerEnded()), "!last_answer");
  assert.equal(short(server.typed("answer")), ">answer .");
  assert.equal(short(server.typed("more")), "");
  const unasked = turns({ goesFirst: true, answersLast: true });
  assert.equal(short(unasked.peerEnded()), ".");
  const waiting = turns({ goesFirst: false, answersLast: true });
  assert.equal(short(waiting.peerEnded()), ".");
});

Deno.test("TurnState.finish() ends this side: nothing is sent, what comes is shown", () => {
  const client = turns();
  client.finish();
  assert.equal(short(client.typed("a")), "");
  assert.equal(short(client.received("b")), "<b");
  assert.equal(client.owner, "none");
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
      assert.ok(sends.length <= 1, "one line a turn");
      for (const { text } of sends) sent.push(text);
      for (const step of steps) if (step.do === "show") shown.push(step.text);
      if (one.owner === "mine") {
        assert.deepEqual(one.typedAhead, [], "what is held goes when it may");
      }
    }
    assert.deepEqual([...sent, ...one.typedAhead], typed);
    assert.deepEqual(shown, received);
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
        assert.ok(maySend, "only when it is this side's turn, or the turn may be taken");
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
        assert.notEqual(short([step]), "!crossed");
        if (step.do !== "send") continue;
        spoken.push(who);
        run(1 - who, side(1 - who).received(step.text));
      }
    };
    const side = (who: number): TurnState => who === 0 ? sides[0] : sides[1];
    for (const { who, text } of entries) run(who, side(who).typed(text));
    assert.deepEqual(spoken, spoken.map((_, at) => at % 2));
    assert.notEqual(sides[0].owner, sides[1].owner);
    // Neither side has lines in hand on its turn: all that can be sent was sent.
    const counts = [0, 1].map((who) => entries.filter((entry) => entry.who === who).length);
    const possible = Math.min(counts[0] ?? 0, (counts[1] ?? 0) + 1) +
      Math.min(counts[0] ?? 0, counts[1] ?? 0);
    assert.equal(spoken.length, possible);
  }));
});

Deno.test("Two TurnStates that both begin are in step again after one extra line", () => {
  const a = turns();
  const b = turns();
  a.typed("a1");
  b.typed("b1"); // sent at the same time
  a.received("b1");
  b.received("a1");
  assert.deepEqual([a.owner, b.owner], ["mine", "mine"]);
  a.typed("a2");
  assert.equal(short(b.received("a2")), "<a2 !crossed");
  b.typed("b2");
  a.received("b2");
  assert.deepEqual([a.owner, b.owner], ["mine", "theirs"]);
});
