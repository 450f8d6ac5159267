// Fakes of the peers that the chat and the fan-out send to: encoders, outboxes, peers, deliveries.
// They record what they are given and send nothing.

import { EN } from "../texts/en.ts";
import type { Slice } from "../protocol/block.ts";
import type { Answer, Encoder } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";
import type { CloseReason } from "../protocol/failures.ts";
import { AbsentPeer } from "../server/chat/absent_peer.ts";
import {
  type Addressee,
  areAmong,
  type Delivery,
  type Member,
  type Outbox,
  type Peer,
  type Readers,
} from "../server/chat/member.ts";
import { SendQueue } from "../server/net/send_queue.ts";
import type { Follower, SharedLog } from "../server/net/shared_log.ts";

const DECODER = new TextDecoder();

/** Encodes every event as one line of JSON and counts the calls. */
export class CountingEncoder implements Encoder<ServerEvent> {
  encoded = 0;

  /** Events of the types in `wordless` are encoded as nothing. */
  constructor(readonly wordless: readonly ServerEvent["type"][] = []) {}

  encode(event: ServerEvent, out: { text(text: string): void }): void {
    this.encoded++;
    if (!this.wordless.includes(event.type)) out.text(JSON.stringify(event) + "\n");
  }
}

/** Accepts everything and sends nothing. */
export class RecordingOutbox implements Outbox, Follower {
  /** What was pushed, in order. */
  readonly slices: Slice[] = [];
  /** How often a log announced more data. */
  checks = 0;
  readonly #queue = new SendQueue(Infinity);
  /** What `text` has taken from the queue. */
  readonly #read: string[] = [];
  #readBytes = 0;

  /** All bytes so far, pushed or from a log, as text. */
  get text(): string {
    while (this.#queue.bytes > 0) {
      const part = this.#queue.peek(Infinity); // it ends where an item does
      this.#read.push(DECODER.decode(part));
      this.#readBytes += part.length;
      this.#queue.consume(part.length);
    }
    return this.#read.join("");
  }

  get queuedBytes(): number {
    return this.#readBytes + this.#queue.bytes;
  }

  get log(): SharedLog | undefined {
    return this.#queue.log;
  }

  push(slice: Slice): void {
    this.slices.push(slice);
    this.#queue.push(slice);
  }

  follow(log: SharedLog): void {
    this.#queue.follow(log);
    log.add(this);
  }

  unfollow(): void {
    const { log } = this.#queue;
    this.#queue.follow(undefined);
    log?.remove(this);
  }

  skipFrom(from: number): void {
    this.#queue.skipFrom(from);
  }

  /** Called by tests to let it read. */
  onLow: (() => void) | undefined;

  onDrained(then: () => void): void {
    this.onLow = then;
  }

  checkBacklog(): void {
    this.checks++;
  }

  flush(): boolean {
    return false;
  }
}

/** Options of a {@linkcode RecordingPeer} that differ from the usual ones. */
export interface PeerOptions {
  readonly echo?: boolean;
  readonly canRefuseName?: boolean;
  readonly encoder?: Encoder<ServerEvent>;
  readonly own?: Encoder<ServerEvent | Answer>;
}

/** A connection that stores the events it is sent. */
export class RecordingPeer implements Peer {
  readonly dialect = "native";
  readonly address: string = "192.0.2.1";
  readonly texts = EN;
  readonly encoder: Encoder<ServerEvent>;
  readonly echo: boolean;
  readonly canRefuseName: boolean;
  readonly flagsReplay = true;
  readonly own: Encoder<ServerEvent | Answer> | undefined;
  /** What a {@linkcode RecordingDelivery} delivered here, in order. */
  readonly events: ServerEvent[] = [];
  /** The decoder's own answers that were delivered here, in order. */
  readonly answers: Uint8Array[] = [];
  /** What a fan-out queued here. */
  readonly outbox = new RecordingOutbox();
  readonly closes: { reason: CloseReason; detail: string | undefined }[] = [];
  /** Called on every `close()`. */
  onClose: (reason: CloseReason, detail?: string) => void = () => {};

  constructor(options: PeerOptions = {}) {
    this.echo = options.echo ?? false;
    this.canRefuseName = options.canRefuseName ?? true;
    this.encoder = options.encoder ?? new CountingEncoder();
    this.own = options.own;
  }

  /** The member whose connection it is. */
  member: Member | undefined;

  attachMember(member: Member): void {
    this.member = member;
  }

  close(reason: CloseReason, detail?: string): void {
    this.closes.push({ reason, detail });
    this.onClose(reason, detail);
  }

  /** Answers that are pending; later requests wait for them. */
  waits = 0;

  wait(): () => void {
    this.waits++;
    return () => void this.waits--;
  }

  /** The events since the last call. */
  take(): ServerEvent[] {
    return this.events.splice(0);
  }
}

/** A delivery that hands every event to its {@linkcode RecordingPeer} as it is. */
export class RecordingDelivery implements Delivery {
  readonly #admitted = new Set<Member>();

  admit(member: Member): void {
    this.#admitted.add(member);
  }

  dismiss(member: Member): void {
    this.#admitted.delete(member);
  }

  readmit(): void {}

  toEveryone(event: ServerEvent, except?: Member, readers?: Readers): void {
    const all = [...this.#admitted].filter(({ peer }) => areAmong(readers, peer.encoder));
    this.toMany(all, event, except);
  }

  toMany(members: Iterable<Member>, event: ServerEvent, except?: Member): void {
    for (const member of members) if (member !== except) this.toOne(member.peer, event);
  }

  toOne(peer: Addressee, event: ServerEvent | Answer): void {
    if (peer instanceof AbsentPeer) return;
    if (!(peer instanceof RecordingPeer)) throw new TypeError("Deliver to a RecordingPeer");
    if (event.type === "answer") peer.answers.push(event.bytes);
    else peer.events.push(event);
  }

  queuedBytes({ outbox }: Addressee): number {
    return outbox.queuedBytes;
  }

  whenLow({ outbox }: Addressee, then: () => void): void {
    outbox.onDrained(then);
  }
}
