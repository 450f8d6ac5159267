// One dialogue over one connection: passes received and typed lines to TurnState and carries out
// the actions it returns. Who connects to whom is in connecting_side.ts and listening_side.ts.

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

/** The options of a dialogue. */
export interface DialogueOptions extends TurnStateOptions {
  readonly wire: Wire;
  readonly io: TurnIO;
  readonly texts: Texts;
  readonly clock: Clock;
}

/** A dialogue with one peer, from its beginning to its end. */
export class Dialogue {
  readonly #io: TurnIO;
  readonly #texts: Texts;
  readonly #clock: Clock;
  readonly #connection: ClientConnection;
  readonly #state: TurnState;
  /** Resolves when this side has sent its last line. */
  readonly #finished = Promise.withResolvers<void>();
  readonly #timers: Timer[] = [];

  constructor(options: DialogueOptions) {
    this.#io = options.io;
    this.#texts = options.texts;
    this.#clock = options.clock;
    this.#connection = new ClientConnection(options.wire, {
      client: () => lineCodec(options.texts.closeReasons),
    }, options.clock);
    this.#state = new TurnState(options);
  }

  /** Lines that were typed ahead and not sent yet. */
  get typedAhead(): readonly string[] {
    return this.#state.typedAhead;
  }

  /** Whether the other side has ended its stream, so that at most one answer is still due. */
  get peerHasEnded(): boolean {
    return this.#state.peerHasEnded;
  }

  /** Runs until the connection has ended; resolves with how it ended. */
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

  /** Handles a line that was entered on this side. */
  typed(text: string): void {
    if (new TextEncoder().encode(text).length > MAX_MESSAGE_BYTES) {
      return this.#io.printError(this.#texts.client.lineTooLong(MAX_MESSAGE_BYTES));
    }
    if (this.#state.owner === "none") {
      return this.#io.printError(this.#texts.client.notSent(visible(text)));
    }
    void this.#do(this.#state.typed(text));
  }

  /**
   * Half-closes: this side sends nothing more, and shows what it receives until the other side
   * ends.
   */
  finish(): void {
    this.#state.finish();
    this.#io.showTurn("none");
    void this.#connection.closeWrite().then(() => this.#finished.resolve());
  }

  /**
   * Half-closes, and closes the connection after `ms` milliseconds if the other side has not ended.
   */
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
    // The connection is closed when this promise resolves: an answer may still be due (R26).
    return this.#finished.promise;
  }

  /** Carries out the actions in order; the promise is for backpressure of a slow output. */
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
