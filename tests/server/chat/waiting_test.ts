import { assertEquals } from "@std/assert";
import { MemoryHistory } from "../../../server/history/memory_history.ts";
import { GroupCommit, NO_TRANSACTIONS } from "../../../server/store/group_commit.ts";
import { eventTypes, GRACE_MS, memberWithToken } from "./resuming_members.ts";
import { ChatFixture } from "./chat_fixture.ts";

/** A chat in which messages are only stored when the test settles them. */
function waitingChat(): ChatFixture {
  const soon = () => {};
  const commits = new GroupCommit({ transactions: NO_TRANSACTIONS, soon, most: 100 });
  return new ChatFixture({ history: new MemoryHistory({ capacity: 100, now: () => 0, commits }) });
}

Deno.test("What waits to be stored is delivered before a grace time is over", () => {
  const fixture = waitingChat();
  const ann = memberWithToken(fixture, "ann");
  const [bob, carol] = [fixture.join("bob"), fixture.join("carol")];
  fixture.drop(ann, "reset");
  bob.peer.take();
  carol.say("still here, ann?");
  assertEquals(bob.peer.take(), []);
  fixture.clock.advance(GRACE_MS);
  assertEquals(eventTypes(bob.peer.take()), ["message", "left"]);
});

Deno.test("What waits to be stored is delivered before a new name", () => {
  const fixture = waitingChat();
  const [bob, carol, dave] = [fixture.join("bob"), fixture.join("carol"), fixture.join("dave")];
  bob.peer.take();
  carol.say("who is dave?");
  fixture.chat.rename(dave.member, "david"); // as after a passphrase was hashed
  assertEquals(eventTypes(bob.peer.take()), ["message", "renamed"]);
});
