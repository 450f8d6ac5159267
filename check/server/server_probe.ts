// The environment of one check's script: opens connections under names of this check, and records
// all bytes on them.

import type { Address, DialResult } from "../../client/dial.ts";
import type { Clock } from "../../shared/clock.ts";
import type { ServerCheckTexts } from "../../texts/texts.ts";
import type { Exchange } from "../finding.ts";
import { type CheckTiming, pause } from "../timing.ts";
import type { Show } from "../visible.ts";
import { Mismatch } from "./mismatch.ts";
import { ProbeConnection } from "./probe_connection.ts";
import type { ServedProgram } from "./served_program.ts";
import { ResetConnection } from "./tcp_reset.ts";

/** The server, the environment and the number of a {@linkcode ServerProbe}. */
export interface ServerProbeOptions {
  readonly address: Address;
  dial(): Promise<DialResult>;
  /** Longest wait for one event, in milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly timing: CheckTiming;
  readonly show: Show;
  readonly texts: ServerCheckTexts;
  /**
   * Appended to the names of this check's clients, so that they differ from those of other checks;
   * from 0 to {@linkcode MAX_CHECK_NUMBER}.
   */
  readonly number: number;
  /** The server as a program that the check has started; absent if it ran before. */
  readonly program?: ServedProgram | undefined;
}

/** Largest number in a name: three digits to base 36. */
export const MAX_CHECK_NUMBER = 36 ** 3 - 1;

/** Most bytes of each side in a check's transcript; exchanges that would exceed it are left out. */
const MAX_RECORDED_BYTES = 32 * 1024;

/** The connections of one check. */
export class ServerProbe {
  readonly transcript: Exchange[] = [];
  readonly timeoutMs: number;
  readonly texts: ServerCheckTexts;
  readonly #options: ServerProbeOptions;
  readonly #connections: ProbeConnection[] = [];
  readonly #resetters: ResetConnection[] = [];
  readonly #recordedBytes = { us: 0, them: 0 };
  #isOver = false;

  constructor(options: ServerProbeOptions) {
    this.#options = options;
    options.program?.recordTo((exchange) => this.#record(exchange));
    this.timeoutMs = options.timeoutMs;
    this.texts = options.texts;
  }

  /** The program; for checks with `needsProgram`. */
  get program(): ServedProgram {
    const { program } = this.#options;
    if (program === undefined) throw new Error("The check did not start the server");
    return program;
  }

  /** Milliseconds of a monotonic clock. */
  now(): number {
    return this.#options.clock.monotonic();
  }

  /** Waits for the time that {@linkcode CheckTiming} has under `name`. */
  pause(name: keyof CheckTiming): Promise<void> {
    return pause(this.#options.clock, this.#options.timing[name]);
  }

  /**
   * The name of `who` in this check, which has 3 letters: `ana07x`. No longer, as servers may have
   * short names only.
   */
  nameOf(who: string): string {
    return who + this.#options.number.toString(36).padStart(3, "0");
  }

  /** Connects a client that sends nothing and reads. */
  async connect(who: string): Promise<ProbeConnection> {
    return (await this.connectWithoutReading(who)).read();
  }

  /** Connects a client that does not read. */
  async connectWithoutReading(who: string): Promise<ProbeConnection> {
    const name = this.nameOf(who);
    const dialled = await this.#options.dial();
    if (!dialled.ok) throw this.#notAccepted(name, dialled.error);
    const { timeoutMs, clock, timing, show, texts } = this.#options;
    const connection = new ProbeConnection(dialled.wire, {
      name,
      timeoutMs,
      clock,
      timing,
      show,
      texts,
      record: (by, bytes, event) =>
        this.#record({ by, on: name, bytes, ...event === undefined ? {} : { event } }),
    });
    this.#connections.push(connection);
    return connection;
  }

  /** Connects a client that does not read, sends `hello`, and can reset its connection. */
  async connectToReset(
    who: string,
    hello: (name: string) => Uint8Array,
  ): Promise<{ reset(): Promise<void> }> {
    const name = this.nameOf(who);
    const resetter = await ResetConnection.connect(this.#options.address);
    if (resetter === undefined) throw this.#notAccepted(name, this.texts.received.noConnection);
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
    this.#isOver = true; // the ends from here on do not belong to the check
    await Promise.all([
      ...this.#connections.map((connection) => connection.leave()),
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

  #notAccepted(name: string, received: string): Mismatch {
    const { expected, hints } = this.texts;
    return new Mismatch({
      expected: expected.common.acceptsConnection(name),
      received,
      hint: hints.common.notAccepted,
    });
  }
}
