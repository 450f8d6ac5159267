// One dialogue by turns over one connection: what comes from the other side and what is typed here go
// through Turns, and what that answers is done. Who connects to whom is in connecting_side.ts and listening_side.ts.

import { ClientConnection, type ConnectionEnd, type Wire } from "../client/client_connection.ts";
import type { ServerEvent } from "../protocol/events.ts";
import { MAX_MESSAGE_BYTES } from "../protocol/limits.ts";
import { visible } from "../protocol/sanitize.ts";
import type { Clock, Timer } from "../shared/clock.ts";
import type { Texts } from "../texts/texts.ts";
import { lineCodec } from "./line_codec.ts";
import type { TurnIO } from "./turn_io.ts";
import { type TurnAction, TurnState, type TurnStateOptions } from "./turn_state.ts";
import { BOTH_WAITING_MS, describeTurnEvent } from "./describe_turn_event.ts";

/** What a dialogue is made of. */
export interface DialogueOptions extends TurnStateOptions {
  readonly wire: Wire;
  readonly io: TurnIO;
  readonly texts: Texts;
  readonly clock: Clock;
}

/** A dialogue with one partner, from its beginning to its end. */
export class Dialogue {
  readonly #io: TurnIO;
  readonly #texts: Texts;
  readonly #clock: Clock;
  readonly #connection: ClientConnection;
  readonly #state: TurnState;
  /** Resolved when nothing more will be said here. */
  readonly #finished = Promise.withResolvers<void>();
  readonly #timers: Timer[] = [];

  constructor(options: DialogueOptions) {
    this.#io = options.io;
    this.#texts = options.texts;
    this.#clock = options.clock;
    this.#connection = new ClientConnection(options.wire, {
      client: () => lineCodec(options.texts.closeReasons),
    });
    this.#state = new TurnState(options);
  }

  /** Lines that wait for their turn. */
  get typedAhead(): readonly string[] {
    return this.#state.typedAhead;
  }

  /** Whether the other side has ended its stream, so that at most one answer is still due. */
  get peerHasEnded(): boolean {
    return this.#state.peerHasEnded;
  }

  /** Goes on until the connection has ended, and tells how it did. */
  async run(): Promise<ConnectionEnd> {
    const silence = this.#clock.after(BOTH_WAITING_MS, () => void this.#do(this.#state.silent()));
    this.#timers.push(silence);
    await this.#do(this.#state.start());
    try {
      return await this.#connection.run((event) => this.#onEvent(event));
    } finally {
      this.#state.finish();
      this.#io.showTurn("none");
      for (const timer of this.#timers) timer.cancel();
    }
  }

  /** The person here has entered a line. */
  typed(text: string): void {
    if (new TextEncoder().encode(text).length > MAX_MESSAGE_BYTES) {
      return this.#io.printError(this.#texts.client.lineTooLong(MAX_MESSAGE_BYTES));
    }
    if (this.#state.owner === "none") {
      return this.#io.printError(this.#texts.client.notSent(visible(text)));
    }
    void this.#do(this.#state.typed(text));
  }

  /** Nothing more is said here; what still comes is shown until the other side ends. */
  finish(): void {
    this.#state.finish();
    this.#io.showTurn("none");
    void this.#connection.closeWrite().then(() => this.#finished.resolve());
  }

  /** The same, and the other side may take `ms` milliseconds for its own end. */
  leave(ms: number): void {
    this.finish();
    this.#timers.push(this.#clock.after(ms, () => this.#end()));
  }

  #end(): void {
    this.#connection.close();
    this.#finished.resolve();
  }

  #onEvent(event: ServerEvent): Promise<void> | undefined {
    if (event.type === "notice") return this.#do(this.#state.received(event.text));
    if (event.type !== "closed" || event.reason !== "eof") return undefined;
    this.#do(this.#state.peerEnded());
    // The connection is closed when this resolves: an answer may still be due (R26).
    return this.#finished.promise;
  }

  /** Does it all at once; the promise is of a reader that lags. */
  #do(actions: readonly TurnAction[]): Promise<void> | undefined {
    let slow: Promise<void> | undefined;
    for (const action of actions) {
      switch (action.do) {
        case "send":
          this.#connection.send({ verb: "line", text: action.text });
          if (action.held) this.#io.showSentAhead(action.text);
          break;
        case "show":
          slow = this.#io.showReceived(action.text);
          break;
        case "notify":
          this.#io.notify(describeTurnEvent(action.event, this.#io.typesAhead, this.#texts.turns));
          break;
        case "leave":
          this.finish();
          break;
      }
    }
    this.#io.showTurn(this.#state.owner);
    return slow;
  }
}
