// Lists the flags of a parser as data, and finds those flags in a command line. Used by
// configuration files and by the refusals of `--turns`.

import type { Parser } from "@optique/core/parser";
import { splitArguments } from "../shared/arguments.ts";

type UsageTerm = Parser["usage"][number];

/** One flag. */
export interface Flag {
  /** The first long name, such as `--log-file`. */
  readonly name: string;
  /** All names, such as `-p` and `--port`. */
  readonly names: readonly string[];
  readonly takesValue: boolean;
  /** May be given several times. */
  readonly repeats: boolean;
}

/** One use of a flag. */
export interface GivenFlag {
  readonly flag: Flag;
  readonly value: string | undefined;
  /** The arguments of this use, as typed. */
  readonly args: readonly string[];
}

/** Lists the flags of `parser`, in its order. */
export function flagsOf(parser: Pick<Parser, "usage">): readonly Flag[] {
  return parser.usage.flatMap((term) => flagsIn(term, false));
}

function flagsIn(term: UsageTerm, repeats: boolean): Flag[] {
  switch (term.type) {
    case "option": {
      const name = term.names.find((name) => name.startsWith("--"));
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

/** Finds the uses of `flags` among `args`, in order; other arguments are skipped. */
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
