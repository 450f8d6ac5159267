// The load generator, a process of its own so that its work is not counted as a server's: takes one
// command a line on stdin, answers each with one line of JSON. `load.ts PORT`

import process from "node:process";
import { createInterface } from "node:readline";
import { type Faults, type Growth, TalkingClients, type TrafficResult } from "./talking_clients.ts";

/** What it can be told to do. */
export type LoadCommand =
  | { readonly do: "grow"; readonly target: number; readonly ms: number }
  | { readonly do: "talk"; readonly talkers: number; readonly window: number; readonly ms: number }
  | { readonly do: "visit"; readonly times: number };

/** What it answers. */
export type LoadAnswer = { readonly faults: Faults } & {
  readonly growth?: Growth;
  readonly traffic?: TrafficResult;
  /** Milliseconds of each visit. */
  readonly visits?: readonly number[];
};

function carryOut(crowd: TalkingClients, command: LoadCommand): Omit<LoadAnswer, "faults"> {
  switch (command.do) {
    case "grow":
      return { growth: crowd.grow(command.target, command.ms) };
    case "talk":
      return { traffic: crowd.talk(command.talkers, command.window, command.ms) };
    case "visit":
      return { visits: Array.from({ length: command.times }, () => crowd.visit()) };
  }
}

if (import.meta.main) {
  const crowd = new TalkingClients(Number(Deno.args[0]));
  for await (const line of createInterface({ input: process.stdin })) {
    const answer = { ...carryOut(crowd, JSON.parse(line)), faults: crowd.faults };
    Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(answer)}\n`));
  }
}
