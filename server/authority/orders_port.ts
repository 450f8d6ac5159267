// What an operator can order from within the chat: the seam to whoever knows the words. Types only.

import type { CommandHelp } from "../../protocol/events.ts";

/** What an order came to, in words for whoever gave it. */
export interface OrderAnswer {
  readonly ok: boolean;
  readonly text: string;
}

/** Carries out typed orders. */
export interface Orders {
  readonly help: readonly CommandHelp[];
  /** The order as those who watch the server may see it; nothing for a question, or what is none. */
  shown(line: string): string | undefined;
  /** Does what `line` says (`kick bob too loud`), in the name of `by`; nothing for an unknown word. */
  carryOut(by: string, line: string): OrderAnswer | undefined;
}
