// Random conversations against a small reference model, and invariants that must hold after every
// step (F76, F77).

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "../../fast_check.ts";
import type { MessageEvent, ServerEvent } from "../../../protocol/events.ts";
import type { Request } from "../../../protocol/requests.ts";
import type { Member } from "../../../server/chat/member.ts";
import { ChatFixture, type TestMember } from "./chat_fixture.ts";

const PEOPLE = 4;
const NAMES = ["ann", "ANN", "bob", "dev", "ɑnn", "server", "a b", "user2"];
const GROUPS = ["dev", "#DEV", "ops", "bob"];

type Step = { readonly who: number; readonly does: Request | "drop" | "connect" };

const name = fc.constantFrom(...NAMES);
const group = fc.constantFrom(...GROUPS);
const to = fc.record({
  sigil: fc.constantFrom("@" as const, "#" as const),
  name: fc.constantFrom("ann", "bob", "dev", "ops", "all", "user1", "nobody"),
});
const text = fc.constantFrom("one", "two", "", "\x1b");

const request: fc.Arbitrary<Request> = fc.oneof(
  fc.record({ verb: fc.constant("hello" as const), name }),
  fc.record({ verb: fc.constant("rename" as const), name }),
  fc.record({ verb: fc.constant("line" as const), text }),
  fc.record({ verb: fc.constant("join" as const), group }),
  fc.record({ verb: fc.constant("join" as const), group }),
  fc.record({ verb: fc.constant("leave" as const), group }),
  fc.record({ verb: fc.constant("say" as const), text }),
  fc.record({ verb: fc.constant("say" as const), text, to }),
  fc.record({ verb: fc.constant("say" as const), text, to }),
  fc.record({ verb: fc.constant("reply" as const), text }),
  fc.constant({ verb: "history" as const }),
  fc.constant({ verb: "bye" as const }),
);

const step: fc.Arbitrary<Step> = fc.record({
  who: fc.integer({ min: 0, max: PEOPLE - 1 }),
  does: fc.oneof(
    { weight: 12, arbitrary: request },
    { weight: 1, arbitrary: fc.constantFrom("drop" as const, "connect" as const) },
  ),
});

/** What one client should have seen, from its own events alone. */
class Witness {
  readonly seen: MessageEvent[] = [];
  /** Numbers of the replayed messages, and what the welcome announced. */
  readonly replayed: number[] = [];
  announced = 0;
  newest = 0;
  readonly people = new Set<string>();
  readonly groups = new Map<string, Set<string>>();
  readonly mine = new Set<string>();
  me = "";

  see(event: ServerEvent): void {
    switch (event.type) {
      case "message":
        if (event.replay) return this.#seeReplay(event);
        this.seen.push(event);
        return;
      case "welcome":
        assertStrictEquals(this.me, "", "welcomed once");
        this.announced = event.replay ?? 0;
        this.newest = event.seq;
        this.me = event.name;
        event.users.forEach((user) => this.people.add(user));
        return;
      case "joined":
        if (event.group !== undefined) {
          if (event.you) this.mine.add(event.group);
          else assert(this.mine.has(event.group), "told of groups one is in only");
          return;
        }
        assert(!this.people.has(event.name), `${event.name} came twice`);
        this.people.add(event.name);
        return;
      case "left":
        if (event.group !== undefined) {
          if (event.you) assert(this.mine.delete(event.group));
          return;
        }
        assert(this.people.delete(event.name), `${event.name} left twice`);
        return;
      case "renamed":
        assert(this.people.delete(event.was), `${event.was} was here`);
        this.people.add(event.name);
        if (event.you) this.me = event.name;
    }
  }

  #seeReplay({ seq, to }: MessageEvent): void {
    assertStrictEquals(to, undefined, "private words are not shown to newcomers");
    assertEquals(this.seen, [], "the old comes before the new");
    assert(seq > (this.replayed.at(-1) ?? 0) && seq <= this.newest, `${seq} is out of order`);
    this.replayed.push(seq);
  }
}

/** The clients of one run; one that has left may connect again as a new one. */
class Run {
  readonly fixture = new ChatFixture({ maxGroups: 2, maxGroupsPerClient: 2, capacity: 1000 });
  readonly slots: { client: TestMember; witness: Witness }[] = [];
  /** The members that each message was for, by its number; the sender always is one. */
  readonly audience = new Map<number, { sender: Member; members: ReadonlySet<Member> }>();

  constructor() {
    for (let slot = 0; slot < PEOPLE; slot++) this.connect(slot);
  }

  connect(slot: number): void {
    const client = this.fixture.connect({ echo: slot % 2 === 0, canRefuseName: slot !== 3 });
    this.slots[slot] = { client, witness: new Witness() };
  }

  step({ who, does }: Step): void {
    const slot = this.slots[who];
    if (!slot) return;
    const before = this.fixture.history.lastSeq;
    if (does === "connect") {
      if (slot.client.member.hasLeft) this.connect(who);
    } else if (does === "drop") {
      this.fixture.chat.leave(slot.client.member, "reset");
      this.fixture.chat.leave(slot.client.member, "eof");
    } else this.#ask(slot, does);
    for (const { client, witness } of this.slots) client.peer.take().forEach((e) => witness.see(e));
    const stored = this.fixture.history.lastSeq - before;
    assert(stored === 0 || stored === 1, "at most one message a request");
  }

  #ask({ client, witness }: { client: TestMember; witness: Witness }, does: Request): void {
    const before = this.fixture.history.lastSeq;
    const answers = client.ask(does);
    answers.forEach((event) => witness.see(event));
    const acks = answers.filter((event) => event.type === "ack");
    assertStrictEquals(
      acks.length,
      this.fixture.history.lastSeq - before,
      "stored means acknowledged",
    );
    for (const ack of acks) {
      assertStrictEquals(ack.seq, before + 1, "numbers have no gap");
      const { member } = client;
      this.audience.set(ack.seq, { sender: member, members: this.#audience(ack.to).add(member) });
    }
    if (client.member.hasLeft && does.verb !== "bye") assertEquals(answers, []);
  }

  #audience(to: string | undefined): Set<Member> {
    const { chat } = this.fixture;
    if (to === undefined) return new Set(chat.members);
    if (to.startsWith("@")) return new Set([...chat.members].filter((m) => `@${m.name}` === to));
    return new Set(
      [...chat.members].filter(({ groups }) => [...groups.keys()].some((g) => `#${g.name}` === to)),
    );
  }

  /** Checks the invariants of every step. */
  check(): void {
    const { chat } = this.fixture;
    const here = this.slots.filter(({ client }) => chat.members.has(client.member));
    assertStrictEquals(here.length, chat.members.size);
    const names = here.map(({ client }) => client.name);
    const groups = chat.groups.list(100);
    const all = [...names, ...groups.map(({ name }) => name)];
    assertStrictEquals(new Set(all.map((one) => one.toLowerCase())).size, all.length, `${all}`);
    const ids = this.slots.filter(({ client }) => !client.member.hasLeft)
      .map(({ client }) => client.member.id);
    assertStrictEquals(new Set(ids).size, ids.length);
    for (const { client, witness } of here) {
      assertStrictEquals(chat.find(client.name), client.member);
      assertStrictEquals(witness.me, client.name);
      assertEquals([...witness.people].sort(), [...names].sort(), "told of who is here");
      // Membership is symmetric.
      const mine = [...client.member.groups.keys()];
      for (const group of mine) assert(group.members.has(client.member));
      assertEquals([...witness.mine].sort(), mine.map(({ name }) => name).sort());
    }
    for (const { name, members } of groups) {
      assert(members.length > 0, `${name} is empty`);
      for (const member of members) {
        const found = chat.find(member);
        assert(found && [...found.groups.keys()].some((group) => group.name === name));
      }
    }
    for (const { client } of this.slots) {
      if (client.member.hasLeft) assertStrictEquals(client.member.groups.size, 0);
    }
  }

  /** Checks the invariants of all that was received. */
  checkReceived(): void {
    for (const { client: { member, peer }, witness } of this.slots) {
      const received = new Map(witness.seen.map((message) => [message.seq, message]));
      const numbers = witness.seen.map(({ seq }) => seq);
      assertEquals(numbers, [...received.keys()].sort((a, b) => a - b), "in order, once");
      assertStrictEquals(witness.replayed.length, witness.announced, "as many as announced");
      for (const [seq, { sender, members }] of this.audience) {
        const isFor = members.has(member) && (member !== sender || peer.echo);
        assertStrictEquals(received.has(seq), isFor, `${seq} and ${witness.me}`);
      }
      // History never shows a message that was not for this client, and shows what it received.
      const { messages } = this.fixture.chat.page(member, { limit: 1000 });
      for (const { replay: _, ...message } of messages) {
        const isPublic = message.to === undefined;
        const members = this.audience.get(message.seq)?.members;
        assert(isPublic || members?.has(member), `${message.seq} leaks`);
        const same = received.get(message.seq);
        if (same) assertEquals(same, message);
      }
    }
  }
}

Deno.test("A chat keeps its invariants and sends everyone the same, in the same order, whatever happens", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const run = new Run();
      for (const one of steps) {
        run.step(one);
        run.check();
      }
      run.checkReceived();
      // When every client has left, nothing remains.
      for (const { client } of run.slots) run.fixture.chat.leave(client.member, "eof");
      assertStrictEquals(run.fixture.chat.groups.size, 0);
      assertStrictEquals(run.fixture.chat.members.size, 0);
      for (const name of ["ann", "bob", "dev", "ops"]) {
        assertStrictEquals(run.fixture.join(name).name, name);
      }
    }),
    { numRuns: 400 },
  );
});
