import { EN } from "../../../texts/en.ts";
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { failure } from "../../../protocol/failures.ts";
import { MAX_LISTED } from "../../../protocol/limits.ts";
import type { Request } from "../../../protocol/requests.ts";
import { helpIn } from "../../../protocol/slash_commands.ts";
import { performRequest } from "../../../server/chat/perform.ts";
import { ChatFixture, type TestMember } from "./chat_fixture.ts";

const NEEDS_A_NAME: readonly Request[] = [
  { verb: "say", text: "hi" },
  { verb: "reply", text: "hi" },
  { verb: "join", group: "dev" },
  { verb: "leave", group: "dev" },
  { verb: "who" },
  { verb: "whoami" },
  { verb: "groups" },
  { verb: "history" },
  { verb: "help" },
  { verb: "command", word: "list", rest: "" },
  { verb: "command", word: "frobnicate", rest: "" },
];

for (const request of NEEDS_A_NAME) {
  const what = request.verb === "command" ? `/${request.word}` : request.verb;
  Deno.test(`perform() of ${what} first gives the default name (D6), once`, () => {
    const fixture = new ChatFixture();
    const alice = fixture.join("alice");
    const client = fixture.connect();
    const answers = client.ask(request);
    assertStrictEquals(answers[0]?.type, "welcome");
    assertStrictEquals(answers.length, 2, "and then it is answered");
    assertStrictEquals(client.name, "user2");
    assertEquals(alice.peer.take()[0], { type: "joined", name: "user2" });
    assert(client.ask(request).every(({ type }) => type !== "welcome"));
  });
}

Deno.test("perform() of ping, bye and invalid needs no name", () => {
  const requests: Request[] = [
    { verb: "ping" },
    { verb: "invalid", failure: failure("bad_request", () => "Not JSON"), fatal: false },
    { verb: "bye" },
    { verb: "command", word: "quit", rest: "" },
  ];
  for (const request of requests) {
    const client = new ChatFixture().connect();
    assert(client.ask(request).every(({ type }) => type !== "welcome"), request.verb);
    assertStrictEquals(client.name, "");
  }
});

Deno.test("perform() of hello registers, and only once", () => {
  const client = new ChatFixture().connect();
  const [welcome] = client.ask({ verb: "hello", name: "alice", version: 1, ref: 9 });
  assert(welcome?.type === "welcome" && welcome.ref === 9 && welcome.name === "alice");
  assertEquals(client.ask({ verb: "hello", name: "bob", ref: 10 }), [{
    type: "error",
    code: "already_registered",
    message: "You are alice already: use rename",
    ref: 10,
  }]);
  assertStrictEquals(client.name, "alice");
});

Deno.test("perform() of hello in another version is refused, and the next one may do better", () => {
  const client = new ChatFixture().connect();
  for (const version of [0, 2, -1, 1.5, NaN]) {
    assertStrictEquals(client.refused({ verb: "hello", version }), "unsupported_version");
  }
  assertStrictEquals(client.name, "");
  assertStrictEquals(client.ask({ verb: "hello", version: 1 })[0]?.type, "welcome");
});

Deno.test("perform() of line is the name first, then messages (D8)", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice");
  const bob = fixture.connect();
  assertStrictEquals(bob.refused({ verb: "line", text: "alice" }), "name_taken");
  assertStrictEquals(bob.ask({ verb: "line", text: " bob " })[0]?.type, "welcome");
  assertStrictEquals(bob.name, "bob");
  alice.peer.take();
  assertStrictEquals(bob.ask({ verb: "line", text: "bob" })[0]?.type, "ack");
  assertStrictEquals(alice.peer.take()[0]?.type, "message");
});

Deno.test("perform() of an empty first line keeps the default name (D8)", () => {
  const client = new ChatFixture().connect();
  assertStrictEquals(client.ask({ verb: "line", text: "  " })[0]?.type, "welcome");
  assertStrictEquals(client.name, "user1");
});

Deno.test("perform() of rename before registering registers under that name", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice");
  const client = fixture.connect();
  assertStrictEquals(client.refused({ verb: "rename", name: "alice" }), "name_taken");
  const [welcome] = client.ask({ verb: "command", word: "name", rest: " bob", ref: 3 });
  assert(welcome?.type === "welcome" && welcome.ref === 3);
  assertEquals(alice.peer.take(), [{ type: "joined", name: "bob" }]);
});

Deno.test("perform() of invalid sends the error and continues, unless it is fatal", () => {
  const client = new ChatFixture().join("alice");
  const problem = failure("bad_request", () => "Not JSON");
  const invalid = { verb: "invalid", failure: problem, fatal: false, ref: "x" } as const;
  assertEquals(client.ask(invalid), [
    { type: "error", code: "bad_request", message: "Not JSON", ref: "x" },
  ]);
  assertEquals(client.peer.closes, []);
});

for (
  const [code, reason] of [["line_too_long", "line_too_long"], ["binary_input", "binary_input"], [
    "invalid_utf8",
    "binary_input",
  ]] as const
) {
  Deno.test(`perform() of fatal ${code} sends it, then closes with ${reason}`, () => {
    const client = new ChatFixture().join("alice");
    const request = { verb: "invalid", failure: failure(code, () => "No"), fatal: true } as const;
    assertStrictEquals(client.refused(request), code);
    assertEquals(client.peer.closes, [{ reason, detail: undefined }]);
  });
}

Deno.test("perform() of bye closes; later requests are ignored", () => {
  const fixture = new ChatFixture();
  const [alice, bob] = [fixture.join("alice"), fixture.join("bob")];
  alice.ask({ verb: "bye" });
  assertEquals(alice.peer.closes, [{ reason: "bye", detail: undefined }]);
  assertEquals(bob.peer.take(), [{ type: "left", name: "alice" }]);
  for (const request of [...NEEDS_A_NAME, { verb: "bye" }, { verb: "hello" }] as Request[]) {
    assertEquals(alice.ask(request), [], request.verb);
  }
  assertStrictEquals(alice.peer.closes.length, 1);
  assertEquals(bob.peer.take(), []);
  assertStrictEquals(fixture.history.lastSeq, 0);
});

Deno.test("perform() of a client that left without registering is ignored", () => {
  const fixture = new ChatFixture();
  const client = fixture.connect();
  client.ask({ verb: "bye" });
  assertEquals(client.ask({ verb: "say", text: "hi" }), []);
  assertStrictEquals(fixture.chat.members.size, 0);
  assertStrictEquals(fixture.history.lastSeq, 0);
});

Deno.test("perform() of a banned one's first request is not carried out", () => {
  const fixture = new ChatFixture({ refuses: () => failure("banned", () => "banned") });
  const client = fixture.connect();
  client.ask({ verb: "hello", name: "eve" });
  assertEquals(client.ask({ verb: "say", text: "hi" }), []);
  assertStrictEquals(fixture.history.lastSeq, 0);
});

Deno.test("perform() answers with the request's ref", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice");
  const requests: Request[] = [
    { verb: "say", text: "hi", ref: "a" },
    { verb: "say", text: "", ref: "a" },
    { verb: "reply", text: "hi", ref: "a" },
    { verb: "join", group: "dev", ref: "a" },
    { verb: "leave", group: "dev", ref: "a" },
    { verb: "leave", group: "dev", ref: "a" },
    { verb: "rename", name: "al", ref: "a" },
    { verb: "rename", name: "", ref: "a" },
    { verb: "who", ref: "a" },
    { verb: "whoami", ref: "a" },
    { verb: "groups", ref: "a" },
    { verb: "history", ref: "a" },
    { verb: "help", ref: "a" },
    { verb: "ping", ref: "a" },
    { verb: "command", word: "list", rest: "", ref: "a" },
    { verb: "command", word: "nope", rest: "", ref: "a" },
  ];
  for (const request of requests) {
    const answers = alice.ask(request);
    assertStrictEquals(answers.length, 1, request.verb);
    const [answer] = answers;
    assert(answer && "ref" in answer && answer.ref === "a", JSON.stringify(answer));
  }
});

Deno.test("perform() of whoami answers the id and the name one has now (R60)", () => {
  const fixture = new ChatFixture();
  const alice = fixture.join("alice");
  alice.ask({ verb: "rename", name: "alix" });
  assertEquals(alice.ask({ verb: "whoami" }), [{ type: "you", id: 1, name: "alix" }]);
});

Deno.test("perform() of help answers the whole table", () => {
  assertEquals(new ChatFixture().join().ask({ verb: "help" }), [{
    type: "help",
    commands: helpIn(EN),
  }]);
});

Deno.test("perform() of who lists at most MAX_LISTED members and counts all", () => {
  const fixture = new ChatFixture();
  for (let count = 0; count < MAX_LISTED; count++) {
    fixture.chat.register(fixture.connect().member, "");
  }
  const [who] = fixture.join("last").ask({ verb: "who" });
  assert(who?.type === "who");
  assertStrictEquals(who.users.length, MAX_LISTED);
  assertStrictEquals(who.total, MAX_LISTED + 1);
});

Deno.test("perform() of groups lists at most MAX_LISTED groups and counts all", () => {
  const fixture = new ChatFixture({ maxGroups: 5000, maxGroupsPerClient: 5000 });
  const alice = fixture.join("alice");
  for (let count = 0; count <= MAX_LISTED; count++) {
    alice.ask({ verb: "join", group: `g${count}` });
  }
  const [groups] = alice.ask({ verb: "groups" });
  assert(groups?.type === "groups");
  assertStrictEquals(groups.groups.length, MAX_LISTED);
  assertStrictEquals(groups.total, MAX_LISTED + 1);
});

/** The texts of the requested page, and where the next one continues. */
function pageOf(client: TestMember, range: Omit<Request & { verb: "history" }, "verb">) {
  const [page] = client.ask({ verb: "history", ...range });
  assert(page?.type === "history");
  const { messages, more, next } = page;
  assert(messages.every(({ replay }) => replay === true));
  assertStrictEquals(more, next === undefined ? undefined : true, "one comes with the other");
  return { texts: messages.map(({ text }) => text), next };
}

Deno.test("perform() of history pages backward, and forward for since alone", () => {
  const fixture = new ChatFixture({ capacity: 3000 });
  const alice = fixture.join("alice");
  for (let count = 1; count <= 1500; count++) alice.say(`m${count}`);
  const newest = { texts: ["m1499", "m1500"], next: 1499 };
  assertEquals(pageOf(alice, { limit: 2 }), newest);
  assertEquals(pageOf(alice, { limit: 2, before: 1499 }).texts, ["m1497", "m1498"]);
  assertEquals(pageOf(alice, { before: 3 }), { texts: ["m1", "m2"], next: undefined });
  assertEquals(pageOf(alice, { limit: 2, since: 7 }), { texts: ["m8", "m9"], next: 9 });
  assertEquals(pageOf(alice, { since: 1498 }), { texts: ["m1499", "m1500"], next: undefined });
  assertEquals(pageOf(alice, { since: 7, before: 11, limit: 2 }), {
    texts: ["m9", "m10"],
    next: 9,
  });
  assertEquals(pageOf(alice, { since: 1500 }), { texts: [], next: undefined });
  assertEquals(pageOf(alice, { since: 9999 }), { texts: [], next: undefined });
  assertStrictEquals(pageOf(alice, {}).texts.length, 100);
  assertStrictEquals(pageOf(alice, { limit: 9999 }).texts.length, MAX_LISTED);
  assertStrictEquals(pageOf(alice, { limit: 9999 }).next, 501);
});

Deno.test("perform() of history pages of what each member may read visit it once, either way", () => {
  const fixture = new ChatFixture();
  const people = ["alice", "bob", "eve"].map((name) => fixture.join(name));
  const [alice, bob] = people;
  assert(alice && bob);
  alice.ask({ verb: "join", group: "cooks" });
  for (let round = 0; round < 10; round++) {
    if (round === 5) bob.ask({ verb: "join", group: "cooks" });
    alice.say(`all ${round}`);
    alice.say(`bob ${round}`, "@bob");
    alice.say(`cooks ${round}`, "#cooks");
  }
  for (const [client, count] of [[alice, 30], [bob, 25], [people[2] ?? alice, 10]] as const) {
    const { texts: all, next } = pageOf(client, {});
    assertEquals([all.length, next], [count, undefined]);
    const backward: string[] = [];
    for (let before: number | undefined = 99; before !== undefined;) {
      const page = pageOf(client, { before, limit: 3 });
      backward.unshift(...page.texts);
      before = page.next;
    }
    assertEquals(backward, all);
    const forward: string[] = [];
    for (let since: number | undefined = 0; since !== undefined;) {
      const page = pageOf(client, { since, limit: 3 });
      forward.push(...page.texts);
      since = page.next;
    }
    assertEquals(forward, all);
  }
});

Deno.test("A7: a change of name and a join cost by the readers they wake, a refused one does not", () => {
  const fixture = new ChatFixture();
  const members = Array.from({ length: 100 }, (_, at) => fixture.join(`m${at}`));
  const [ana, bob] = members;
  assert(ana && bob);
  const { chat } = fixture;
  const price = (request: Request) => performRequest(chat, ana.member, request);
  assertStrictEquals(price({ verb: "rename", name: "ana" }), 4);
  assertStrictEquals(price({ verb: "rename", name: "m1" }), 2);
  for (const { member } of members.slice(1, 50)) {
    performRequest(chat, member, { verb: "join", group: "cooks" });
  }
  assertStrictEquals(price({ verb: "join", group: "cooks" }), 3);
  assertStrictEquals(price({ verb: "leave", group: "cooks" }), 3);
  assertStrictEquals(price({ verb: "leave", group: "cooks" }), 2);
});
