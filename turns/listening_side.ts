// Two-person mode, the side that listens: one peer at a time, the next one when that has left.

import type { Problem } from "../protocol/problem.ts";
import { type Clock, systemClock } from "../shared/clock.ts";
import { DEFAULT_LIMITS } from "../server/limits/limits.ts";
import { remoteAddress, setSocketOptions } from "../server/net/accepted_socket.ts";
import type { ListenAddress } from "../server/net/address.ts";
import { acceptLoop, bind, type BoundListener } from "../server/net/listener.ts";
import { RoundLimit } from "../server/round_limit.ts";
import type { Texts } from "../texts/texts.ts";
import { visible } from "../protocol/sanitize.ts";
import { Dialogue } from "./dialogue.ts";
import { GuardedWire, rejectPeer } from "./guarded_wire.ts";
import type { TurnIO } from "./turn_io.ts";
import { describeTurnsEnd } from "./describe_turn_event.ts";

/** The options of the listening side. */
export interface ListeningSideOptions {
  readonly io: TurnIO;
  readonly texts: Texts;
  readonly goesFirst: boolean;
  /** Ends after that many dialogues (default unlimited). */
  readonly rounds: number | undefined;
  readonly clock?: Clock;
  /** Called for Ctrl-C, which means the same as SIGINT. */
  readonly onInterrupt: () => void;
}

/** How long a peer may take to close when this side stops or rejects it, in milliseconds. */
const GOODBYE_MS = DEFAULT_LIMITS.lingerMs;

/** Listens, and runs a dialogue with each peer that connects. */
export class ListeningSide {
  readonly #options: ListeningSideOptions;
  readonly #io: TurnIO;
  readonly #texts: Texts;
  readonly #clock: Clock;
  readonly #bound: BoundListener[] = [];
  readonly #rounds: RoundLimit;
  readonly #stopped = Promise.withResolvers<void>();
  /** Tasks that must end before the side has stopped. */
  readonly #tasks = new Set<Promise<void>>();
  #dialogue: Dialogue | undefined;
  /** A peer that connected after the current one had ended its stream; its dialogue is next. */
  #next: Deno.Conn | undefined;
  /** Lines typed while no peer is connected. */
  #heldLines: string[] = [];
  #inputEnded = false;
  #stopping = false;

  constructor(options: ListeningSideOptions) {
    this.#options = options;
    this.#io = options.io;
    this.#texts = options.texts;
    this.#clock = options.clock ?? systemClock;
    this.#rounds = new RoundLimit(options.rounds, () => {
      this.#io.notify(this.#rounds.text(this.#texts.notices));
      void this.stop();
    });
  }

  /** The addresses that are bound. */
  get addresses(): ListenAddress[] {
    return this.#bound.map(({ address }) => address);
  }

  /** Resolves once all connections and tasks have ended. */
  get stopped(): Promise<void> {
    return this.#stopped.promise;
  }

  /** Binds every address, or none: returns why one cannot be bound. */
  async listen(addresses: readonly ListenAddress[]): Promise<Problem | undefined> {
    for (const address of addresses) {
      const bound = await bind(address, DEFAULT_LIMITS, this.#texts.serve.listen);
      if ("error" in bound) {
        this.#closeListeners();
        return bound;
      }
      this.#bound.push(bound);
    }
    if (this.#stopping) this.#closeListeners(); // stop() was called while an address was being bound
    return undefined;
  }

  /** Accepts peers and input from now on. */
  open(): void {
    this.#io.start((problem) => {
      // The dialogue continues without a reader of its output; an error such as a full disk is
      // printed.
      if (problem !== undefined) this.#io.printError(problem.error);
    });
    this.#io.showWaitingForPeer();
    for (const { listener } of this.#bound) this.#track(this.#accept(listener));
    void this.#pumpInput();
  }

  /** Ends the dialogue and everything else; a second call only waits. */
  async stop(): Promise<void> {
    if (this.#stopping) return this.stopped;
    this.#stopping = true;
    this.#closeListeners();
    this.#io.close();
    this.#dialogue?.leave(GOODBYE_MS);
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    await this.#io.flushed();
    this.#stopped.resolve();
  }

  #accept(listener: BoundListener["listener"]): Promise<void> {
    return acceptLoop(listener, {
      clock: this.#clock,
      limits: DEFAULT_LIMITS,
      onConnection: (conn) => this.#onConnection(conn),
      onError: (problem) => this.#io.printError(this.#texts.turns.cannotAccept(`${problem}`)),
    });
  }

  #onConnection(conn: Deno.Conn): void {
    if (this.#stopping || this.#rounds.isReached) return conn.close();
    setSocketOptions(conn);
    if (this.#dialogue === undefined) return this.#track(this.#converse(conn));
    if (this.#dialogue.peerHasEnded && this.#next === undefined) {
      // A peer that has ended its stream may be gone for good, so it must not block the next one.
      this.#next = conn;
      return this.#dialogue.leave(0);
    }
    this.#io.notify(this.#texts.turns.turnedAway(remoteAddress(conn)));
    const line = new TextEncoder().encode(`${this.#texts.turns.busy}\n`);
    this.#track(rejectPeer(conn, line, this.#clock, GOODBYE_MS));
  }

  async #converse(conn: Deno.Conn): Promise<void> {
    const { goesFirst } = this.#options;
    this.#io.notify(this.#texts.turns.peerConnected(remoteAddress(conn), goesFirst));
    const dialogue = new Dialogue({
      goesFirst,
      answersLast: true,
      typedAhead: this.#heldLines.splice(0),
      wire: new GuardedWire(conn, { texts: this.#texts, clock: this.#clock, lingerMs: GOODBYE_MS }),
      io: this.#io,
      texts: this.#texts,
      clock: this.#clock,
    });
    this.#dialogue = dialogue;
    const end = await dialogue.run();
    this.#dialogue = undefined;
    this.#io.notify(describeTurnsEnd(end, this.#texts.turns));
    this.#showUnsent(dialogue.typedAhead); // it was typed for that peer
    this.#rounds.count();
    const next = this.#next;
    this.#next = undefined;
    if (this.#stopping || this.#rounds.isReached || this.#inputEnded) {
      next?.close();
      if (this.#inputEnded) void this.stop();
    } else if (next !== undefined) this.#track(this.#converse(next));
    else this.#io.showWaitingForPeer();
  }

  async #pumpInput(): Promise<void> {
    while (true) {
      const input = await this.#io.next();
      if (input.kind === "eof") break;
      if (input.kind === "interrupt") this.#options.onInterrupt();
      else for (const text of input.text.replace(/\n+$/, "").split("\n")) this.#typed(text);
    }
    this.#inputEnded = true;
    if (this.#stopping) return;
    this.#io.close(); // without the prompt's raw mode, Ctrl-C is a signal again
    if (this.#dialogue === undefined) {
      this.#showUnsent(this.#heldLines);
      return void this.stop();
    }
    this.#io.notify(this.#texts.turns.yourSideEnded);
    this.#dialogue.finish();
  }

  #typed(text: string): void {
    if (this.#dialogue !== undefined) return this.#dialogue.typed(text);
    this.#heldLines.push(text);
    this.#io.notify(this.#texts.turns.heldWithoutPeer);
  }

  #showUnsent(lines: readonly string[]): void {
    for (const text of lines) {
      this.#io.printError(this.#texts.client.notSent(visible(text)));
    }
  }

  #track(task: Promise<void>): void {
    this.#tasks.add(task);
    void task.finally(() => this.#tasks.delete(task));
  }

  #closeListeners(): void {
    for (const bound of this.#bound) {
      bound.listener.close();
      bound.release();
    }
  }
}
