// The start of `minichat serve`: reads the configuration file, the flags and the limits, reports
// wrong usage, and either prints settings or runs a server.

import type { Problem } from "../../protocol/problem.ts";
import { errorText } from "../../shared/errors.ts";
import { chosenTexts } from "../language.ts";
import { parseArguments } from "../arguments.ts";
import { openFilesLimit } from "../open_files_limit.ts";
import { limitsText } from "./limits_help.ts";
import { print } from "../print.ts";
import { asksForLimits, chooseLimits, type ChosenLimits } from "./limit_options.ts";
import { SERVE_FOOTER, type ServeOptions, serveParser } from "./options.ts";

/** Runs the verb with its arguments; returns the exit code, also when something throws (O1). */
export async function startServe(args: readonly string[]): Promise<number> {
  try {
    return await start(args);
  } catch (problem) {
    print(Deno.stderr, `minichat serve: ${chosenTexts().serve.cannotStart(errorText(problem))}`);
    return 1;
  }
}

async function start(args: readonly string[]): Promise<number> {
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
  if (asksForLimits(options)) return printed(limitsText(chosen.limits));
  if (options.printConfig) {
    const { configText } = await import("./print_config.ts");
    return printed(configText(all, serveParser, chosen.limits));
  }
  // Also with `--first` alone, which is refused there as wrong usage.
  if (options.turns === true || options.first !== undefined) {
    const { runServeTurns } = await import("./turns.ts");
    return await runServeTurns(options);
  }
  const { runServe } = await import("./command.ts");
  const reread = config && ((): ChosenLimits | Problem => {
    const read = config.reloadOptions(args, serveParser);
    return "error" in read ? read : limitsOf(read.options);
  });
  return await runServe(options, { ...chosen, reread });
}

function limitsOf(options: ServeOptions): ChosenLimits | Problem {
  return chooseLimits(options, openFilesLimit() ?? Infinity);
}

function printed(text: string): number {
  print(Deno.stdout, text);
  return 0;
}

function misused(error: string): number {
  print(Deno.stderr, `minichat serve: ${error}`);
  return 2;
}
