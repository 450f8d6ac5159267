// Delivers events: each is encoded once per encoder, and the bytes are shared by all its
// recipients.

import { BlockWriter, type Slice } from "../protocol/block.ts";
import type { Answer, Encoder } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";
import {
  type Addressee,
  areAmong,
  type Delivery,
  type Member,
  type Readers,
} from "./chat/member.ts";
import type { ByteCount } from "./net/queue_memory.ts";
import { type Follower, SharedLog } from "./net/shared_log.ts";

/** What a fan-out needs of the server. */
export interface FanoutOptions {
  /** Bytes a reader may lag behind. */
  readonly maxLagBytes: number;
  /** Counts the memory kept for readers that lag. */
  readonly memory?: ByteCount;
  /** Called with the followers that have something to send. */
  readonly wake: (followers: ReadonlySet<Follower>) => void;
}

/** The delivery of a running server. */
export class Fanout implements Delivery {
  readonly #options: FanoutOptions;
  /** The log of broadcasts of each encoder. */
  readonly #logs = new Map<Encoder<ServerEvent>, SharedLog>();
  // Events for some members are written elsewhere: the broadcasts in a log stay contiguous.
  readonly #single = new BlockWriter();
  #deliveries = 0;

  constructor(options: FanoutOptions) {
    this.#options = options;
  }

  /** Copies of events queued so far. */
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

  readmit(member: Member): void {
    const { encoder, outbox: { log } } = member.peer;
    if (log === undefined || log === this.#logs.get(encoder)) return;
    this.dismiss(member);
    this.admit(member);
  }

  toEveryone(event: ServerEvent, except?: Member, readers?: Readers): void {
    for (const [encoder, log] of this.#logs) {
      if (!areAmong(readers, encoder)) continue;
      const isOwn = except?.peer.outbox.log === log;
      const count = log.size - (isOwn ? 1 : 0);
      if (count === 0) continue;
      const from = log.end;
      if (!log.append((out) => encoder.encode(event, out))) continue;
      if (isOwn) except.peer.outbox.skipFrom(from);
      this.#deliveries += count;
    }
  }

  toMany(members: Iterable<Member>, event: ServerEvent, except?: Member): void {
    const encoded = new Map<Encoder<ServerEvent>, Slice | undefined>();
    for (const member of members) {
      if (member === except) continue;
      const { encoder } = member.peer;
      let slice = encoded.get(encoder);
      if (slice === undefined) {
        if (encoded.has(encoder)) continue; // this dialect cannot express the event
        slice = write(this.#single, encoder, event);
        encoded.set(encoder, slice);
        if (slice === undefined) continue;
      }
      member.peer.outbox.push(slice);
      this.#deliveries++;
    }
  }

  toOne({ encoder, outbox, own }: Addressee, event: ServerEvent | Answer): void {
    this.#single.begin();
    if (own !== undefined) own.encode(event, this.#single);
    else if (event.type === "answer") this.#single.bytes(event.bytes);
    else encoder.encode(event, this.#single);
    const slice = this.#single.end();
    if (slice === undefined) return;
    outbox.push(slice);
    this.#deliveries++;
  }

  queuedBytes({ outbox }: Addressee): number {
    return outbox.queuedBytes;
  }

  whenLow({ outbox }: Addressee, then: () => void): void {
    outbox.onDrained(then);
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
