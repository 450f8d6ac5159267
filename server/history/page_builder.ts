// Builds one page of history from the messages its reader may see, in the order of paging, until
// the next one does not fit, and notes where the following page starts.

import type { MessageEvent } from "../../protocol/events.ts";
import type { Audience, Page, PageRequest } from "./history.ts";

/** Direction of a page: upwards from `since`, or downwards from `before`. */
export type Direction = "forward" | "backward";

/** A page in progress. */
export class PageBuilder {
  /** Only messages with a greater number belong to the page. */
  readonly since: number;
  /** Only messages with a smaller number belong to the page. */
  readonly before: number;
  readonly #request: PageRequest;
  readonly #direction: Direction;
  readonly #messages: MessageEvent[] = [];
  #charsLeft: number;
  #next: number | undefined;

  constructor(request: PageRequest, direction: Direction) {
    const { since = 0, before = Infinity, chars = Infinity } = request;
    this.since = since;
    this.before = before;
    this.#request = request;
    this.#direction = direction;
    this.#charsLeft = chars;
  }

  /** Whether the page ended before its range did. */
  get isCut(): boolean {
    return this.#next !== undefined;
  }

  /**
   * Adds the next stored message of the range if the reader may see it; only then calls `read` for
   * the message. Returns false if the message no longer fits: the page is cut before it.
   */
  offer(seq: number, audience: Audience, read: () => MessageEvent): boolean {
    const { limit, visible } = this.#request;
    if (!visible(audience, seq)) return true;
    if (this.#messages.length === limit) return this.cutBefore(seq);
    const message = read();
    this.#charsLeft -= message.text.length;
    // The first message always fits: otherwise the following page would be cut before it again.
    if (this.#charsLeft < 0 && this.#messages.length > 0) return this.cutBefore(seq);
    this.#messages.push(message);
    return true;
  }

  /** Ends the page before the message of number `seq`, which the following page examines first. */
  cutBefore(seq: number): false {
    this.#next = this.#direction === "forward" ? seq - 1 : seq + 1;
    return false;
  }

  /** The page, in ascending order. */
  finish(): Page {
    if (this.#direction === "backward") this.#messages.reverse();
    const messages = this.#messages;
    return this.#next === undefined ? { messages } : { messages, next: this.#next };
  }
}
