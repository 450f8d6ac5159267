// A chat on a delivery without outboxes, as over a network.

import { assert, assertEquals, assertStrictEquals, fail } from "@std/assert";
import type { Addressee } from "../../../server/chat/member.ts";
import { RecordingDelivery } from "../../fake_peer.ts";
import { memberWithToken, messageTexts, resumeMember } from "./resuming_members.ts";
import { ChatFixture, type TestMember } from "./chat_fixture.ts";

/** Queues by peer what waits for space, and reads no outbox. */
class LinkDelivery extends RecordingDelivery {
  readonly waiting = new Map<Addressee, () => void>();

  override queuedBytes(): number {
    return 0;
  }

  override whenLow(peer: Addressee, then: () => void): void {
    this.waiting.set(peer, then);
  }
}

function withoutOutbox<P extends Pick<TestMember, "peer">>(client: P): P {
  const get = () => fail("The chat looked into an outbox");
  Object.defineProperty(client.peer, "outbox", { get });
  return client;
}

Deno.test("Chat: who catches up waits for the delivery, which needs no outbox for it", () => {
  const delivery = new LinkDelivery();
  const fixture = new ChatFixture({ delivery, capacity: 1_000 });
  const connect = fixture.connect.bind(fixture);
  fixture.connect = (options) => withoutOutbox(connect(options));
  const bob = fixture.join("bob", { echo: true });
  const ann = memberWithToken(fixture, "ann");
  fixture.drop(ann, "reset");
  for (let at = 1; at <= 120; at++) bob.say(`${at}`);
  const { client, reported } = resumeMember(fixture, ann.token);
  const seen = [...reported];
  for (let pages = 0; delivery.waiting.size > 0; pages++) {
    const [[peer, then] = fail()] = delivery.waiting;
    assert(pages < 5);
    assertStrictEquals(peer, client.peer);
    delivery.waiting.delete(peer);
    then();
    seen.push(...client.peer.take());
  }
  bob.say("121");
  seen.push(...client.peer.take());
  assertEquals(messageTexts(seen), Array.from({ length: 121 }, (_, at) => `${at + 1}`));
});
