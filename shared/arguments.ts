// Splits a command line into options with their values, and words. Pure; the caller knows the
// options.

/** One piece of a command line. */
export type Piece =
  | { readonly kind: "word"; readonly text: string }
  | {
    readonly kind: "option";
    /** With its dashes, such as `--port` or `-p`. */
    readonly name: string;
    /** The text after `=`, or the next argument of an option that takes a value. */
    readonly value: string | undefined;
    /** The one or two arguments it was made of. */
    readonly args: readonly string[];
  }
  /** All arguments after `--`. */
  | { readonly kind: "rest"; readonly words: readonly string[] };

/** How options differ from words. */
export interface SplitRules {
  /** Whether the option of that name takes a value; undefined if there is no such option. */
  takesValue(name: string): boolean | undefined;
  /** Whether an argument may be the value of the option before it (default: any may). */
  isValue?(arg: string): boolean;
}

/**
 * The pieces in order. `--name=VALUE` and `--name VALUE` are the same; an argument that is no option
 * of `takesValue` is a word, also if it begins with dashes.
 */
export function* splitArguments(
  args: readonly string[],
  { takesValue, isValue = () => true }: SplitRules,
): Generator<Piece> {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (arg === "--") return yield { kind: "rest", words: args.slice(at + 1) };
    const equals = arg.startsWith("--") ? arg.indexOf("=") : -1;
    const name = equals < 0 ? arg : arg.slice(0, equals);
    const takes = takesValue(name);
    const next = args[at + 1];
    if (takes === undefined) yield { kind: "word", text: arg };
    else if (equals >= 0) yield { kind: "option", name, value: arg.slice(equals + 1), args: [arg] };
    else if (takes && next !== undefined && isValue(next)) {
      yield { kind: "option", name, value: next, args: [arg, next] };
      at++;
    } else yield { kind: "option", name, value: undefined, args: [arg] };
  }
}
