// Plans the faults of a torture run and their times from a seed, so that a run can be repeated.

/** One fault. */
export type InjectedFault =
  /** Kills the server and starts it again. */
  | { readonly kind: "kill" }
  /** The same, and kills it again while it starts. */
  | { readonly kind: "kill_at_start"; readonly afterMs: number }
  /** Stops the server in order and starts it again. */
  | { readonly kind: "stop" }
  /** Cuts all connections. */
  | { readonly kind: "cut" }
  /** Delays all bytes for a while. */
  | { readonly kind: "stall"; readonly forMs: number }
  /**
   * Discards the server's bytes for a while, then cuts all connections: acknowledgements get lost.
   */
  | { readonly kind: "deafness"; readonly forMs: number }
  /** Cuts all connections, and refuses new ones for a while. */
  | { readonly kind: "partition"; readonly forMs: number }
  /** Kills a client; another one replaces it. */
  | { readonly kind: "kill_client" };

/** A fault, and the time without faults before it. */
export interface ScheduledFault {
  readonly afterMs: number;
  readonly fault: InjectedFault;
}

/** A plan with `kills` kills of the server, and all other kinds in between. */
export function faultPlan(kills: number, random: () => number): ScheduledFault[] {
  const plan: ScheduledFault[] = [];
  const soon = (): number => Math.round(100 + random() * 700);
  for (let kill = 1; kill <= kills; kill++) {
    const other = otherFault(random);
    if (other !== undefined) plan.push({ afterMs: soon(), fault: other });
    plan.push({ afterMs: soon(), fault: { kind: "kill" } });
    if (kill % 5 === 0) {
      const afterMs = Math.round(random() * 400);
      plan.push({ afterMs: soon(), fault: { kind: "kill_at_start", afterMs } });
    }
  }
  return plan;
}

function otherFault(random: () => number): InjectedFault | undefined {
  const forMs = Math.round(200 + random() * 1_300);
  const faults: (InjectedFault | undefined)[] = [
    { kind: "cut" },
    { kind: "stall", forMs },
    { kind: "deafness", forMs },
    { kind: "partition", forMs },
    { kind: "kill_client" },
    { kind: "stop" },
    undefined,
  ];
  return faults[Math.floor(random() * faults.length)];
}
