// Stand-ins for whom the chat and the fan-out speak to: encoders, outboxes, peers, deliveries. They
// record what they are given and send nothing.

import type { Slice } from "../protocol/block.ts";
import type { Encoder } from "../protocol/dialect.ts";
import type { ServerEvent } from "../protocol/events.ts";
import type { CloseReason } from "../protocol/failures.ts";
import { AbsentPeer } from "../server/chat/absent_peer.ts";
import type { Delivery, Member, Outbox, Peer } from "../server/chat/member.ts";
import { SendQueue } from "../server/net/send_queue.ts";
import type { Follower, SharedLog } from "../server/net/shared_log.ts";

const DECODER = new TextDecoder();

/** Writes every event as one line of JSON and counts how often it was asked to. */
export class CountingEncoder implements Encoder<ServerEvent> {
  encoded = 0;

  /** Event types in `wordless` are written as nothing. */
  constructor(readonly wordless: readonly ServerEvent["type"][] = []) {}

  encode(event: ServerEvent, out: { text(text: string): void }): void {
    this.encoded++;
    if (!this.wordless.includes(event.type)) out.text(JSON.stringify(event) + "\n");
  }
}

/** Takes whatever it is given and sends nothing. */
export class RecordingOutbox implements Outbox, Follower {
  /** What was pushed, in order. */
  readonly slices: Slice[] = [];
  /** How often a log said that there is more. */
  checks = 0;
  readonly #queue = new SendQueue(Infinity);

  /** All bytes so far, pushed or from a log, as text. */
  get text(): string {
    return DECODER.decode(this.#queue.peek(Infinity));
  }

  get queuedBytes(): number {
    return this.#queue.bytes;
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

  passOver(from: number): void {
    this.#queue.passOver(from);
  }

  /** Called by tests that let it read. */
  onLow: (() => void) | undefined;

  whenLow(then: () => void): void {
    this.onLow = then;
  }

  checkBacklog(): void {
    this.checks++;
  }

  flush(): boolean {
    return false;
  }
}

/** A connection that keeps what it was told. */
export class RecordingPeer implements Peer {
  readonly dialect = "native";
  readonly address: string = "192.0.2.1";
  readonly encoder: Encoder<ServerEvent>;
  readonly echo: boolean;
  readonly canRefuseName: boolean;
  /** What a {@linkcode RecordingDelivery} delivered here, in order. */
  readonly events: ServerEvent[] = [];
  /** What a fan-out queued here. */
  readonly outbox = new RecordingOutbox();
  readonly closes: { reason: CloseReason; detail: string | undefined }[] = [];
  /** Called on every `close()`. */
  onClose: (reason: CloseReason, detail?: string) => void = () => {};

  constructor(
    options: {
      echo?: boolean;
      canRefuseName?: boolean;
      encoder?: Encoder<ServerEvent>;
    } = {},
  ) {
    this.echo = options.echo ?? false;
    this.canRefuseName = options.canRefuseName ?? true;
    this.encoder = options.encoder ?? new CountingEncoder();
  }

  /** Whose connection it has become. */
  member: Member | undefined;

  takeOver(member: Member): void {
    this.member = member;
  }

  close(reason: CloseReason, detail?: string): void {
    this.closes.push({ reason, detail });
    this.onClose(reason, detail);
  }

  /** How many answers its later requests wait for. */
  waits = 0;

  wait(): () => void {
    this.waits++;
    return () => void this.waits--;
  }

  /** What came since the last call of this. */
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

  toEveryone(event: ServerEvent, except?: Member): void {
    this.toMany(this.#admitted, event, except);
  }

  toMany(members: Iterable<Member>, event: ServerEvent, except?: Member): void {
    for (const member of members) if (member !== except) this.toOne(member.peer, event);
  }

  toOne(peer: Pick<Peer, "encoder" | "outbox">, event: ServerEvent): void {
    if (peer instanceof AbsentPeer) return;
    if (!(peer instanceof RecordingPeer)) throw new TypeError("Deliver to a RecordingPeer");
    peer.events.push(event);
  }
}
