import assert from "node:assert/strict";
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
    const room = new ChatFixture({ ...options, history: onDisk(store), sessions, newSerial });
    return Object.assign(room, { close: () => store.close() });
  };
}

Deno.test("a session survives a restart of the server: name, groups, private messages", () => {
  using data = new DataDirectory();
  const next = rooms(data);
  let room = next();
  const ann = memberWithToken(room, "ann");
  const bob = memberWithToken(room, "bob");
  ann.ask({ verb: "join", group: "dev" });
  bob.ask({ verb: "join", group: "dev" });
  bob.say("one", "#dev");
  bob.say("two", "@ann");
  room.close(); // and no member received a leave

  room = next();
  restoreMembers(room.chat);
  assert.equal(room.connect().refused({ verb: "hello", name: "ann" }), "name_taken", "it is held");
  const back = resumeMember(room, bob.token, 2);
  back.person.say("three", "#dev");
  const { person, told } = resumeMember(room, ann.token);
  assert.deepEqual(messageTexts(told), ["one", "two", "three"]);
  assert.deepEqual(messageTexts(back.person.peer.take()), [], "its own it has");
  person.say("four", "#dev");
  assert.deepEqual(messageTexts(back.person.peer.take()), ["four"]);
  room.clock.advance(GRACE_MS);
  assert.equal(room.chat.members.size, 2);
  room.close();
});

Deno.test("after a restart names are held for the grace time, and a session can be resumed even later", () => {
  using data = new DataDirectory();
  const next = rooms(data);
  let room = next();
  const ann = memberWithToken(room, "ann");
  ann.ask({ verb: "rename", name: "anna" });
  ann.say("hi");
  room.chat.muteDepartures();
  room.drop(ann, "shutdown");
  room.close();

  room = next();
  restoreMembers(room.chat);
  const eve = room.join("eve");
  room.clock.advance(GRACE_MS);
  assert.deepEqual(eve.peer.take(), [{ type: "left", name: "anna", reason: "connection lost" }]);
  const { told } = resumeMember(room, ann.token);
  assert.deepEqual(eventTypes(told), ["welcome", "message"]);
  assert.deepEqual(eve.peer.take(), [{ type: "joined", name: "anna" }]);
  room.close();

  room = next();
  const late = room.join("anna"); // before the server waits for any member to resume
  assert.equal(late.name, "anna");
  restoreMembers(room.chat);
  const [refused] = resumeMember(room, ann.token).told;
  assert.ok(refused?.type === "error" && refused.code === "name_taken");
  room.close();
});

Deno.test("a member that was not held, or may not return, holds no name after a restart", () => {
  using data = new DataDirectory();
  const next = rooms(data);
  let room = next({ limits: { maxHeld: 0 } });
  const [ann, bob] = [memberWithToken(room, "ann"), memberWithToken(room, "bob")];
  room.drop(ann, "reset");
  assert.deepEqual(room.chat.sessions.held().map(({ name }) => name), ["bob"]);
  room.close();

  room = next({
    refuses: (name) => name === "bob" ? failure("banned", () => "banned: x") : undefined,
  });
  restoreMembers(room.chat);
  assert.deepEqual([...room.chat.members].map(({ name }) => name), []);
  assert.deepEqual(room.chat.sessions.held(), []);
  assert.deepEqual(eventTypes(resumeMember(room, ann.token).told), ["welcome"]);
  room.close();

  room = next();
  restoreMembers(room.chat);
  assert.deepEqual(eventTypes(resumeMember(room, bob.token).told), ["welcome"], "the ban is over");
  room.close();
});

Deno.test("a session that could not be stored can be resumed while its server runs", () => {
  using data = new DataDirectory();
  const room = rooms(data)();
  const other = new DatabaseSync(`${data.path}/minichat.db`);
  other.exec("BEGIN IMMEDIATE");
  const ann = memberWithToken(room, "ann");
  ann.ask({ verb: "join", group: "dev" });
  room.drop(ann, "reset");
  const back = resumeMember(room, ann.token);
  assert.deepEqual(eventTypes(back.told), ["welcome"]);
  assert.equal(back.person.name, "ann");
  const bob = memberWithToken(room, "bob");
  bob.ask({ verb: "bye" });
  assert.deepEqual(eventTypes(resumeMember(room, bob.token).told), ["error"]);
  other.exec("ROLLBACK");
  other.close();
  back.person.ask({ verb: "rename", name: "anna" });
  assert.deepEqual(room.chat.sessions.held().map(({ name }) => name), ["anna"]);
  room.close();
});

Deno.test("a client that may read few of many messages waits its turn, and pays for those skipped (F40)", () => {
  using data = new DataDirectory();
  const history = onDisk(data.open(), { capacity: 5, rowsPerPage: 300 });
  const room = new ChatFixture({ history });
  const [ann, bob] = [memberWithToken(room, "ann"), memberWithToken(room, "bob")];
  room.drop(ann, "reset");
  room.drop(bob, "reset");
  for (let at = 0; at < 1_000; at++) {
    appendMessage(history, { audience: { kind: "people", serials: [99, 99] } });
  }
  appendMessage(history, { text: "for all" });
  const people = [resumeMember(room, ann.token).person, resumeMember(room, bob.token).person];
  const pages = () => history.rowsRead / 300;
  assert.equal(pages(), 2, "the first page of each");
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
    room.clock.advance(0);
    low();
    perTurn.push(Math.ceil(pages() - before));
  }
  assert.ok(Math.max(...perTurn) <= 2, `${perTurn}`);
  for (const { peer } of people) assert.deepEqual(messageTexts(peer.take()), ["for all"]);

  const [reader] = people;
  assert.ok(reader);
  assert.equal(performRequest(room.chat, reader.member, { verb: "history" }), 2 + 300 / 50);
  const first = { verb: "history", limit: 1 } as const;
  assert.equal(
    performRequest(room.chat, reader.member, first),
    2 + 300 / 50,
    "is there more to read?",
  );
  assert.equal(
    performRequest(room.chat, reader.member, { verb: "history", since: 996 }),
    2,
    "in memory",
  );
});
