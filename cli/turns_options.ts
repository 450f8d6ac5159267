// `--first` of two-person mode, the same on both sides, and which other flags `--turns` refuses.

import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import type { Parser } from "@optique/core/parser";
import { option } from "@optique/core/primitives";
import { choice } from "@optique/core/valueparser";
import type { Problem } from "../protocol/problem.ts";
import { flagsOf } from "./flags.ts";

/** The side that speaks first by default: the sheet's order (R50). */
export const DEFAULT_FIRST = "client";

/** The side that speaks first. */
export type First = "client" | "server";

/** `--first`. */
export const firstOption = optional(
  option("--first", choice(["client", "server"], { metavar: "SIDE" }), {
    description: message`With --turns: which side speaks first, client (default) or server. If the \
two sides do not agree, both wait or both speak: each side shows a hint after 5 s of waiting, and when \
a line arrives in its own turn.`,
  }),
);

/** The flags of a verb, and which of them go together with `--turns`. */
export interface TurnsRules {
  readonly parser: Pick<Parser, "usage">;
  /** The flags that go together with `--turns`. */
  readonly taken: readonly string[];
  /** Other values that are refused if given, by their name in the error message. */
  readonly refused?: Readonly<Record<string, unknown>>;
}

/** Returns a problem if a flag is given that does not go together with `--turns`. */
export function turnsProblem(
  options: { readonly turns: boolean | undefined; readonly first: First | undefined },
  { parser, taken, refused = {} }: TurnsRules,
): Problem | undefined {
  if (!options.turns) {
    return options.first === undefined ? undefined : { error: "--first needs --turns" };
  }
  const values: ReadonlyMap<string, unknown> = new Map(Object.entries(options));
  const given = [
    ...flagsOf(parser).filter(({ name }) => !taken.includes(name))
      .map(({ name }) => [name, values.get(optionKey(name))] as const),
    ...Object.entries(refused),
  ];
  const [wrong] = given.find(([, value]) => isGiven(value)) ?? [];
  if (wrong === undefined) return undefined;
  return { error: `${wrong} makes no sense with --turns: leave one of the two out` };
}

/** The key of a flag in the parsed options: `logFile` for `--log-file`. */
export function optionKey(flag: string): string {
  return flag.slice(2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
}
