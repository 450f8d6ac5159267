// `minichat connect --turns`: runs the connecting side of two-person mode on this process's
// terminal or standard streams.

import { dial, startRemedy } from "../../client/dial.ts";
import { runConnectingSide } from "../../turns/connecting_side.ts";
import { plain } from "../../protocol/plain.ts";
import { systemClock } from "../../shared/clock.ts";
import { chosenTexts } from "../language.ts";
import { watchOutput } from "../output_hang_up.ts";
import type { Problem } from "../../protocol/problem.ts";
import { print } from "../print.ts";
import { type ConnectOptions, connectParser } from "./options.ts";
import { onEndSignal } from "../signals.ts";
import { systemTurnIO } from "../system_turn_io.ts";
import { DEFAULT_FIRST, turnsProblem } from "../turns_options.ts";
import { type ConnectTarget, connectTarget } from "../server_address.ts";

const USAGE = "Usage: minichat connect --turns [--first client|server] [--no-color] HOST [PORT], " +
  "or HOST:PORT, or unix:PATH";

/** Runs the dialogue until it ends; returns the exit code. */
export async function runConnectTurns(options: ConnectOptions): Promise<number> {
  const target = connectTarget(options);
  const where = "error" in target ? target : usageProblem(options, target) ?? target;
  if ("error" in where) {
    print(Deno.stderr, `${USAGE}\nError: ${where.error}`);
    return 2;
  }
  const { address } = where;
  const texts = chosenTexts();
  const output = await watchOutput();
  const io = systemTurnIO(options, texts, output.closed);
  // In a pipe the default effect of signals is right.
  const endSignal = io.typesAhead ? onEndSignal("terminal") : undefined;
  const remedy = startRemedy(address, texts.client, "minichat serve --turns");
  try {
    return await runConnectingSide({
      address,
      dial: () => dial(address, texts.client, remedy),
      io,
      texts,
      clock: systemClock,
      goesFirst: (options.first ?? DEFAULT_FIRST) === "client",
      stop: endSignal?.signal ?? new AbortController().signal,
    });
  } finally {
    output.stop();
    endSignal?.ignore();
  }
}

function usageProblem(
  options: ConnectOptions,
  { address, name }: ConnectTarget,
): Problem | undefined {
  const refused = {
    [`--dialect ${options.dialect}`]: (options.dialect ?? plain.name) !== plain.name,
    "TLS": address.kind === "tcp" && address.tls,
    [`The name ${name}`]: name,
  };
  const taken = ["--turns", "--first", "--no-color", "--dialect"];
  return turnsProblem(options, { parser: connectParser, taken, refused });
}
