// The flags of a dialogue by turns, the same on both sides, and which other flags make no sense with it.

import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import type { Parser } from "@optique/core/parser";
import { option } from "@optique/core/primitives";
import { choice } from "@optique/core/valueparser";
import { flagsOf } from "./flags.ts";

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

/** What a verb takes, and what of it goes together with `--turns`. */
export interface TurnsRules {
  readonly parser: Pick<Parser, "usage">;
  /** The flags of the verb that a dialogue has a use for. */
  readonly taken: readonly string[];
  /** What else is refused if it is given, by what it is called in the error message. */
  readonly refused?: Readonly<Record<string, unknown>>;
}

/** An error message when the flags make no sense together: every flag but those taken is refused. */
export function turnsProblem(
  options: { readonly turns: boolean | undefined; readonly first: First | undefined },
  { parser, taken, refused = {} }: TurnsRules,
): string | undefined {
  if (!options.turns) return options.first === undefined ? undefined : "--first needs --turns";
  const values: ReadonlyMap<string, unknown> = new Map(Object.entries(options));
  const given = [
    ...flagsOf(parser).filter(({ name }) => !taken.includes(name))
      .map(({ name }) => [name, values.get(optionKey(name))] as const),
    ...Object.entries(refused),
  ];
  const [wrong] = given.find(([, value]) => isGiven(value)) ?? [];
  return wrong && `${wrong} makes no sense with --turns: leave one of the two out`;
}

/** Where the parsed options have a flag: `logFile` for `--log-file`. */
export function optionKey(flag: string): string {
  return flag.slice(2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
}
