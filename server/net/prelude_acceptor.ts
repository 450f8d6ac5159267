// Accepts connections that begin with something else than the chat, such as a TLS handshake, and
// hands each on after it. Preludes run in parallel: a slow one delays no other (F13).

import type { Clock } from "../../shared/clock.ts";
import { addressKey } from "./address_key.ts";
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
  /** Whether a connection from that address may begin; it is closed unread if not (default yes). */
  readonly admits?: ((address: string) => boolean) | undefined;
  /** Why one is ended if there are too many, for the log. */
  readonly crowded: string;
}

/** Accepts connections whose prelude is over. */
export class PreludeAcceptor implements Acceptor {
  readonly #plain: Acceptor;
  readonly #options: PreludeOptions;
  /** With the key of its address, oldest first. */
  readonly #pending = new Map<Prelude, string>();
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
    for (const prelude of this.#pending.keys()) prelude.fail("shutdown", "the server stops");
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
    const { clock, begin, most, crowded, admits } = this.#options;
    if (admits?.(accepted.address) === false) return accepted.socket.close();
    const connectedAt = accepted.connectedAt ?? clock.monotonic();
    const prelude = begin(accepted, {
      done: ({ socket, address }) => this.#push({ socket, address, connectedAt }),
      ended: () => this.#pending.delete(prelude),
    });
    this.#pending.set(prelude, addressKey(accepted.address) ?? "");
    if (this.#pending.size > most()) this.#mostlyFrom()?.fail("crowded", crowded);
    prelude.start();
  }

  /**
   * The oldest prelude, which has had most time to finish, of the address that has most of them:
   * preludes that never finish exclude no client, and least of all one from elsewhere.
   */
  #mostlyFrom(): Prelude | undefined {
    const counts = new Map<string, number>();
    for (const key of this.#pending.values()) counts.set(key, (counts.get(key) ?? 0) + 1);
    const most = Math.max(...counts.values());
    for (const [prelude, key] of this.#pending) {
      if (counts.get(key) === most) return prelude;
    }
    return undefined;
  }

  #push(next: Accepted | { readonly problem: unknown }): void {
    this.#ready.push(next);
    this.#wake?.();
  }
}
