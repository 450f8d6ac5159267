// Accepts connections that begin with something else than the chat, such as a TLS handshake, and
// hands each on after it. Preludes run in parallel: a slow one delays no other (F13).

import type { Clock } from "../../shared/clock.ts";
import type { Accepted, Acceptor } from "./socket.ts";

/** What a connection begins with, while it lasts. */
export interface Prelude {
  start(): void;
  /** Closes the connection, and reports why unless that was reported before. */
  fail(reason: "crowded" | "shutdown", detail: string): void;
}

/** Callbacks of a prelude; `ended` is called in any case. */
export interface PreludeEvents {
  /** The chat begins, on that socket. */
  readonly done: (accepted: Pick<Accepted, "socket" | "address">) => void;
  readonly ended: () => void;
}

/** Settings of a {@linkcode PreludeAcceptor}. */
export interface PreludeOptions {
  readonly clock: Clock;
  /** Most connections that may be in their prelude; read for each. */
  readonly most: () => number;
  readonly begin: (accepted: Accepted, events: PreludeEvents) => Prelude;
  /** Why the oldest is ended if there are too many, for the log. */
  readonly crowded: string;
}

/** Accepts connections whose prelude is over. */
export class PreludeAcceptor implements Acceptor {
  readonly #plain: Acceptor;
  readonly #options: PreludeOptions;
  /** Oldest first. */
  readonly #pending = new Set<Prelude>();
  readonly #ready: (Accepted | { readonly problem: unknown })[] = [];
  #wake: (() => void) | undefined;
  #resume: (() => void) | undefined;

  /** Takes over `plain` and closes it. */
  constructor(plain: Acceptor, options: PreludeOptions) {
    this.#plain = plain;
    this.#options = options;
    void this.#acceptPlain();
  }

  /** Connections in their prelude. */
  get pending(): number {
    return this.#pending.size;
  }

  async accept(): Promise<Accepted> {
    this.#resume?.();
    while (true) {
      const next = this.#ready.shift();
      if (next !== undefined && "problem" in next) throw next.problem;
      if (next !== undefined) return next;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  close(): void {
    this.#plain.close();
    for (const prelude of this.#pending) prelude.fail("shutdown", "the server stops");
  }

  async #acceptPlain(): Promise<void> {
    while (true) {
      try {
        this.#begin(await this.#plain.accept());
      } catch (problem) {
        this.#push({ problem });
        if (problem instanceof Deno.errors.BadResource) return; // closed
        if (problem instanceof Deno.errors.Interrupted) return; // closed while waiting
        // The caller of accept() decides how long to wait before the system is asked again.
        await new Promise<void>((resolve) => this.#resume = resolve);
        this.#resume = undefined;
      }
    }
  }

  #begin(accepted: Accepted): void {
    const { clock, begin, most, crowded } = this.#options;
    const connectedAt = accepted.connectedAt ?? clock.monotonic();
    const prelude = begin(accepted, {
      done: ({ socket, address }) => this.#push({ socket, address, connectedAt }),
      ended: () => this.#pending.delete(prelude),
    });
    this.#pending.add(prelude);
    // Ends the oldest, which has had most time to finish: preludes that never finish exclude no
    // client.
    const [oldest] = this.#pending;
    if (this.#pending.size > most()) oldest?.fail("crowded", crowded);
    prelude.start();
  }

  #push(next: Accepted | { readonly problem: unknown }): void {
    this.#ready.push(next);
    this.#wake?.();
  }
}
