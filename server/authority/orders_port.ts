// The authority's interface to operator commands in the chat. Types only.

import type { CommandHelp } from "../../protocol/events.ts";

/** The answer to an operator command, as text for the operator. */
export interface OrderAnswer {
  readonly ok: boolean;
  readonly text: string;
}

/** Performs typed operator commands. */
export interface Orders {
  readonly help: readonly CommandHelp[];
  /**
   * The command as event subscribers may see it; undefined for a question or an unknown command.
   */
  shown(line: string): string | undefined;
  /**
   * Performs `line` (`kick bob too loud`) in the name of `by`; undefined for an unknown command.
   */
  carryOut(by: string, line: string): OrderAnswer | undefined;
}
