import assert from "node:assert/strict";
import { MemoryHistory } from "../../../server/history/memory_history.ts";
import { GroupCommit, NO_TRANSACTIONS } from "../../../server/store/group_commit.ts";
import { eventTypes, GRACE_MS, memberWithToken } from "./resuming_members.ts";
import { ChatFixture } from "./chat_fixture.ts";

/** A chat in which messages are only stored when the test settles them. */
function waitingRoom(): ChatFixture {
  const soon = () => {};
  const commits = new GroupCommit({ transactions: NO_TRANSACTIONS, soon, most: 100 });
  return new ChatFixture({ history: new MemoryHistory({ capacity: 100, now: () => 0, commits }) });
}

Deno.test("What waits to be stored is delivered before a grace time is over", () => {
  const room = waitingRoom();
  const ann = memberWithToken(room, "ann");
  const [bob, carol] = [room.join("bob"), room.join("carol")];
  room.drop(ann, "reset");
  bob.peer.take();
  carol.say("still here, ann?");
  assert.deepEqual(bob.peer.take(), []);
  room.clock.advance(GRACE_MS);
  assert.deepEqual(eventTypes(bob.peer.take()), ["message", "left"]);
});

Deno.test("What waits to be stored is delivered before a new name", () => {
  const room = waitingRoom();
  const [bob, carol, dave] = [room.join("bob"), room.join("carol"), room.join("dave")];
  bob.peer.take();
  carol.say("who is dave?");
  room.chat.rename(dave.member, "david"); // as after a passphrase was hashed
  assert.deepEqual(eventTypes(bob.peer.take()), ["message", "renamed"]);
});
