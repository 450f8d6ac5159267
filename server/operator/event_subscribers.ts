// Publishes the server's events to those who watch it (the console, `tail`, `--json`) without
// private texts.

import type { ServerEvent } from "../../protocol/events.ts";
import type { Clock } from "../../shared/clock.ts";
import type { OperatorReplyTexts } from "../../texts/texts.ts";
import type { WatchedEvent } from "../control.ts";

/** Called for each event, as the operator may see it. */
export type EventSubscriber = (event: WatchedEvent) => void;

/** What the subscribers of one server need. */
export interface EventSubscribersOptions {
  readonly clock: Pick<Clock, "now">;
  readonly texts: OperatorReplyTexts;
  /** Called with what a subscriber threw; the other subscribers still get the event. */
  readonly onFault: (fault: unknown) => void;
}

/** The subscribers of one server. */
export class EventSubscribers {
  readonly #options: EventSubscribersOptions;
  readonly #subscribers = new Set<EventSubscriber>();

  constructor(options: EventSubscribersOptions) {
    this.#options = options;
  }

  /** Calls `subscriber` for each event until the returned function is called. */
  subscribe(subscriber: EventSubscriber): () => void {
    this.#subscribers.add(subscriber);
    return () => void this.#subscribers.delete(subscriber);
  }

  /** Passes an event to all subscribers; the text of a private message is replaced. */
  publish(event: ServerEvent): void {
    if (this.#subscribers.size === 0) return;
    const { clock, texts, onFault } = this.#options;
    const shown = event.type === "message" && event.to?.startsWith("@")
      ? { ...event, text: texts.privateText(event.to.slice(1)) }
      : event;
    const watched = { at: new Date(clock.now()).toISOString(), event: shown };
    for (const subscriber of this.#subscribers) {
      try {
        subscriber(watched);
      } catch (fault) {
        onFault(fault);
      }
    }
  }
}
