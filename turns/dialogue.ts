// One dialogue by turns over one connection: what comes from the other side and what is typed here go
// through Turns, and what that answers is done. Who connects to whom is in connecting_side.ts and listening_side.ts.

import { ClientConnection, type ConnectionEnd, type Wire } from "../client/client_connection.ts";
import type { ServerEvent } from "../protocol/events.ts";
import { MAX_MESSAGE_BYTES } from "../protocol/limits.ts";
import { visible } from "../protocol/sanitize.ts";
import type { Clock, Timer } from "../shared/clock.ts";
import { LINE_CODEC } from "./line_codec.ts";
import type { TurnIO } from "./turn_io.ts";
import { type TurnAction, TurnState, type TurnStateOptions } from "./turn_state.ts";
import { BOTH_WAITING_MS, describeTurnEvent } from "./describe_turn_event.ts";

/** What a dialogue is made of. */
export interface DialogueOptions extends TurnStateOptions {
  readonly wire: Wire;
  readonly seat: TurnIO;
  readonly clock: Clock;
}

/** A dialogue with one partner, from its beginning to its end. */
export class Dialogue {
  readonly #seat: TurnIO;
  readonly #clock: Clock;
  readonly #link: ClientConnection;
  readonly #turns: TurnState;
  /** Resolved when nothing more will be said here. */
  readonly #said = Promise.withResolvers<void>();
  readonly #timers: Timer[] = [];

  constructor(options: DialogueOptions) {
    this.#seat = options.seat;
    this.#clock = options.clock;
    this.#link = new ClientConnection(options.wire, LINE_CODEC);
    this.#turns = new TurnState(options);
  }

  /** Lines that wait for their turn. */
  get typedAhead(): readonly string[] {
    return this.#turns.typedAhead;
  }

  /** Whether the other side has ended its stream, so that at most one answer is still due. */
  get peerHasEnded(): boolean {
    return this.#turns.peerHasEnded;
  }

  /** Goes on until the connection has ended, and tells how it did. */
  async run(): Promise<ConnectionEnd> {
    const quiet = this.#clock.after(BOTH_WAITING_MS, () => void this.#do(this.#turns.silent()));
    this.#timers.push(quiet);
    await this.#do(this.#turns.start());
    try {
      return await this.#link.run((event) => this.#onEvent(event));
    } finally {
      this.#turns.finish();
      this.#seat.showTurn("nobodys");
      for (const timer of this.#timers) timer.cancel();
    }
  }

  /** The person here has entered a line. */
  typed(text: string): void {
    if (new TextEncoder().encode(text).length > MAX_MESSAGE_BYTES) {
      return this.#seat.printError(`Not sent: at most ${MAX_MESSAGE_BYTES} bytes a line`);
    }
    if (this.#turns.owner === "nobodys") return this.#seat.printError(`Not sent: ${visible(text)}`);
    void this.#do(this.#turns.typed(text));
  }

  /** Nothing more is said here; what still comes is shown until the other side ends. */
  finish(): void {
    this.#turns.finish();
    this.#seat.showTurn("nobodys");
    void this.#link.closeWrite().then(() => this.#said.resolve());
  }

  /** The same, and the other side may take `ms` milliseconds for its own end. */
  leave(ms: number): void {
    this.finish();
    this.#timers.push(this.#clock.after(ms, () => this.#end()));
  }

  #end(): void {
    this.#link.close();
    this.#said.resolve();
  }

  #onEvent(event: ServerEvent): Promise<void> | undefined {
    if (event.type === "notice") return this.#do(this.#turns.received(event.text));
    if (event.type !== "closed" || event.reason !== "eof") return undefined;
    this.#do(this.#turns.peerEnded());
    // The connection is closed when this resolves: an answer may still be due (R26).
    return this.#said.promise;
  }

  /** Does it all at once; the promise is of a reader that lags. */
  #do(steps: readonly TurnAction[]): Promise<void> | undefined {
    let slow: Promise<void> | undefined;
    for (const step of steps) {
      switch (step.do) {
        case "send":
          this.#link.send({ verb: "line", text: step.text });
          if (step.held) this.#seat.showSentAhead(step.text);
          break;
        case "show":
          slow = this.#seat.showReceived(step.text);
          break;
        case "tell":
          this.#seat.notify(describeTurnEvent(step.news, this.#seat.typesAhead));
          break;
        case "leave":
          this.finish();
          break;
      }
    }
    this.#seat.showTurn(this.#turns.owner);
    return slow;
  }
}
