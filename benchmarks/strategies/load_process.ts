// The load generator, in a process of its own so that its work is not counted as a server's: one
// command per line on stdin, one line of JSON in answer. `load_process.ts PORT`

import process from "node:process";
import { createInterface } from "node:readline";
import { type Faults, type Growth, TalkingClients, type TrafficResult } from "./talking_clients.ts";

/** Its commands. */
export type LoadCommand =
  | { readonly do: "grow"; readonly target: number; readonly ms: number }
  | { readonly do: "talk"; readonly talkers: number; readonly window: number; readonly ms: number }
  | { readonly do: "visit"; readonly times: number };

/** Its answers. */
export type LoadAnswer = { readonly faults: Faults } & {
  readonly growth?: Growth;
  readonly traffic?: TrafficResult;
  /** Milliseconds of each visit. */
  readonly visits?: readonly number[];
};

function carryOut(clients: TalkingClients, command: LoadCommand): Omit<LoadAnswer, "faults"> {
  switch (command.do) {
    case "grow":
      return { growth: clients.grow(command.target, command.ms) };
    case "talk":
      return { traffic: clients.talk(command.talkers, command.window, command.ms) };
    case "visit":
      return { visits: Array.from({ length: command.times }, () => clients.visit()) };
  }
}

if (import.meta.main) {
  const clients = new TalkingClients(Number(Deno.args[0]));
  for await (const line of createInterface({ input: process.stdin })) {
    const answer = { ...carryOut(clients, JSON.parse(line)), faults: clients.faults };
    Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(answer)}\n`));
  }
}
