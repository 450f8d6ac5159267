// Runs the programs of the benchmarks: help, wrong usage, and failures as error messages.

import type { Problem } from "../protocol/problem.ts";
import { errorText } from "../shared/errors.ts";
import { printTo } from "./result_files.ts";

/** Parsed options, a request for help, or an error message. */
export type ParsedFlags<Options> = Options | "help" | Problem;

/** One benchmark program. */
export interface BenchmarkProgram<Options> {
  readonly usage: string;
  /** May throw what `parseFlags()` throws. */
  parse(args: readonly string[]): ParsedFlags<Options>;
  /** Runs the benchmark; returns the exit code. */
  run(options: Options): Promise<number>;
}

/** Runs a program; returns the exit code: 0 done, 1 failed, 2 wrong usage. */
export async function runBenchmark<Options extends object>(
  { usage, parse, run }: BenchmarkProgram<Options>,
  args: readonly string[],
): Promise<number> {
  const options = parsed(parse, args);
  if (options === "help") {
    printTo(Deno.stdout, usage.trimEnd());
    return 0;
  }
  if ("error" in options) {
    printTo(Deno.stderr, `${options.error}\n${usage.trimEnd()}`);
    return 2;
  }
  try {
    return await run(options);
  } catch (error) {
    printTo(Deno.stderr, errorText(error));
    return 1;
  }
}

function parsed<Options>(
  parse: BenchmarkProgram<Options>["parse"],
  args: readonly string[],
): ParsedFlags<Options> {
  try {
    return parse(args);
  } catch (error) {
    return { error: errorText(error) };
  }
}

/** The names in a comma-separated list, in the order of `known`; all of them without a list. */
export function chosenOf<Name extends string>(
  list: string | undefined,
  known: readonly Name[],
): { readonly names: readonly Name[] } | Problem {
  if (list === undefined) return { names: known };
  const words = list.split(",");
  const unknown = words.find((word) => !known.some((name) => name === word));
  if (unknown !== undefined) return { error: `Choose from ${known.join(", ")}: "${unknown}"` };
  return { names: known.filter((name) => words.includes(name)) };
}

/** The whole number in `text`, from 1 to `most`. */
export function countOf(
  flag: string,
  text: string,
  most: number,
): number | Problem {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  return { error: `Give ${flag} a number from 1 to ${most}: "${text}"` };
}
