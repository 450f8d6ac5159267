// Whose turn it is in a dialogue of two people who speak line by line, one after the other (sheet 002,
// R50-R52, D22). Pure: it is told what happens and answers what is to be done; no socket, no clock.

/** Whose turn it is; nobody's once either side has ended. */
export type TurnOwner = "mine" | "theirs" | "none";

/** What a person is told; the words are in words.ts. */
export type TurnEvent =
  /** What was typed waits for its turn; so many lines do. */
  | { readonly kind: "held"; readonly lines: number }
  /** Nothing has come since the start, so both sides may be waiting for each other. */
  | { readonly kind: "both_waiting" }
  /** A line came although it is this side's turn: both speak, and lines have crossed. */
  | { readonly kind: "crossed" }
  /** The other side has ended its stream and can still be answered, once (R26). */
  | { readonly kind: "last_answer" };

/** One thing to be done. */
export type TurnAction =
  /** `held`: it was typed earlier, so the person has to be shown that it goes out now. */
  | { readonly do: "send"; readonly text: string; readonly held: boolean }
  | { readonly do: "show"; readonly text: string }
  | { readonly do: "notify"; readonly event: TurnEvent }
  /** The dialogue is over. */
  | { readonly do: "leave" };

/** How a dialogue begins. */
export interface TurnStateOptions {
  /** Whether this side speaks first. */
  readonly goesFirst: boolean;
  /** Whether a line that came last may be answered after the other side has ended its stream. */
  readonly answersLast: boolean;
  /** Lines typed before there was anybody to hear them, in order. */
  readonly typedAhead: readonly string[];
}

/** One side's view of a dialogue. The steps that a call answers are to be done in their order. */
export class TurnState {
  readonly #answersLast: boolean;
  readonly #held: string[];
  #owner: TurnOwner;
  /** Somebody has said something. */
  #hasBegun = false;
  /** The person was told that both may be waiting, and may take the turn. */
  #bothWaiting = false;
  /** The person was told that lines have crossed; once a turn is enough. */
  #hasCrossed = false;
  #peerHasEnded = false;

  constructor({ goesFirst, answersLast, typedAhead }: TurnStateOptions) {
    this.#owner = goesFirst ? "mine" : "theirs";
    this.#answersLast = answersLast;
    this.#held = [...typedAhead];
  }

  /** Whose turn it is now. */
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

  /** The other side is there. */
  start(): TurnAction[] {
    return this.#owner === "mine" ? this.#sendHeld() : [];
  }

  /** A line was typed: it goes out if it may, else it is held until its turn. */
  typed(text: string): TurnAction[] {
    if (this.#owner === "none") return [];
    if (this.#owner === "mine") return this.#send(text, false);
    const isAhead = this.#held.length > 0;
    if (this.#bothWaiting && !isAhead) return this.#send(text, false);
    this.#held.push(text);
    // What was held first goes first, also when the turn is taken.
    const sent = this.#bothWaiting ? this.#sendHeld() : [];
    return [...sent, { do: "notify", event: { kind: "held", lines: this.#held.length } }];
  }

  /** A line came. */
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

  /** Nothing has come for a while since the start. */
  silent(): TurnAction[] {
    if (this.#hasBegun || this.#bothWaiting || this.#owner !== "theirs") return [];
    this.#bothWaiting = true;
    return [{ do: "notify", event: { kind: "both_waiting" } }];
  }

  /** This side will say nothing more; what still comes is shown. */
  finish(): void {
    this.#owner = "none";
  }

  /** The other side will say nothing more. */
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
