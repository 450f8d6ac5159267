// Who watches what happens on the server, and what they are shown of it.

import type { ServerEvent } from "../protocol/events.ts";
import type { WatchedEvent } from "./control.ts";

/** Tells watchers of public events. */
export class Observers {
  readonly watchers = new Set<(event: WatchedEvent) => void>();
  readonly #now: () => number;
  readonly #onFault: (fault: unknown) => void;

  /** `now` in milliseconds since the epoch; `onFault` is told of a watcher's exceptions. */
  constructor(now: () => number, onFault: (fault: unknown) => void) {
    this.#now = now;
    this.#onFault = onFault;
  }

  /** Shows them what happened, without what was said in private. */
  tell(event: ServerEvent): void {
    if (this.watchers.size === 0) return;
    const isPrivate = event.type === "message" && event.to?.startsWith("@");
    const shown = isPrivate ? { ...event, text: `(to ${event.to?.slice(1)}, not shown)` } : event;
    const watched = { at: new Date(this.#now()).toISOString(), event: shown };
    for (const watcher of this.watchers) {
      try {
        watcher(watched);
      } catch (fault) {
        // Whoever watches must not cost the one who speaks: a bug here is the operator's.
        this.#onFault(fault);
      }
    }
  }
}
