// What `minichat serve` does before a server is made: the configuration file, the flags, the limits, and
// what is only to be printed. Everything wrong with them is told here, and nothing is started then.

import { parseArguments } from "../arguments.ts";
import { openFilesLimit } from "../open_files_limit.ts";
import { limitsText } from "./limits_help.ts";
import { print } from "../print.ts";
import { asksForLimits, chooseLimits, type ChosenLimits } from "./limit_options.ts";
import { SERVE_FOOTER, type ServeOptions, serveParser } from "./options.ts";

/** Runs the verb with the arguments behind it; answers the exit code. */
export async function startServe(args: readonly string[]): Promise<number> {
  const wantsFile = args.some((arg) => /^--config(=|$)/.test(arg));
  const config = wantsFile ? await import("./config_file.ts") : undefined;
  const all = config === undefined ? args : config.withConfig(args, serveParser);
  if ("error" in all) return misused(all.error);
  const settings = { program: "minichat serve", footer: SERVE_FOOTER };
  const parsed = parseArguments(serveParser, all, settings);
  if (parsed.kind === "exit") return parsed.code;
  const { options } = parsed;
  const chosen = limitsOf(options);
  if ("error" in chosen) return misused(chosen.error);
  if (asksForLimits(options)) return told(limitsText(chosen.limits));
  if (options.printConfig) {
    const { configText } = await import("./print_config.ts");
    return told(configText(all, serveParser, chosen.limits));
  }
  // Also with `--first` alone, which is told there to be wrong usage.
  if (options.turns === true || options.first !== undefined) {
    const { runServeTurns } = await import("./turns.ts");
    return await runServeTurns(options);
  }
  const { runServe } = await import("./command.ts");
  const reread = config && ((): ChosenLimits | { readonly error: string } => {
    const read = config.reloadOptions(args, serveParser);
    return "error" in read ? read : limitsOf(read.options);
  });
  return await runServe(options, { ...chosen, reread });
}

function limitsOf(options: ServeOptions): ChosenLimits | { readonly error: string } {
  return chooseLimits(options, openFilesLimit() ?? Infinity);
}

function told(text: string): number {
  print(Deno.stdout, text);
  return 0;
}

function misused(sentence: string): number {
  print(Deno.stderr, `minichat serve: ${sentence}`);
  return 2;
}
