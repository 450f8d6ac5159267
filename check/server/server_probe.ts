// What a check's script works with: new connections under names of its own, and the record of what
// crossed them. Knows no dialect.

import type { Address, DialResult } from "../../client/dial.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Exchange } from "../finding.ts";
import { Mismatch } from "./mismatch.ts";
import { ProbeConnection } from "./probe_connection.ts";
import { ResetConnection } from "./tcp_reset.ts";
import { type CheckTiming, pause } from "../timing.ts";
import type { Show } from "../visible.ts";

/** What a stage is given. */
export interface ServerProbeOptions {
  readonly address: Address;
  dial(): Promise<DialResult>;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly timing: CheckTiming;
  readonly show: Show;
  /** Makes the names of this check's clients differ from those of the checks before. */
  readonly number: number;
}

/** Most bytes of each side that are kept for a check's report; what does not fit any more is left out. */
const MAX_RECORDED_BYTES = 32 * 1024;

/** One check's connections. */
export class ServerProbe {
  readonly transcript: Exchange[] = [];
  readonly timeoutMs: number;
  readonly #options: ServerProbeOptions;
  readonly #players: ProbeConnection[] = [];
  readonly #resetters: ResetConnection[] = [];
  readonly #recordedBytes = { us: 0, them: 0 };
  #isOver = false;

  constructor(options: ServerProbeOptions) {
    this.#options = options;
    this.timeoutMs = options.timeoutMs;
  }

  /** A clock's milliseconds, for deadlines. */
  now(): number {
    return this.#options.clock.monotonic();
  }

  /** Lets the time of that name pass. */
  pause(name: keyof CheckTiming): Promise<void> {
    return pause(this.#options.clock, this.#options.timing[name]);
  }

  /** The name that `who` has in this check: `ana7`. */
  nameOf(who: string): string {
    return who + this.#options.number;
  }

  /** Connects somebody who says nothing and reads what comes. */
  async connect(who: string): Promise<ProbeConnection> {
    return (await this.connectWithoutReading(who)).read();
  }

  /** Connects somebody who does not read. */
  async connectWithoutReading(who: string): Promise<ProbeConnection> {
    const name = this.nameOf(who);
    const dialled = await this.#options.dial();
    if (!dialled.ok) throw notAccepted(name, dialled.error);
    const { timeoutMs, clock, timing, show } = this.#options;
    const player = new ProbeConnection(dialled.wire, {
      name,
      timeoutMs,
      clock,
      timing,
      show,
      record: (by, bytes, event) =>
        this.#record({ by, on: name, bytes, ...event === undefined ? {} : { event } }),
    });
    this.#players.push(player);
    return player;
  }

  /** Connects somebody who does not read, says `hello` of its name, and can reset its connection. */
  async connectToReset(
    who: string,
    hello: (name: string) => Uint8Array,
  ): Promise<{ reset(): Promise<void> }> {
    const name = this.nameOf(who);
    const resetter = await ResetConnection.connect(this.#options.address);
    if (resetter === undefined) throw notAccepted(name, "no connection");
    this.#resetters.push(resetter);
    const bytes = hello(name);
    this.#record({ by: "us", on: name, bytes });
    resetter.send(bytes);
    return {
      reset: () => {
        this.#record({ by: "us", on: name, bytes: new Uint8Array(0), event: "reset" });
        return resetter.reset();
      },
    };
  }

  /** Closes every connection of this check. */
  async close(): Promise<void> {
    this.#isOver = true; // what follows is no part of the check
    await Promise.all([
      ...this.#players.map((player) => player.leave()),
      ...this.#resetters.map((resetter) => resetter.reset()),
    ]);
  }

  #record(exchange: Exchange): void {
    if (this.#isOver) return;
    const { by, bytes } = exchange;
    if (this.#recordedBytes[by] + bytes.length > MAX_RECORDED_BYTES) return;
    this.#recordedBytes[by] += bytes.length;
    this.transcript.push(exchange);
  }
}

function notAccepted(name: string, error: string): Mismatch {
  return new Mismatch({
    expected: `the server accepts a connection of ${name}`,
    received: error,
    hint:
      "The server does not accept every client: go on calling accept() while others are connected",
  });
}
