// Requests that the server has not answered yet: kept without a connection, sent within a window,
// and resent where that is safe.

import type { Ref, Request } from "../protocol/requests.ts";

/** A request that waits for its answer. */
export interface PendingRequest {
  /** Its id, used only once. */
  readonly ref: number;
  readonly request: Request;
  /** It was written to some connection; only an answer says whether it arrived. */
  readonly wasSent: boolean;
  /** It was written to the current connection. */
  readonly isSent: boolean;
  /** It was added without a connection, or its connection was lost. */
  readonly wasDelayed: boolean;
}

type Entry = { -readonly [Field in keyof PendingRequest]: PendingRequest[Field] };

/** Requests in flight; the next ones wait for answers. */
export const MAX_IN_FLIGHT = 256;

/** UTF-16 units of their texts in flight: small enough for any server's input limits. */
const MAX_UNITS_ON_THE_WAY = 32 * 1024;

/** Pending requests, oldest first. */
export class PendingRequests {
  readonly #entries = new Map<Ref, Entry>();
  #lastRef = 0;
  #onTheWay = 0;
  #unitsOnTheWay = 0;
  #changed = Promise.withResolvers<void>();

  get count(): number {
    return this.#entries.size;
  }

  /** The id of the request added last; 0 before the first. */
  get lastRef(): number {
    return this.#lastRef;
  }

  /** All pending requests, oldest first. */
  all(): PendingRequest[] {
    return [...this.#entries.values()];
  }

  /** Adds `request`; `waits` if there is no connection to send it on. */
  add(request: Request, waits = false): PendingRequest {
    const ref = ++this.#lastRef;
    const entry = { ref, request, wasSent: false, isSent: false, wasDelayed: waits };
    this.#entries.set(ref, entry);
    return entry;
  }

  /**
   * The next request to send, which counts as in flight from then on; undefined while the window is
   * full, unless `all` are to be sent.
   */
  next(all = false): PendingRequest | undefined {
    if (this.#onTheWay === this.#entries.size) return undefined;
    if (!all && this.#onTheWay >= MAX_IN_FLIGHT) return undefined;
    const entry = this.#firstUnsent();
    if (entry === undefined) return undefined;
    const units = unitsOf(entry.request);
    const isFull = this.#onTheWay > 0 && this.#unitsOnTheWay + units > MAX_UNITS_ON_THE_WAY;
    if (isFull && !all) return undefined;
    entry.isSent = true;
    entry.wasSent = true;
    this.#onTheWay++;
    this.#unitsOnTheWay += units;
    return entry;
  }

  /**
   * The server answered `ref`: removes and returns that request; undefined if it is not pending.
   */
  take(ref: Ref): PendingRequest | undefined {
    const entry = this.#entries.get(ref);
    if (entry === undefined) return undefined;
    this.#entries.delete(ref);
    if (entry.isSent) {
      this.#onTheWay--;
      this.#unitsOnTheWay -= unitsOf(entry.request);
    }
    this.#change();
    return entry;
  }

  /**
   * The server answered without a `ref`: removes and returns the oldest, since answers come in
   * order.
   */
  takeOldest(): PendingRequest | undefined {
    for (const ref of this.#entries.keys()) return this.take(ref);
    return undefined;
  }

  /** The connection was lost: nothing is in flight any more. */
  markUnsent(): void {
    this.#onTheWay = 0;
    this.#unitsOnTheWay = 0;
    for (const entry of this.#entries.values()) {
      entry.isSent = false;
      entry.wasDelayed = true;
    }
  }

  /**
   * The server no longer knows the session and its refs. Removes and returns the messages that may
   * have arrived, because sending them again might deliver them twice.
   */
  takeUncertain(): PendingRequest[] {
    const doubtful = this.all().filter(({ request, wasSent }) => wasSent && request.verb === "say");
    for (const { ref } of doubtful) this.take(ref);
    return doubtful;
  }

  /** Removes and returns all: nothing more can be sent or answered. */
  clear(): PendingRequest[] {
    const all = this.all();
    this.#entries.clear();
    this.markUnsent();
    this.#change();
    return all;
  }

  /**
   * Waits until fewer than `count` are pending. Returns false if no answer came for `quietMs`
   * milliseconds, which may be Infinity.
   */
  async waitForFewerThan(count: number, quietMs: number): Promise<boolean> {
    while (this.count >= count) {
      const before = this.count;
      const timer = quietMs === Infinity ? undefined : setTimeout(() => this.#change(), quietMs);
      await this.#changed.promise;
      clearTimeout(timer);
      if (this.count === before) return false;
    }
    return true;
  }

  /** Ends every wait: no answer will come. */
  cancelWaits(): void {
    this.#change();
  }

  #firstUnsent(): Entry | undefined {
    for (const entry of this.#entries.values()) if (!entry.isSent) return entry;
    return undefined;
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}

function unitsOf(request: Request): number {
  return "text" in request ? request.text.length : 0;
}
