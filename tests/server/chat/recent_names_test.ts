import { assert, assertEquals } from "@std/assert";
import { RecentNames } from "../../../server/chat/recent_names.ts";
import { RecordingPeer } from "../../fake_peer.ts";
import { ChatFixture } from "./chat_fixture.ts";

const at = (address: string, identity = "") => ({
  peer: Object.assign(new RecordingPeer(), { address }),
  identity,
});

Deno.test("A12: RecentNames.keeps() a name from other addresses for five seconds", () => {
  const recent = new RecentNames();
  recent.add("Bob", at("192.0.2.1", "claim"), 0);
  recent.add("eve", at("127.0.0.1"), 0);
  recent.add("six", at("2001:db8::1"), 0);
  assert(recent.keeps("bob", at("192.0.2.2"), 4_999));
  assert(!recent.keeps("bob", at("192.0.2.2"), 5_000));
  assert(!recent.keeps("BOB", at("192.0.2.1"), 1));
  assert(!recent.keeps("bob", at("192.0.2.2", "claim"), 1));
  assert(recent.keeps("bob", at("192.0.2.2", "other"), 1));
  assert(!recent.keeps("eve", at("unix"), 1));
  assert(recent.keeps("eve", at("127.0.0.2"), 1));
  assert(!recent.keeps("six", at("2001:db8::2"), 1));
  assert(!recent.keeps("zoe", at("192.0.2.2"), 1));
});

Deno.test("A12: a private message does not reach the next bearer of a name from elsewhere", () => {
  const { chat, clock } = new ChatFixture();
  const connect = (address: string, name: string) => {
    const peer = Object.assign(new RecordingPeer(), { address });
    const member = chat.connect(peer, "2030-01-01T00:00:00.000Z");
    chat.register(member, name);
    return { peer, member };
  };
  const alice = connect("192.0.2.1", "alice");
  const bob = connect("192.0.2.2", "bob");
  chat.leave(bob.member, "bye");
  const heir = connect("192.0.2.3", "bob");
  chat.messaging.send(alice.member, { text: "psst", to: { sigil: "@", name: "bob" } });
  assertEquals(chat.find("bob"), undefined);
  const codes = ({ events }: RecordingPeer) =>
    events.flatMap((event) => event.type === "error" ? [event.code] : []);
  assertEquals(codes(heir.peer), ["name_taken"]);
  assertEquals(codes(alice.peer), ["no_such_name"]);
  // Neither by another name, a group or a dialect that cannot be refused.
  chat.register(heir.member, "heir");
  chat.rename(heir.member, "bob");
  chat.groups.join(heir.member, "bob");
  assertEquals(chat.find("bob"), undefined);
  assertEquals(chat.groups.size, 0);
  clock.advance(5_000);
  chat.rename(heir.member, "bob");
  assertEquals(chat.find("bob"), heir.member);
  // A name given up by a rename is kept too; its last bearer may take it again.
  chat.rename(heir.member, "rob");
  chat.rename(alice.member, "bob");
  assertEquals(chat.find("bob"), undefined);
  chat.rename(heir.member, "bob");
  assertEquals(chat.find("bob"), heir.member);
});
