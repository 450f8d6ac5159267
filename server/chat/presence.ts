// Who comes and goes, as the others are told: one by one as long as they are few, together when many
// come at once, so that a thousand newcomers do not cost a million lines. Pure: time is injected.

import type { ServerEvent } from "../../protocol/events.ts";
import { MAX_NEWS_NAMES } from "../../protocol/limits.ts";
import type { Member, Readers } from "./member.ts";

/** Somebody came to or left the chat as a whole. */
export type JoinOrLeaveEvent = ServerEvent & { readonly type: "joined" | "left" };

/** How much news is told one by one. */
export interface PresenceLimits {
  /** Comings and goings told one by one before any have to wait. */
  readonly presenceBurst: number;
  /** How many more of them each second. */
  readonly presencePerSecond: number;
  /** How long those beyond that are gathered, in milliseconds. */
  readonly presenceGatherMs: number;
}

/** What presence needs. */
export interface PresenceOptions {
  readonly limits: PresenceLimits;
  /** Milliseconds since some moment. */
  readonly monotonic: () => number;
  /** Calls `fire` once, after `ms` milliseconds. */
  readonly after: (ms: number, fire: () => void) => { cancel(): void };
  /** Tells all `readers` except `except`. */
  readonly tell: (event: ServerEvent, except?: Member, readers?: Readers) => void;
  /** How many are here. */
  readonly total: () => number;
}

/** So many need no summary. */
const FEW = 5;

/** News that waits to be told. */
interface Gathered {
  /** Each piece, as long as they are few. */
  readonly few: { readonly event: JoinOrLeaveEvent; readonly about: Member }[];
  joined: number;
  left: number;
  /** The first of those who came and are still here, and of those who went. */
  readonly names: Set<string>;
  readonly gone: Set<string>;
}

/** Tells who comes and goes. */
export class Presence {
  readonly #options: PresenceOptions;
  #tokens: number;
  #filledAt: number;
  #gathered: Gathered | undefined;
  #timer: { cancel(): void } | undefined;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#tokens = options.limits.presenceBurst;
    this.#filledAt = options.monotonic();
  }

  /** Tells the others of somebody, now or together with what comes within the next moment. */
  announce(event: JoinOrLeaveEvent, about: Member): void {
    // What waits already comes first, or somebody would leave before having come.
    if (this.#gathered === undefined && this.#takeToken()) {
      return this.#options.tell(event, about);
    }
    // A list of names is wrong until it has them all, and gathered ones would cross with renames.
    this.#options.tell(event, about, "listing");
    this.#gathered ??= this.#gather();
    note(this.#gathered, event, about);
  }

  /** Whatever still waits is not told any more. */
  stop(): void {
    this.#timer?.cancel();
    this.#gathered = undefined;
  }

  #takeToken(): boolean {
    const { limits, monotonic } = this.#options;
    const now = monotonic();
    const more = (now - this.#filledAt) * limits.presencePerSecond / 1000;
    this.#filledAt = now;
    this.#tokens = Math.min(limits.presenceBurst, this.#tokens + more);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  #gather(): Gathered {
    const { after, limits } = this.#options;
    this.#timer = after(limits.presenceGatherMs, () => this.#tellGathered());
    return { few: [], joined: 0, left: 0, names: new Set(), gone: new Set() };
  }

  #tellGathered(): void {
    const { tell, total } = this.#options;
    const gathered = this.#gathered;
    this.#gathered = undefined;
    if (gathered === undefined) return;
    const { few, joined, left } = gathered;
    if (joined + left <= FEW) {
      return few.forEach(({ event, about }) => tell(event, about, "summarised"));
    }
    const summary: ServerEvent = {
      type: "presence",
      joined,
      left,
      names: [...gathered.names],
      gone: [...gathered.gone],
      total: total(),
    };
    tell(summary, undefined, "summarised");
  }
}

function note(gathered: Gathered, event: JoinOrLeaveEvent, about: Member): void {
  const { type, name } = event;
  if (gathered.few.length < FEW) gathered.few.push({ event, about });
  if (type === "joined") {
    gathered.joined++;
    if (gathered.names.size < MAX_NEWS_NAMES) gathered.names.add(name);
    return;
  }
  gathered.left++;
  gathered.names.delete(name);
  if (gathered.gone.size < MAX_NEWS_NAMES) gathered.gone.add(name);
}
