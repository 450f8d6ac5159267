import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { failure } from "../../../protocol/failures.ts";
import { performRequest } from "../../../server/chat/perform.ts";
import { restoreMembers } from "../../../server/chat/resume.ts";
import { SqliteSessionStore } from "../../../server/storage/session_store.ts";
import { GroupCommit } from "../../../server/store/group_commit.ts";
import { storedSerials } from "../../../server/store/member_serials.ts";
import { appendMessage, DataDirectory, onDisk } from "../history/history_fixture.ts";
import {
  eventTypes,
  GRACE_MS,
  memberWithToken,
  messageTexts,
  resumeMember,
} from "./resuming_members.ts";
import { ChatFixture, type ChatFixtureOptions } from "./chat_fixture.ts";

/** Chats of one server after another, with the same data directory. */
function rooms(
  data: DataDirectory,
): (options?: ChatFixtureOptions) => ChatFixture & { close(): void } {
  return (options = {}) => {
    const store = data.open();
    const soon = (settle: () => void) => settle();
    const { serials, transactions } = storedSerials(store);
    const commits = new GroupCommit({ transactions, soon, most: 1_000 });
    const sessions = new SqliteSessionStore({ store, commits, now: () => 0 });
    const newSerial = serials.next;
    const fixture = new ChatFixture({ ...options, history: onDisk(store), sessions, newSerial });
    return Object.assign(fixture, { close: () => store.close() });
  };
}

Deno.test("a session survives a restart of the server: name, groups, private messages", () => {
  using data = new DataDirectory();
  const next = rooms(data);
  let fixture = next();
  const ann = memberWithToken(fixture, "ann");
  const bob = memberWithToken(fixture, "bob");
  ann.ask({ verb: "join", group: "dev" });
  bob.ask({ verb: "join", group: "dev" });
  bob.say("one", "#dev");
  bob.say("two", "@ann");
  fixture.close(); // and no member received a leave

  fixture = next();
  restoreMembers(fixture.chat);
  assertStrictEquals(
    fixture.connect().refused({ verb: "hello", name: "ann" }),
    "name_taken",
    "it is held",
  );
  const back = resumeMember(fixture, bob.token, 2);
  back.client.say("three", "#dev");
  const { client, reported } = resumeMember(fixture, ann.token);
  assertEquals(messageTexts(reported), ["one", "two", "three"]);
  assertEquals(messageTexts(back.client.peer.take()), [], "its own it has");
  client.say("four", "#dev");
  assertEquals(messageTexts(back.client.peer.take()), ["four"]);
  fixture.clock.advance(GRACE_MS);
  assertStrictEquals(fixture.chat.members.size, 2);
  fixture.close();
});

Deno.test("after a restart names are held for the grace time, and a session can be resumed even later", () => {
  using data = new DataDirectory();
  const next = rooms(data);
  let fixture = next();
  const ann = memberWithToken(fixture, "ann");
  ann.ask({ verb: "rename", name: "anna" });
  ann.say("hi");
  fixture.chat.muteDepartures();
  fixture.drop(ann, "shutdown");
  fixture.close();

  fixture = next();
  restoreMembers(fixture.chat);
  const eve = fixture.join("eve");
  fixture.clock.advance(GRACE_MS);
  assertEquals(eve.peer.take(), [{ type: "left", name: "anna", reason: "connection lost" }]);
  const { reported } = resumeMember(fixture, ann.token);
  assertEquals(eventTypes(reported), ["welcome", "message"]);
  assertEquals(eve.peer.take(), [{ type: "joined", name: "anna" }]);
  fixture.close();

  fixture = next();
  const late = fixture.join("anna"); // before the server waits for any member to resume
  assertStrictEquals(late.name, "anna");
  restoreMembers(fixture.chat);
  const [refused] = resumeMember(fixture, ann.token).reported;
  assert(refused?.type === "error" && refused.code === "name_taken");
  fixture.close();
});

Deno.test("a member that was not held, or may not return, holds no name after a restart", () => {
  using data = new DataDirectory();
  const next = rooms(data);
  let fixture = next({ limits: { maxHeld: 0 } });
  const [ann, bob] = [memberWithToken(fixture, "ann"), memberWithToken(fixture, "bob")];
  fixture.drop(ann, "reset");
  assertEquals(fixture.chat.sessions.held().map(({ name }) => name), ["bob"]);
  fixture.close();

  fixture = next({
    refuses: (name) => name === "bob" ? failure("banned", () => "banned: x") : undefined,
  });
  restoreMembers(fixture.chat);
  assertEquals([...fixture.chat.members].map(({ name }) => name), []);
  assertEquals(fixture.chat.sessions.held(), []);
  assertEquals(eventTypes(resumeMember(fixture, ann.token).reported), ["welcome"]);
  fixture.close();

  fixture = next();
  restoreMembers(fixture.chat);
  assertEquals(
    eventTypes(resumeMember(fixture, bob.token).reported),
    ["welcome"],
    "the ban is over",
  );
  fixture.close();
});

Deno.test("a session that could not be stored can be resumed while its server runs", () => {
  using data = new DataDirectory();
  const fixture = rooms(data)();
  const other = new DatabaseSync(`${data.path}/minichat.db`);
  other.exec("BEGIN IMMEDIATE");
  const ann = memberWithToken(fixture, "ann");
  ann.ask({ verb: "join", group: "dev" });
  fixture.drop(ann, "reset");
  const back = resumeMember(fixture, ann.token);
  assertEquals(eventTypes(back.reported), ["welcome"]);
  assertStrictEquals(back.client.name, "ann");
  const bob = memberWithToken(fixture, "bob");
  bob.ask({ verb: "bye" });
  assertEquals(eventTypes(resumeMember(fixture, bob.token).reported), ["error"]);
  other.exec("ROLLBACK");
  other.close();
  back.client.ask({ verb: "rename", name: "anna" });
  assertEquals(fixture.chat.sessions.held().map(({ name }) => name), ["anna"]);
  fixture.close();
});

Deno.test("a client that may read few of many messages waits its turn, and pays for those skipped (F40)", () => {
  using data = new DataDirectory();
  const history = onDisk(data.open(), { capacity: 5, rowsPerPage: 300 });
  const fixture = new ChatFixture({ history });
  const [ann, bob] = [memberWithToken(fixture, "ann"), memberWithToken(fixture, "bob")];
  fixture.drop(ann, "reset");
  fixture.drop(bob, "reset");
  for (let at = 0; at < 1_000; at++) {
    appendMessage(history, { audience: { kind: "people", serials: [99, 99] } });
  }
  appendMessage(history, { text: "for all" });
  const people = [resumeMember(fixture, ann.token).client, resumeMember(fixture, bob.token).client];
  const pages = () => history.rowsRead / 300;
  assertStrictEquals(pages(), 2, "the first page of each");
  const low = () => {
    for (const { peer: { outbox } } of people) {
      const { onLow } = outbox;
      outbox.onLow = undefined;
      onLow?.();
    }
  };
  const perTurn: number[] = [];
  for (let turn = 0; turn < 12; turn++) {
    const before = pages();
    low();
    fixture.clock.advance(0);
    low();
    perTurn.push(Math.ceil(pages() - before));
  }
  assert(Math.max(...perTurn) <= 2, `${perTurn}`);
  for (const { peer } of people) assertEquals(messageTexts(peer.take()), ["for all"]);

  const [reader] = people;
  assert(reader);
  assertStrictEquals(
    performRequest(fixture.chat, reader.member, { verb: "history" }),
    2 + 300 / 50,
  );
  const first = { verb: "history", limit: 1 } as const;
  assertStrictEquals(
    performRequest(fixture.chat, reader.member, first),
    2 + 300 / 50,
    "is there more to read?",
  );
  assertStrictEquals(
    performRequest(fixture.chat, reader.member, { verb: "history", since: 996 }),
    2,
    "in memory",
  );
});
