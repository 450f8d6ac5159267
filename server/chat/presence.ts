// Announces joins, leaves and changes of name: one by one while they are few, gathered when they
// are many, so that a thousand joins do not cost a million lines.

import type { ServerEvent } from "../../protocol/events.ts";
import { MAX_NEWS_NAMES } from "../../protocol/limits.ts";
import type { Member, Readers } from "./member.ts";

/** A member has another name. */
export type RenameEvent = ServerEvent & { readonly type: "renamed" };

/** A member joined or left the chat as a whole. */
export type JoinOrLeaveEvent = ServerEvent & { readonly type: "joined" | "left" };

/** How many joins and leaves are announced one by one. */
export interface PresenceLimits {
  /** Joins and leaves announced immediately before any have to wait. */
  readonly presenceBurst: number;
  /** How many more are announced immediately each second. */
  readonly presencePerSecond: number;
  /** How long those beyond that are collected, in milliseconds. */
  readonly presenceGatherMs: number;
}

/** What {@linkcode Presence} needs of the chat. */
export interface PresenceOptions {
  readonly limits: PresenceLimits;
  /** Milliseconds of a monotonic clock. */
  readonly monotonic: () => number;
  /** Calls `fire` once, after `ms` milliseconds. */
  readonly after: (ms: number, fire: () => void) => { cancel(): void };
  /** Sends an event to all `readers` except `except`. */
  readonly send: (event: ServerEvent, except?: Member, readers?: Readers) => void;
  /** Number of registered members. */
  readonly total: () => number;
}

/** Most collected events that are sent one by one instead of summarised. */
const MAX_SINGLE = 5;

/** Joins and leaves that wait for their summary. */
interface Gathered {
  /** The events themselves, while they are few. */
  readonly few: { readonly event: JoinOrLeaveEvent; readonly about: Member }[];
  joined: number;
  left: number;
  /** The first of those who joined and are still registered, and of those who left. */
  readonly names: Set<string>;
  readonly gone: Set<string>;
}

/** Announces who joins, leaves and changes names. */
export class Presence {
  readonly #options: PresenceOptions;
  #tokens: number;
  #filledAt: number;
  #gathered: Gathered | undefined;
  /** By member: the name it had before the renames that wait. */
  readonly #renamed = new Map<Member, string>();
  #timer: { cancel(): void } | undefined;
  #renameTimer: { cancel(): void } | undefined;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#tokens = options.limits.presenceBurst;
    this.#filledAt = options.monotonic();
  }

  /** Sends the event to the others, immediately or with the next summary. */
  announce(event: JoinOrLeaveEvent, about: Member): void {
    this.#sendRename(about); // it leaves under its last name
    // Waiting events come first, or a member would leave before it joined.
    if (this.#gathered === undefined && this.#takeToken()) {
      return this.#options.send(event, about);
    }
    // A list of names needs every change in time: a collected one could be overtaken by a rename.
    this.#options.send(event, about, "listing");
    this.#gathered ??= this.#gather();
    note(this.#gathered, event, about);
  }

  /** Sends a change of name, immediately or as one with the member's next ones. */
  announceRename(event: RenameEvent, about: Member): void {
    const isWaiting = this.#renamed.size > 0;
    if (!isWaiting && this.#takeToken()) return this.#options.send(event, about);
    this.#options.send(event, about, "listing");
    if (!this.#renamed.has(about)) this.#renamed.set(about, event.was);
    if (isWaiting) return;
    const { after, limits } = this.#options;
    this.#renameTimer = after(limits.presenceGatherMs, () => this.#sendRenames());
  }

  #sendRenames(): void {
    for (const about of this.#renamed.keys()) this.#sendRename(about);
  }

  /** Sends the change that waits for `about`, unless it has its old name again. */
  #sendRename(about: Member): void {
    const was = this.#renamed.get(about);
    if (was === undefined) return;
    this.#renamed.delete(about);
    const { name } = about;
    if (was !== name) this.#options.send({ type: "renamed", was, name }, about, "summarised");
  }

  /** Drops the events that still wait. */
  stop(): void {
    this.#timer?.cancel();
    this.#renameTimer?.cancel();
    this.#gathered = undefined;
    this.#renamed.clear();
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
    this.#timer = after(limits.presenceGatherMs, () => this.#sendGathered());
    return { few: [], joined: 0, left: 0, names: new Set(), gone: new Set() };
  }

  #sendGathered(): void {
    const { send, total } = this.#options;
    const gathered = this.#gathered;
    this.#gathered = undefined;
    if (gathered === undefined) return;
    const { few, joined, left } = gathered;
    if (joined + left <= MAX_SINGLE) {
      return few.forEach(({ event, about }) => send(event, about, "summarised"));
    }
    const summary: ServerEvent = {
      type: "presence",
      joined,
      left,
      names: [...gathered.names],
      gone: [...gathered.gone],
      total: total(),
    };
    send(summary, undefined, "summarised");
  }
}

function note(gathered: Gathered, event: JoinOrLeaveEvent, about: Member): void {
  const { type, name } = event;
  if (gathered.few.length < MAX_SINGLE) gathered.few.push({ event, about });
  if (type === "joined") {
    gathered.joined++;
    if (gathered.names.size < MAX_NEWS_NAMES) gathered.names.add(name);
    return;
  }
  gathered.left++;
  gathered.names.delete(name);
  if (gathered.gone.size < MAX_NEWS_NAMES) gathered.gone.add(name);
}
