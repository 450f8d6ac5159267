// Whose turn it is where each side sends one line at a time (sheet 002, R50-R52, D22). Pure: each
// call returns the actions to carry out.

/** Whose turn it is; "none" once either side has ended. */
export type TurnOwner = "mine" | "theirs" | "none";

/** An event shown to the person; its text is in describe_turn_event.ts. */
export type TurnEvent =
  /** A typed line waits for its turn; `lines` wait in total. */
  | { readonly kind: "held"; readonly lines: number }
  /** Nothing was received since the start, so both sides may be waiting for each other. */
  | { readonly kind: "both_waiting" }
  /** A line was received in this side's turn: both sides send, and lines have crossed. */
  | { readonly kind: "crossed" }
  /** The other side has ended its stream and can still be answered once (R26). */
  | { readonly kind: "last_answer" };

/** One action to carry out. */
export type TurnAction =
  /** `held` if it was typed earlier, so that it has to be shown again when it is sent. */
  | { readonly do: "send"; readonly text: string; readonly held: boolean }
  | { readonly do: "show"; readonly text: string }
  | { readonly do: "notify"; readonly event: TurnEvent }
  /** The dialogue is over. */
  | { readonly do: "leave" };

/** The state in which a dialogue begins. */
export interface TurnStateOptions {
  /** Whether this side sends the first line. */
  readonly goesFirst: boolean;
  /** Whether the other side's last line may be answered after it has ended its stream. */
  readonly answersLast: boolean;
  /** Lines typed before the peer connected, in order. */
  readonly typedAhead: readonly string[];
}

/** One side's state of a dialogue. Carry out the actions of each call in their order. */
export class TurnState {
  readonly #answersLast: boolean;
  readonly #held: string[];
  #owner: TurnOwner;
  /** A line was sent or received. */
  #hasBegun = false;
  /** The event "both_waiting" was reported; a line typed now takes the turn. */
  #bothWaiting = false;
  /** The event "crossed" was reported in this turn; once is enough. */
  #hasCrossed = false;
  #peerHasEnded = false;

  constructor({ goesFirst, answersLast, typedAhead }: TurnStateOptions) {
    this.#owner = goesFirst ? "mine" : "theirs";
    this.#answersLast = answersLast;
    this.#held = [...typedAhead];
  }

  get owner(): TurnOwner {
    return this.#owner;
  }

  /** Lines that wait for their turn. */
  get typedAhead(): readonly string[] {
    return this.#held;
  }

  /** Whether the other side has ended its stream. */
  get peerHasEnded(): boolean {
    return this.#peerHasEnded;
  }

  /** The peer is connected. */
  start(): TurnAction[] {
    return this.#owner === "mine" ? this.#sendHeld() : [];
  }

  /** A line was typed: it is sent in this side's turn, else held until then. */
  typed(text: string): TurnAction[] {
    if (this.#owner === "none") return [];
    if (this.#owner === "mine") return this.#send(text, false);
    const isAhead = this.#held.length > 0;
    if (this.#bothWaiting && !isAhead) return this.#send(text, false);
    this.#held.push(text);
    // Lines held earlier are sent first, also when the turn is taken.
    const sent = this.#bothWaiting ? this.#sendHeld() : [];
    return [...sent, { do: "notify", event: { kind: "held", lines: this.#held.length } }];
  }

  /** A line was received. */
  received(text: string): TurnAction[] {
    this.#hasBegun = true;
    this.#bothWaiting = false;
    const shown: TurnAction = { do: "show", text };
    switch (this.#owner) {
      case "theirs":
        this.#owner = "mine";
        return [shown, ...this.#sendHeld()];
      case "mine":
        if (this.#hasCrossed) return [shown];
        this.#hasCrossed = true;
        return [shown, { do: "notify", event: { kind: "crossed" } }];
      case "none":
        return [shown];
    }
  }

  /** Nothing was received for `BOTH_WAITING_MS` since the start. */
  silent(): TurnAction[] {
    if (this.#hasBegun || this.#bothWaiting || this.#owner !== "theirs") return [];
    this.#bothWaiting = true;
    return [{ do: "notify", event: { kind: "both_waiting" } }];
  }

  /** This side sends nothing more; lines received from now on are shown. */
  finish(): void {
    this.#owner = "none";
  }

  /** The other side has ended its stream. */
  peerEnded(): TurnAction[] {
    this.#peerHasEnded = true;
    if (this.#answersLast && this.#hasBegun && this.#owner === "mine") {
      return [{ do: "notify", event: { kind: "last_answer" } }];
    }
    this.#owner = "none";
    return [{ do: "leave" }];
  }

  #sendHeld(): TurnAction[] {
    const first = this.#held.shift();
    return first === undefined ? [] : this.#send(first, true);
  }

  #send(text: string, held: boolean): TurnAction[] {
    this.#hasBegun = true;
    this.#bothWaiting = false;
    this.#hasCrossed = false;
    const sent: TurnAction = { do: "send", text, held };
    this.#owner = this.#peerHasEnded ? "none" : "theirs";
    return this.#peerHasEnded ? [sent, { do: "leave" }] : [sent];
  }
}
