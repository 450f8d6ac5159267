// Who has got what: finds losses, duplicates, changes of order and damage, at the cost of a few array
// accesses for each delivery. Pure.

/** What can go wrong with a message on its way to one receiver. */
export type FaultKind = "lost" | "duplicated" | "reordered" | "torn";

/** All kinds, as they are told. */
export const FAULT_KINDS: readonly FaultKind[] = ["lost", "duplicated", "reordered", "torn"];

/** The first of its kind. */
export interface DeliveryFault {
  readonly kind: FaultKind;
  /** Number of the client that did not get what it should have. */
  readonly receiver: number;
  /** Number of the client that said it; -1 where the damage hides it. */
  readonly sender: number;
  /** Number of the message that was due from that sender; -1 where the damage hides the sender. */
  readonly expected: number;
  /** The number that came instead, or the damaged line; nothing when nothing came. */
  readonly received: number | string | undefined;
}

/** Missing messages remembered one by one, so that a late one is told from a second one. */
const MAX_MISSING = 200_000;
/** Numbers one sender may use; more would not fit the keys of missing messages. */
const NUMBERS = 2 ** 24;

/** The books of one run. Clients are counted from 0; the first `senders` of them speak. */
export class DeliveryLedger {
  readonly senders: number;
  readonly receivers: number;
  /** Messages each sender has sent. */
  readonly sent: Uint32Array;
  /** How often each kind has happened. */
  readonly counts: Record<FaultKind, number> = { lost: 0, duplicated: 0, reordered: 0, torn: 0 };
  /** Deliveries that came, whatever was wrong with them. */
  deliveries = 0;
  /** Deliveries to the sender itself although it is not expected to hear itself. */
  ownReceived = 0;
  readonly #hearsItself: boolean;
  /** For each receiver and sender the number that is due next. */
  readonly #next: Uint32Array;
  readonly #gone: Uint8Array;
  #here: number;
  readonly #missing = new Set<number>();
  readonly #first = new Map<FaultKind, DeliveryFault>();

  constructor(
    { receivers, senders, hearsItself }: {
      readonly receivers: number;
      readonly senders: number;
      /** Whether senders get their own messages too (D5). */
      readonly hearsItself: boolean;
    },
  ) {
    this.receivers = receivers;
    this.senders = senders;
    this.sent = new Uint32Array(senders);
    this.#hearsItself = hearsItself;
    this.#next = new Uint32Array(receivers * senders);
    this.#gone = new Uint8Array(receivers);
    this.#here = receivers;
  }

  /** The first fault of each kind that has happened. */
  get firstFaults(): DeliveryFault[] {
    return FAULT_KINDS.flatMap((kind) => this.#first.get(kind) ?? []);
  }

  /** Whether `client` is still here. */
  isHere(client: number): boolean {
    return this.#gone[client] === 0;
  }

  /** Faults of all kinds. */
  get faults(): number {
    return FAULT_KINDS.reduce((sum, kind) => sum + this.counts[kind], 0);
  }

  /** Whether `receiver` is to get what `sender` says. */
  expects(receiver: number, sender: number): boolean {
    return this.#gone[receiver] === 0 && (receiver !== sender || this.#hearsItself);
  }

  /** How many are to get what `sender` says. */
  audience(sender: number): number {
    return this.#here - (this.#hearsItself || !this.isHere(sender) ? 0 : 1);
  }

  /** The number `receiver` is to get next from `sender`. */
  due(receiver: number, sender: number): number {
    return this.#next[receiver * this.senders + sender] ?? 0;
  }

  /**
   * A whole message came. Answers how many of that sender's messages this settles for the receiver,
   * with those it skipped; they end with `number`. 0 for one that was settled before.
   */
  receive(receiver: number, sender: number, number: number): number {
    if (sender >= this.senders) return 0;
    this.deliveries++;
    if (receiver === sender && !this.#hearsItself) {
      this.ownReceived++;
      return 0;
    }
    const at = receiver * this.senders + sender;
    const due = this.#next[at] ?? 0;
    if (number < due) {
      this.#late(receiver, sender, number);
      return 0;
    }
    if (number > due) this.#skip(receiver, sender, number);
    this.#next[at] = number + 1;
    return number - due + 1;
  }

  /** A damaged message came; `text` is what did, for people. Answers as {@linkcode receive} does. */
  tear(receiver: number, sender: number, number: number, text: string): number {
    this.counts.torn++;
    const known = sender >= 0 && sender < this.senders;
    const expected = known ? this.due(receiver, sender) : -1;
    this.#note({ kind: "torn", receiver, sender: known ? sender : -1, expected, received: text });
    if (!known || number < expected || !this.expects(receiver, sender)) return 0;
    this.deliveries--; // it is counted as torn, not as delivered
    return this.receive(receiver, sender, number);
  }

  /** `client` is gone: neither what it does not get nor what it could not say any more is lost. */
  drop(client: number): void {
    if (this.isHere(client)) this.#here--;
    this.#gone[client] = 1;
  }

  /** How many clients are still here. */
  get here(): number {
    return this.#here;
  }

  /** Nothing more will come: whatever is still due from those who are still here is lost. */
  finish(): void {
    for (let receiver = 0; receiver < this.receivers; receiver++) {
      for (let sender = 0; sender < this.senders; sender++) {
        const due = this.due(receiver, sender);
        const missing = (this.sent[sender] ?? 0) - due;
        const counts = this.expects(receiver, sender) && this.isHere(sender);
        if (missing <= 0 || !counts) continue;
        this.counts.lost += missing;
        this.#note({ kind: "lost", receiver, sender, expected: due, received: undefined });
        this.#next[receiver * this.senders + sender] = this.sent[sender] ?? 0;
      }
    }
    const [missing] = this.#missing;
    if (missing !== undefined && !this.#first.has("lost")) this.#noteMissing(missing);
  }

  /** `number` came before those that are due: they are lost, unless they come later. */
  #skip(receiver: number, sender: number, number: number): void {
    const expected = this.due(receiver, sender);
    this.counts.lost += number - expected;
    this.#note({ kind: "lost", receiver, sender, expected, received: number });
    for (let missing = expected; missing < number; missing++) {
      if (this.#missing.size >= MAX_MISSING) return;
      this.#missing.add(this.#key(receiver, sender, missing));
    }
  }

  #late(receiver: number, sender: number, number: number): void {
    const key = this.#key(receiver, sender, number);
    const expected = this.due(receiver, sender);
    if (!this.#missing.delete(key)) {
      this.counts.duplicated++;
      return this.#note({ kind: "duplicated", receiver, sender, expected, received: number });
    }
    this.counts.lost--;
    this.counts.reordered++;
    const lost = this.#first.get("lost");
    const isExample = lost?.receiver === receiver && lost.sender === sender;
    if (isExample && lost.expected <= number) this.#first.delete("lost"); // it was only late
    this.#note({ kind: "reordered", receiver, sender, expected, received: number });
  }

  #key(receiver: number, sender: number, number: number): number {
    return (receiver * this.senders + sender) * NUMBERS + number;
  }

  #noteMissing(key: number): void {
    const pair = Math.floor(key / NUMBERS);
    const receiver = Math.floor(pair / this.senders);
    const sender = pair % this.senders;
    this.#note({ kind: "lost", receiver, sender, expected: key % NUMBERS, received: undefined });
  }

  #note(fault: DeliveryFault): void {
    if (!this.#first.has(fault.kind)) this.#first.set(fault.kind, fault);
  }
}
