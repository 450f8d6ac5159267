// The flags a parser takes, as data, and a command line taken apart by them. Knows nothing of what any
// flag means: so what one more file adds to the parser works here by itself.

import type { Parser } from "@optique/core/parser";
import { splitArguments } from "../shared/arguments.ts";

type UsageTerm = Parser["usage"][number];

/** One flag. */
export interface Flag {
  /** `--log-file`; the first long one of several. */
  readonly name: string;
  /** All of its names, such as `-p` and `--port`. */
  readonly names: readonly string[];
  readonly takesValue: boolean;
  /** May be given several times. */
  readonly repeats: boolean;
}

/** A flag as it was given. */
export interface GivenFlag {
  readonly flag: Flag;
  readonly value: string | undefined;
  /** As it stands on the command line. */
  readonly args: readonly string[];
}

/** Every flag `parser` takes, in its order. */
export function flagsOf(parser: Pick<Parser, "usage">): readonly Flag[] {
  return parser.usage.flatMap((term) => flagsIn(term, false));
}

function flagsIn(term: UsageTerm, repeats: boolean): Flag[] {
  switch (term.type) {
    case "option": {
      const name = term.names.find((one) => one.startsWith("--"));
      if (name === undefined) return [];
      return [{ name, names: term.names, takesValue: term.metavar !== undefined, repeats }];
    }
    case "optional":
      return term.terms.flatMap((inner) => flagsIn(inner, repeats));
    case "multiple":
      return term.terms.flatMap((inner) => flagsIn(inner, true));
    case "exclusive":
      return term.terms.flatMap((terms) => terms.flatMap((inner) => flagsIn(inner, repeats)));
    default:
      return [];
  }
}

/** The flags among `args`, in order; what is none of `flags` is passed over. */
export function givenFlags(args: readonly string[], flags: readonly Flag[]): GivenFlag[] {
  const flagNamed = (name: string) => flags.find(({ names }) => names.includes(name));
  const given: GivenFlag[] = [];
  for (const piece of splitArguments(args, { takesValue: (name) => flagNamed(name)?.takesValue })) {
    const flag = piece.kind === "option" ? flagNamed(piece.name) : undefined;
    if (flag === undefined || piece.kind !== "option") continue;
    given.push({ flag, value: flag.takesValue ? piece.value : undefined, args: piece.args });
  }
  return given;
}
