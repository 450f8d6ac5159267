// Records which client received which message, and finds losses, duplicates, changes of order and
// damage, at the cost of a few array accesses for each delivery. Pure.

/** What can go wrong with a message on its way to one receiver. `torn`: damaged. */
export type FaultKind = "lost" | "duplicated" | "reordered" | "torn";

/** All kinds, in the order of reports. */
export const FAULT_KINDS: readonly FaultKind[] = ["lost", "duplicated", "reordered", "torn"];

/** The first fault of its kind. */
export interface DeliveryFault {
  readonly kind: FaultKind;
  /** Number of the client that should have received the message. */
  readonly receiver: number;
  /** Number of the client that sent it; -1 if the damage hides it. */
  readonly sender: number;
  /** Number of the message that was due from that sender; -1 if the damage hides the sender. */
  readonly expected: number;
  /** The number received instead, or the damaged line; undefined if nothing was received. */
  readonly received: number | string | undefined;
}

/** Missing messages recorded one by one, so that a late one is distinguished from a duplicate. */
const MAX_MISSING = 200_000;
/** Numbers one sender may use; more would not fit the keys of missing messages. */
const NUMBERS = 2 ** 24;

/** The ledger of one run. Clients are counted from 0; the first `senders` of them send. */
export class DeliveryLedger {
  readonly senders: number;
  readonly receivers: number;
  /** Messages each sender has sent. */
  readonly sent: Uint32Array;
  /** Faults of each kind so far. */
  readonly counts: Record<FaultKind, number> = { lost: 0, duplicated: 0, reordered: 0, torn: 0 };
  /** Deliveries, including faulty ones. */
  deliveries = 0;
  /** Deliveries to the sender itself although it is not expected to receive its own messages. */
  ownReceived = 0;
  readonly #hearsItself: boolean;
  /** The number due next, for each receiver and sender. */
  readonly #next: Uint32Array;
  readonly #disconnected: Uint8Array;
  #connected: number;
  readonly #missing = new Set<number>();
  readonly #first = new Map<FaultKind, DeliveryFault>();

  constructor(
    { receivers, senders, hearsItself }: {
      readonly receivers: number;
      readonly senders: number;
      /** Whether senders receive their own messages too (D5). */
      readonly hearsItself: boolean;
    },
  ) {
    this.receivers = receivers;
    this.senders = senders;
    this.sent = new Uint32Array(senders);
    this.#hearsItself = hearsItself;
    this.#next = new Uint32Array(receivers * senders);
    this.#disconnected = new Uint8Array(receivers);
    this.#connected = receivers;
  }

  /** The first fault of each kind so far. */
  get firstFaults(): DeliveryFault[] {
    return FAULT_KINDS.flatMap((kind) => this.#first.get(kind) ?? []);
  }

  /** Whether `client` is still connected. */
  isConnected(client: number): boolean {
    return this.#disconnected[client] === 0;
  }

  /** Faults of all kinds. */
  get faults(): number {
    return FAULT_KINDS.reduce((sum, kind) => sum + this.counts[kind], 0);
  }

  /** Whether `receiver` should receive the messages of `sender`. */
  expects(receiver: number, sender: number): boolean {
    return this.#disconnected[receiver] === 0 && (receiver !== sender || this.#hearsItself);
  }

  /** How many clients should receive the messages of `sender`. */
  audience(sender: number): number {
    return this.#connected - (this.#hearsItself || !this.isConnected(sender) ? 0 : 1);
  }

  /** The number that `receiver` should receive next from `sender`. */
  due(receiver: number, sender: number): number {
    return this.#next[receiver * this.senders + sender] ?? 0;
  }

  /**
   * Records a whole message. Returns how many of that sender's messages this settles for the
   * receiver, including those it skipped; they end with `number`. 0 if it was settled before.
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

  /**
   * Records a damaged message; `text` is its readable form. Returns the same as {@linkcode
   * receive}.
   */
  tear(receiver: number, sender: number, number: number, text: string): number {
    this.counts.torn++;
    const known = sender >= 0 && sender < this.senders;
    const expected = known ? this.due(receiver, sender) : -1;
    this.#note({ kind: "torn", receiver, sender: known ? sender : -1, expected, received: text });
    if (!known || number < expected || !this.expects(receiver, sender)) return 0;
    this.deliveries--; // it counts as torn, not as delivered
    return this.receive(receiver, sender, number);
  }

  /** Records that `client` disconnected: what it does not receive or did not send is not lost. */
  drop(client: number): void {
    if (this.isConnected(client)) this.#connected--;
    this.#disconnected[client] = 1;
  }

  /** Number of clients still connected. */
  get connected(): number {
    return this.#connected;
  }

  /** Ends the run: whatever connected clients did not receive is lost. */
  finish(): void {
    for (let receiver = 0; receiver < this.receivers; receiver++) {
      for (let sender = 0; sender < this.senders; sender++) {
        const due = this.due(receiver, sender);
        const missing = (this.sent[sender] ?? 0) - due;
        const counts = this.expects(receiver, sender) && this.isConnected(sender);
        if (missing <= 0 || !counts) continue;
        this.counts.lost += missing;
        this.#note({ kind: "lost", receiver, sender, expected: due, received: undefined });
        this.#next[receiver * this.senders + sender] = this.sent[sender] ?? 0;
      }
    }
    const [missing] = this.#missing;
    if (missing !== undefined && !this.#first.has("lost")) this.#noteMissing(missing);
  }

  /** `number` arrived before messages that are due: they are lost, unless they arrive later. */
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
