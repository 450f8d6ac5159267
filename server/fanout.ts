// From one event to everybody who gets it: encoded once per encoder, the bytes shared by all
// recipients. Knows neither sockets nor what the events mean.

import { BlockWriter, type Slice } from "../protocol/block.ts";
import type { Encoder } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";
import type { Delivery, Member, Peer } from "./chat/member.ts";
import type { ByteCount } from "./net/queue_memory.ts";
import { type Follower, SharedLog } from "./net/shared_log.ts";

/** What a fan-out needs of the server. */
export interface FanoutOptions {
  /** Bytes a reader may lag behind. */
  readonly maxLagBytes: number;
  /** Counts what is kept for readers that lag. */
  readonly memory?: ByteCount;
  /** Told who has something to send. */
  readonly wake: (followers: ReadonlySet<Follower>) => void;
}

/** The delivery of a running server. */
export class Fanout implements Delivery {
  readonly #options: FanoutOptions;
  /** What everyone gets, once for each way of writing it. */
  readonly #logs = new Map<Encoder<ServerEvent>, SharedLog>();
  // What only some get is written elsewhere: it would tear the logs' bytes apart.
  readonly #single = new BlockWriter();
  #deliveries = 0;

  constructor(options: FanoutOptions) {
    this.#options = options;
  }

  /** Copies handed to queues so far. */
  get deliveries(): number {
    return this.#deliveries;
  }

  admit({ peer }: Member): void {
    let log = this.#logs.get(peer.encoder);
    if (log === undefined) {
      log = new SharedLog(this.#options);
      this.#logs.set(peer.encoder, log);
    }
    peer.outbox.follow(log);
  }

  dismiss({ peer }: Member): void {
    peer.outbox.unfollow();
  }

  toEveryone(event: ServerEvent, except?: Member): void {
    for (const [encoder, log] of this.#logs) {
      const isOwn = except?.peer.outbox.log === log;
      const readers = log.size - (isOwn ? 1 : 0);
      if (readers === 0) continue;
      const from = log.end;
      if (!log.append((out) => encoder.encode(event, out))) continue;
      if (isOwn) except.peer.outbox.passOver(from);
      this.#deliveries += readers;
    }
  }

  toMany(members: Iterable<Member>, event: ServerEvent, except?: Member): void {
    const encoded = new Map<Encoder<ServerEvent>, Slice | undefined>();
    for (const member of members) {
      if (member === except) continue;
      const { encoder } = member.peer;
      let slice = encoded.get(encoder);
      if (slice === undefined) {
        if (encoded.has(encoder)) continue; // this dialect has no words for the event
        slice = write(this.#single, encoder, event);
        encoded.set(encoder, slice);
        if (slice === undefined) continue;
      }
      member.peer.outbox.push(slice);
      this.#deliveries++;
    }
  }

  toOne(peer: Pick<Peer, "encoder" | "outbox">, event: ServerEvent): void {
    const slice = write(this.#single, peer.encoder, event);
    if (slice === undefined) return;
    peer.outbox.push(slice);
    this.#deliveries++;
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
