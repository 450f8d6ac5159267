// The flags of a dialogue by turns, the same on both sides, and which other flags make no sense with it.

import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { choice } from "@optique/core/valueparser";

/** Who speaks first unless told otherwise: the sheet's order (R50). */
export const DEFAULT_FIRST = "client";

/** Who speaks first. */
export type First = "client" | "server";

/** `--first`. */
export const firstOption = optional(
  option("--first", choice(["client", "server"], { metavar: "SIDE" }), {
    description: message`With --turns: who speaks first, client (unless told otherwise) or server. \
When the two sides are not told the same, both wait or both speak: after 5 s of silence those who \
wait are told so, and whoever gets a line in their own turn is told that lines have crossed.`,
  }),
);

/** Flags that are given, by their name on the command line; `false` and absent ones are not. */
export type GivenFlags = Readonly<Record<string, unknown>>;

/** A sentence when the flags make no sense together: `refused` are those a dialogue has no use for. */
export function turnsProblem(
  { turns, first, refused }: {
    readonly turns: boolean | undefined;
    readonly first: First | undefined;
    readonly refused: GivenFlags;
  },
): string | undefined {
  if (!turns) return first === undefined ? undefined : "--first needs --turns";
  for (const [flag, value] of Object.entries(refused)) {
    if (value !== undefined && value !== false) {
      return `${flag} makes no sense with --turns: leave one of the two out`;
    }
  }
  return undefined;
}
