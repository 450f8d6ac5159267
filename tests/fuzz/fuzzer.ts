// The loop: makes inputs, tries them, stores those with new behaviour, collects those that fail.

import type { DialectName } from "../../protocol/dialect.ts";
import { legalServer, tryOnClients } from "./hostile.ts";
import { tryScenario } from "./invariants.ts";
import { minimise } from "./minimise.ts";
import { Mutator } from "./mutate.ts";
import { Random } from "./random_source.ts";
import type { Scenario } from "./scenario.ts";
import type { InvariantError } from "./invariant_error.ts";

/** Progress so far. */
export interface FuzzProgress {
  /** Connections of all inputs, each counted once however often it is played. */
  sessions: number;
  inputs: number;
  /** Different behaviours seen. */
  features: number;
  /** Inputs that were the first with some behaviour. */
  kept: number;
  findings: number;
}

/** An input that breaks an invariant. */
export interface FuzzFinding {
  readonly broken: InvariantError;
  readonly scenario: Scenario;
}

/** The program under test. */
export type FuzzTarget = "server" | "client";

/** Tries one input on that program; returns the broken invariant, if any. */
export function tryOnTarget(side: FuzzTarget, scenario: Scenario): ReturnType<typeof tryScenario> {
  return side === "server" ? tryScenario(scenario) : tryOnClients(scenario);
}

/** Options of a run. */
export interface FuzzOptions {
  readonly seed: number;
  /** Dialects of the clients (default all). */
  readonly dialects?: readonly DialectName[];
  /** The program under test: the server, or `minichat connect` with a hostile server. */
  readonly side: FuzzTarget;
  /** Called before each input; returns whether to try it. */
  readonly goesOn: (progress: FuzzProgress) => boolean;
}

/** Most findings of one invariant: further ones are likely the same. */
const MAX_ALIKE = 3;
/** Share of inputs made from scratch; the rest are changes of stored ones. */
const FRESH = 0.2;
/** Most inputs stored. */
const MAX_POOL = 5_000;

/** Tries inputs while `goesOn` says so; returns those that fail, minimised. */
export async function fuzz({ seed, side, dialects, goesOn }: FuzzOptions): Promise<{
  progress: FuzzProgress;
  findings: readonly FuzzFinding[];
}> {
  const random = new Random(seed);
  const mutator = new Mutator(random, dialects);
  const seen = new Set<string>();
  const pool: Scenario[] = [];
  const findings: FuzzFinding[] = [];
  const progress: FuzzProgress = { sessions: 0, inputs: 0, features: 0, kept: 0, findings: 0 };
  while (goesOn(progress)) {
    const scenario = pool.length < 2 || random.chance(FRESH)
      ? side === "server" ? mutator.fresh() : legalServer(random)
      : mutator.change(fromPool(pool, random), random.pick(pool));
    progress.inputs++;
    progress.sessions += side === "client"
      ? 1
      : scenario.actors.length + scenario.listeners.length + 1;
    const { broken, features } = await tryOnTarget(side, scenario);
    const before = seen.size;
    features.forEach((feature) => seen.add(feature));
    progress.features = seen.size;
    if (broken !== undefined) {
      if (findings.filter((one) => one.broken.law === broken.law).length >= MAX_ALIKE) continue;
      findings.push(await smallest(side, { broken, scenario }));
      progress.findings = findings.length;
    } else if (seen.size > before) {
      if (pool.length === MAX_POOL) pool.splice(random.int(MAX_POOL), 1);
      pool.push(scenario);
      progress.kept++;
    }
  }
  return { progress, findings };
}

/** A stored input, later ones more often. */
function fromPool(pool: readonly Scenario[], random: Random): Scenario {
  const latest = Math.min(pool.length, 50);
  return random.chance(0.3) ? random.pick(pool.slice(-latest)) : random.pick(pool);
}

/** The finding with a minimised input that breaks the same invariant. */
async function smallest(
  side: FuzzTarget,
  { broken, scenario }: FuzzFinding,
): Promise<FuzzFinding> {
  let last = broken;
  const small = await minimise(scenario, async (smaller) => {
    const { broken: again } = await tryOnTarget(side, smaller);
    if (again?.law !== broken.law) return false;
    last = again;
    return true;
  });
  return { broken: last, scenario: small };
}
