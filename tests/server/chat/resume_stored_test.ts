import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { failure } from "../../../protocol/failures.ts";
import { perform } from "../../../server/chat/perform.ts";
import { restore } from "../../../server/chat/resume.ts";
import { StoredSessions } from "../../../server/storage/session_store.ts";
import { GroupCommit } from "../../../server/store/group_commit.ts";
import { storedSerials } from "../../../server/store/member_serials.ts";
import { DataDirectory, onDisk, say } from "../history/history_fixture.ts";
import { comeBack, GRACE_MS, holder, texts, types } from "./resuming_members.ts";
import { Room, type RoomOptions } from "./chat_fixture.ts";

/** Rooms of one server after another, which remember in the same directory. */
function rooms(data: DataDirectory): (options?: RoomOptions) => Room & { close(): void } {
  return (options = {}) => {
    const store = data.open();
    const soon = (settle: () => void) => settle();
    const { serials, transactions } = storedSerials(store);
    const commits = new GroupCommit({ transactions, soon, most: 1_000 });
    const sessions = new StoredSessions({ store, commits, now: () => 0 });
    const newSerial = serials.next;
    const room = new Room({ ...options, history: onDisk(store), sessions, newSerial });
    return Object.assign(room, { close: () => store.close() });
  };
}

Deno.test("a session survives a restart of the server: name, groups, private messages", () => {
  using data = new DataDirectory();
  const next = rooms(data);
  let room = next();
  const ann = holder(room, "ann");
  const bob = holder(room, "bob");
  ann.ask({ verb: "join", group: "dev" });
  bob.ask({ verb: "join", group: "dev" });
  bob.say("one", "#dev");
  bob.say("two", "@ann");
  room.close(); // and nobody was told

  room = next();
  restore(room.chat);
  assert.equal(room.connect().refused({ verb: "hello", name: "ann" }), "name_taken", "it is held");
  const back = comeBack(room, bob.token, 2);
  back.person.say("three", "#dev");
  const { person, told } = comeBack(room, ann.token);
  assert.deepEqual(texts(told), ["one", "two", "three"]);
  assert.deepEqual(texts(back.person.peer.take()), [], "its own it has");
  person.say("four", "#dev");
  assert.deepEqual(texts(back.person.peer.take()), ["four"]);
  room.clock.advance(GRACE_MS);
  assert.equal(room.chat.members.size, 2);
  room.close();
});

Deno.test("after a restart names are held for the grace time, and a session goes on even later", () => {
  using data = new DataDirectory();
  const next = rooms(data);
  let room = next();
  const ann = holder(room, "ann");
  ann.ask({ verb: "rename", name: "anna" });
  ann.say("hi");
  room.chat.disband();
  room.drop(ann, "shutdown");
  room.close();

  room = next();
  restore(room.chat);
  const eve = room.join("eve");
  room.clock.advance(GRACE_MS);
  assert.deepEqual(eve.peer.take(), [{ type: "left", name: "anna", reason: "connection lost" }]);
  const { told } = comeBack(room, ann.token);
  assert.deepEqual(types(told), ["welcome", "message"]);
  assert.deepEqual(eve.peer.take(), [{ type: "joined", name: "anna" }]);
  room.close();

  room = next();
  const late = room.join("anna"); // before anybody was waited for
  assert.equal(late.name, "anna");
  restore(room.chat);
  const [refused] = comeBack(room, ann.token).told;
  assert.ok(refused?.type === "error" && refused.code === "name_taken");
  room.close();
});

Deno.test("who was not waited for, or may not come back, holds no name after a restart", () => {
  using data = new DataDirectory();
  const next = rooms(data);
  let room = next({ limits: { maxHeld: 0 } });
  const [ann, bob] = [holder(room, "ann"), holder(room, "bob")];
  room.drop(ann, "reset");
  assert.deepEqual(room.chat.sessions.held().map(({ name }) => name), ["bob"]);
  room.close();

  room = next({
    refuses: (name) => name === "bob" ? failure("banned", () => "banned: x") : undefined,
  });
  restore(room.chat);
  assert.deepEqual([...room.chat.members].map(({ name }) => name), []);
  assert.deepEqual(room.chat.sessions.held(), []);
  assert.deepEqual(types(comeBack(room, ann.token).told), ["welcome"]);
  room.close();

  room = next();
  restore(room.chat);
  assert.deepEqual(types(comeBack(room, bob.token).told), ["welcome"], "the ban is over");
  room.close();
});

Deno.test("a session that could not be stored can go on as long as its server runs", () => {
  using data = new DataDirectory();
  const room = rooms(data)();
  const other = new DatabaseSync(`${data.path}/minichat.db`);
  other.exec("BEGIN IMMEDIATE");
  const ann = holder(room, "ann");
  ann.ask({ verb: "join", group: "dev" });
  room.drop(ann, "reset");
  const back = comeBack(room, ann.token);
  assert.deepEqual(types(back.told), ["welcome"]);
  assert.equal(back.person.name, "ann");
  const bob = holder(room, "bob");
  bob.ask({ verb: "bye" });
  assert.deepEqual(types(comeBack(room, bob.token).told), ["error"]);
  other.exec("ROLLBACK");
  other.close();
  back.person.ask({ verb: "rename", name: "anna" });
  assert.deepEqual(room.chat.sessions.held().map(({ name }) => name), ["anna"]);
  room.close();
});

Deno.test("whoever may read little of much waits for its turn, and pays for what was read in vain (F40)", () => {
  using data = new DataDirectory();
  const history = onDisk(data.open(), { capacity: 5, rowsPerPage: 300 });
  const room = new Room({ history });
  const [ann, bob] = [holder(room, "ann"), holder(room, "bob")];
  room.drop(ann, "reset");
  room.drop(bob, "reset");
  for (let at = 0; at < 1_000; at++) {
    say(history, { audience: { kind: "people", serials: [99, 99] } });
  }
  say(history, { text: "for all" });
  const people = [comeBack(room, ann.token).person, comeBack(room, bob.token).person];
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
  for (const { peer } of people) assert.deepEqual(texts(peer.take()), ["for all"]);

  const [reader] = people;
  assert.ok(reader);
  assert.equal(perform(room.chat, reader.member, { verb: "history" }), 2 + 300 / 50);
  const first = { verb: "history", limit: 1 } as const;
  assert.equal(perform(room.chat, reader.member, first), 2 + 300 / 50, "is there more to read?");
  assert.equal(perform(room.chat, reader.member, { verb: "history", since: 996 }), 2, "in memory");
});
