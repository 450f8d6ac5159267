// The side of a dialogue by turns that listens: one partner at a time, the next one when that has left.
// The seat, the clock and the places to listen at are handed in.

import type { Wire } from "../client/client_connection.ts";
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
import type { TurnIO } from "./turn_io.ts";
import { describeTurnsEnd } from "./describe_turn_event.ts";

/** What makes one. */
export interface ListeningSideOptions {
  readonly io: TurnIO;
  readonly texts: Texts;
  readonly goesFirst: boolean;
  /** Ends after so many dialogues; without a number, never. */
  readonly rounds: number | undefined;
  readonly clock?: Clock;
  /** Ctrl-C: the same as SIGINT. */
  readonly onInterrupt: () => void;
}

/** How long the partner may take to hang up when this side stops, in milliseconds. */
const GOODBYE_MS = DEFAULT_LIMITS.lingerMs;

/** Listens, and speaks with whoever connects. */
export class ListeningSide {
  readonly #options: ListeningSideOptions;
  readonly #io: TurnIO;
  readonly #texts: Texts;
  readonly #clock: Clock;
  readonly #bound: BoundListener[] = [];
  readonly #rounds: RoundLimit;
  readonly #stopped = Promise.withResolvers<void>();
  /** What goes on and must end before it has stopped. */
  readonly #tasks = new Set<Promise<void>>();
  #dialogue: Dialogue | undefined;
  /** Came while the partner had ended its stream already, and has the seat now. */
  #next: Deno.Conn | undefined;
  /** Lines typed with nobody there. */
  #heldLines: string[] = [];
  #inputEnded = false;
  #stopping = false;

  constructor(options: ListeningSideOptions) {
    this.#options = options;
    this.#io = options.io;
    this.#texts = options.texts;
    this.#clock = options.clock ?? systemClock;
    this.#rounds = new RoundLimit(options.rounds, () => {
      this.#io.notify(this.#rounds.text);
      void this.stop();
    });
  }

  /** Where others can connect. */
  get addresses(): ListenAddress[] {
    return this.#bound.map(({ address }) => address);
  }

  /** Resolves once everything has ended. */
  get stopped(): Promise<void> {
    return this.#stopped.promise;
  }

  /** Listens at every address, or at none: answers why one cannot be bound. */
  async listen(addresses: readonly ListenAddress[]): Promise<Problem | undefined> {
    for (const address of addresses) {
      const bound = await bind(address, DEFAULT_LIMITS);
      if ("error" in bound) {
        this.#closeListeners();
        return bound;
      }
      this.#bound.push(bound);
    }
    if (this.#stopping) this.#closeListeners(); // told to stop while it was binding
    return undefined;
  }

  /** Takes partners and input from now on. */
  open(): void {
    this.#io.start((problem) => {
      // A chat goes on when nobody reads its output; a disk that is full is worth a word.
      if (problem !== undefined) this.#io.printError(problem.error);
    });
    this.#io.showWaitingForPeer();
    for (const { listener } of this.#bound) this.#track(this.#accept(listener));
    void this.#pumpInput();
  }

  /** Ends the dialogue and everything else; harmless when done before. */
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
      // Whoever has ended its side has perhaps long gone: it must not block the seat.
      this.#next = conn;
      return this.#dialogue.leave(0);
    }
    this.#io.notify(this.#texts.turns.turnedAway(remoteAddress(conn)));
    this.#track(rejectSecondPeer(conn, this.#texts.turns.seatTaken, this.#clock));
  }

  async #converse(conn: Deno.Conn): Promise<void> {
    const { goesFirst } = this.#options;
    this.#io.notify(this.#texts.turns.peerConnected(remoteAddress(conn), goesFirst));
    const dialogue = new Dialogue({
      goesFirst,
      answersLast: true,
      typedAhead: this.#heldLines.splice(0),
      wire: conn,
      io: this.#io,
      texts: this.#texts,
      clock: this.#clock,
    });
    this.#dialogue = dialogue;
    const end = await dialogue.run();
    this.#dialogue = undefined;
    this.#io.notify(describeTurnsEnd(end, this.#texts.turns));
    this.#showUnsent(dialogue.typedAhead); // it was typed for that partner
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
    this.#io.close(); // with the prompt gone, Ctrl-C is a signal again
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

/** Says so and closes; never throws, whatever the peer does. */
async function rejectSecondPeer(wire: Wire, line: string, clock: Clock): Promise<void> {
  // A peer that is not given time to read would get a reset instead of the line.
  const late = clock.after(GOODBYE_MS, () => close(wire));
  try {
    await wire.write(new TextEncoder().encode(line + "\n"));
    await wire.closeWrite();
    const buffer = new Uint8Array(1024);
    while (await wire.read(buffer) !== null);
  } catch {
    // It was faster, or the time is up.
  }
  late.cancel();
  close(wire);
}

function close(wire: Wire): void {
  try {
    wire.close();
  } catch {
    // closed already
  }
}
