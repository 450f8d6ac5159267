import { assertEquals, assertStrictEquals } from "@std/assert";
import { newMember } from "../../../server/chat/member.ts";
import { EN } from "../../../texts/en.ts";
import { AbsentPeer } from "../../../server/chat/absent_peer.ts";
import { SqliteSessionStore } from "../../../server/storage/session_store.ts";
import { GroupCommit } from "../../../server/store/group_commit.ts";
import { DataDirectory } from "../history/history_fixture.ts";

const PEER = new AbsentPeer({ address: "", dialect: "native", texts: EN }, () => {});

const DAY_MS = 86_400_000;

function sessionsIn(data: DataDirectory, mostReleased = 100) {
  const store = data.open();
  const time = { now: 100 * DAY_MS };
  const commits = new GroupCommit({ transactions: store, soon: (settle) => settle(), most: 9 });
  const sessions = new SqliteSessionStore({ store, commits, now: () => time.now, mostReleased });
  const member = (serial: number) =>
    newMember({ id: serial, serial, session: `token ${serial}`, since: "", peer: PEER });
  const known = (count: number) => {
    const all = Array.from({ length: count }, (_, at) => at + 1);
    return all.filter((serial) => sessions.find(`token ${serial}`) !== undefined);
  };
  return { sessions, time, member, known };
}

Deno.test("SqliteSessionStore.purge() forgets members that were away for long, and none that is connected", () => {
  using data = new DataDirectory();
  const { sessions, time, member, known } = sessionsIn(data);
  sessions.save(member(1));
  for (const serial of [2, 3]) {
    sessions.save(member(serial));
    sessions.release(member(serial));
    time.now += 20 * DAY_MS;
  }
  assertStrictEquals(sessions.purge({ seq: 0, at: -Infinity }), false);
  assertEquals(known(3), [1, 3], "30 days at most");
  sessions.purge({ seq: 0, at: time.now - DAY_MS });
  assertEquals(known(3), [1], "or as long as messages");
});

Deno.test("SqliteSessionStore.purge() keeps the latest of too many, and takes some at a time", () => {
  using data = new DataDirectory();
  const { sessions, time, member, known } = sessionsIn(data, 3);
  sessions.save(member(1));
  for (let serial = 2; serial <= 1_200; serial++) {
    sessions.save(member(serial));
    sessions.release(member(serial));
    time.now++;
  }
  assertStrictEquals(sessions.purge({ seq: 0, at: -Infinity }), true);
  assertStrictEquals(known(1_200).length, 200);
  assertStrictEquals(sessions.purge({ seq: 0, at: -Infinity }), false);
  assertEquals(known(1_200), [1, 1_198, 1_199, 1_200]);
});
