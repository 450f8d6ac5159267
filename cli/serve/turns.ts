// `minichat serve --turns`: runs the listening side of two-person mode on this process's terminal
// or standard streams.

import { ListeningSide } from "../../turns/listening_side.ts";
import { plain } from "../../protocol/plain.ts";
import type { Problem } from "../../protocol/problem.ts";
import { chosenTexts } from "../language.ts";
import { announceTurns } from "./announcement.ts";
import { print } from "../print.ts";
import { listenAddresses, type ServeOptions, serveParser } from "./options.ts";
import { onStopSignals, terminalCloses } from "../signals.ts";
import { networkInterfaces } from "../network_interfaces.ts";
import { systemTurnIO } from "../system_turn_io.ts";
import { DEFAULT_FIRST, turnsProblem } from "../turns_options.ts";

const USAGE = "Usage: minichat serve --turns [--first client|server] [--port PORT] [--host HOST] " +
  "[--listen ADDRESS] [--rounds N] [--no-color]";

/** The flags that go together with --turns; the last three are handled before. */
const TAKEN = [
  ...["--turns", "--first", "--rounds", "--port", "--host", "--listen", "--no-color"],
  ...["--config", "--print-config", "--limits"],
];

/** Runs one dialogue after another until stopped; returns the exit code. */
export async function runServeTurns(options: ServeOptions): Promise<number> {
  const addresses = usageProblem(options) ?? listenAddresses(options);
  if ("error" in addresses) {
    print(Deno.stderr, `${USAGE}\nError: ${addresses.error}`);
    return 2;
  }
  const first = options.first ?? DEFAULT_FIRST;
  const texts = chosenTexts();
  const io = systemTurnIO(options, texts);
  const signals = onStopSignals({ stop: () => host.stop(), hangsUp: terminalCloses() });
  const host = new ListeningSide({
    io,
    texts,
    goesFirst: first === "server",
    rounds: options.rounds,
    onInterrupt: signals.interrupt,
  });
  const unbound = await host.listen(addresses);
  if (unbound !== undefined) {
    print(Deno.stderr, `minichat serve: ${unbound.error}`);
    return 1;
  }
  const flags = first === DEFAULT_FIRST ? "--turns" : `--turns --first ${first}`;
  const places = { addresses: host.addresses, ...networkInterfaces() };
  io.print(announceTurns(places, { first, flags }, texts.serve));
  host.open();
  const forced = await Promise.race([host.stopped.then(() => false), signals.forced]);
  io.close();
  io.notify(texts.turns.stopped);
  signals.ignore();
  return forced ? 130 : 0;
}

function usageProblem(options: ServeOptions): Problem | undefined {
  for (const { dialect, notices, echo, tls, greet, proxy } of options.listen) {
    const isPlain = dialect === undefined || dialect === plain.name;
    if (!isPlain || notices || [echo, tls, greet, proxy].some((setting) => setting !== undefined)) {
      return {
        error: "With --turns, --listen takes no settings after the address, and no TLS: " +
          "the dialogue is plain lines",
      };
    }
  }
  return turnsProblem(options, { parser: serveParser, taken: TAKEN });
}
