// Requests that a server has not answered yet: kept while there is no connection, sent within a window,
// sent again where that is safe. It knows no event and no connection.

import type { Ref, Request } from "../protocol/requests.ts";

/** A request until its answer. */
export interface PendingRequest {
  /** Its id: never used for another one. */
  readonly ref: number;
  readonly request: Request;
  /** It was written to a connection; only an answer tells whether it arrived. */
  readonly wasSent: boolean;
  /** It is on its way on the connection there is now. */
  readonly isSent: boolean;
  /** Its connection was lost, or there was none when it was made. */
  readonly wasDelayed: boolean;
}

type Entry = { -readonly [Field in keyof PendingRequest]: PendingRequest[Field] };

/** Requests on their way at once, above which the next ones wait for answers. */
export const MAX_IN_FLIGHT = 256;

/** Their texts together, in UTF-16 units: no server takes a burst for a flood of input. */
const MAX_UNITS_ON_THE_WAY = 32 * 1024;

/** Requests that wait for their answers, oldest first. */
export class PendingRequests {
  readonly #entries = new Map<Ref, Entry>();
  #lastRef = 0;
  #onTheWay = 0;
  #unitsOnTheWay = 0;
  #changed = Promise.withResolvers<void>();

  /** How many there are. */
  get count(): number {
    return this.#entries.size;
  }

  /** The id of the one added last, 0 before that. */
  get lastRef(): number {
    return this.#lastRef;
  }

  /** All of them, oldest first. */
  all(): PendingRequest[] {
    return [...this.#entries.values()];
  }

  /** Takes `request`; `waits` when there is no connection to send it on. */
  add(request: Request, waits = false): PendingRequest {
    const ref = ++this.#lastRef;
    const entry = { ref, request, wasSent: false, isSent: false, wasDelayed: waits };
    this.#entries.set(ref, entry);
    return entry;
  }

  /**
   * The next to send, which counts as on its way from then on; none while the window is full, unless
   * `all` are to go.
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

  /** The server answered to `ref`: the request it was, unless it was answered before. */
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

  /** The server answered one without naming it: they are answered in order. */
  takeOldest(): PendingRequest | undefined {
    for (const ref of this.#entries.keys()) return this.take(ref);
    return undefined;
  }

  /** The connection was lost: nothing is on its way any more. */
  markUnsent(): void {
    this.#onTheWay = 0;
    this.#unitsOnTheWay = 0;
    for (const entry of this.#entries.values()) {
      entry.isSent = false;
      entry.wasDelayed = true;
    }
  }

  /**
   * The server has forgotten the session and its refs: takes out the messages of which nobody knows
   * whether they arrived, because sending them again might say them twice.
   */
  takeUncertain(): PendingRequest[] {
    const doubtful = this.all().filter(({ request, wasSent }) => wasSent && request.verb === "say");
    for (const { ref } of doubtful) this.take(ref);
    return doubtful;
  }

  /** Takes out all: nothing more can be sent or answered. */
  clear(): PendingRequest[] {
    const all = this.all();
    this.#entries.clear();
    this.markUnsent();
    this.#change();
    return all;
  }

  /**
   * Waits until there are fewer than `count`; false when nothing was answered for `quietMs`
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
