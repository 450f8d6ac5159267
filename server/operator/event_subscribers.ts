// Whoever watches what happens on a server: the operator's screens. What is said in private is not for
// them.

import type { ServerEvent } from "../../protocol/events.ts";
import type { Clock } from "../../shared/clock.ts";
import type { WatchedEvent } from "../control.ts";

/** Told of everything that happens, as the operator may see it. */
export type EventSubscriber = (event: WatchedEvent) => void;

/** Those who watch one server. */
export class EventSubscribers {
  readonly #clock: Pick<Clock, "now">;
  readonly #onFault: (fault: unknown) => void;
  readonly #watchers = new Set<EventSubscriber>();

  /** `onFault` is told what a watcher threw: a bug of the operator's screen, which costs nobody else. */
  constructor(clock: Pick<Clock, "now">, onFault: (fault: unknown) => void) {
    this.#clock = clock;
    this.#onFault = onFault;
  }

  /** Tells `watcher` from now on, until the returned function is called. */
  subscribe(watcher: EventSubscriber): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Tells all of them. */
  publish(event: ServerEvent): void {
    if (this.#watchers.size === 0) return;
    const isPrivate = event.type === "message" && event.to?.startsWith("@");
    const shown = isPrivate ? { ...event, text: `(to ${event.to?.slice(1)}, not shown)` } : event;
    const watched = { at: new Date(this.#clock.now()).toISOString(), event: shown };
    for (const watcher of this.#watchers) {
      try {
        watcher(watched);
      } catch (fault) {
        this.#onFault(fault);
      }
    }
  }
}
