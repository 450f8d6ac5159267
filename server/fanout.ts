// From one event to everybody's queue: encoded once per encoder, the bytes shared by all recipients.
// Knows neither sockets nor what the events mean.

import { BlockWriter, type Slice } from "../protocol/block.ts";
import type { Encoder } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";
import type { Delivery, Member, Peer } from "./chat/member.ts";

/** The delivery of a running server. */
export class Fanout implements Delivery {
  // One writer per encoder, so that consecutive events for the same readers lie side by side and
  // leave as one slice; private answers go elsewhere, or they would tear those slices apart.
  readonly #shared = new Map<Encoder<ServerEvent>, BlockWriter>();
  readonly #single = new BlockWriter();
  #deliveries = 0;

  /** Copies handed to queues so far. */
  get deliveries(): number {
    return this.#deliveries;
  }

  toMany(members: Iterable<Member>, event: ServerEvent, except?: Member): void {
    const encoded = new Map<Encoder<ServerEvent>, Slice | undefined>();
    for (const member of members) {
      if (member === except) continue;
      const { encoder } = member.peer;
      let slice = encoded.get(encoder);
      if (slice === undefined) {
        if (encoded.has(encoder)) continue; // this dialect has no words for the event
        slice = write(this.#writerOf(encoder), encoder, event);
        encoded.set(encoder, slice);
        if (slice === undefined) continue;
      }
      member.peer.push(slice);
      this.#deliveries++;
    }
  }

  toOne(peer: Pick<Peer, "encoder" | "push">, event: ServerEvent): void {
    const slice = write(this.#single, peer.encoder, event);
    if (slice === undefined) return;
    peer.push(slice);
    this.#deliveries++;
  }

  #writerOf(encoder: Encoder<ServerEvent>): BlockWriter {
    let writer = this.#shared.get(encoder);
    if (writer === undefined) {
      writer = new BlockWriter();
      this.#shared.set(encoder, writer);
    }
    return writer;
  }
}

function write(
  writer: BlockWriter,
  encoder: Encoder<ServerEvent>,
  event: ServerEvent,
): Slice | undefined {
  writer.begin();
  encoder.encode(event, writer);
  return writer.end();
}
