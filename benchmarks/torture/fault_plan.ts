// What goes wrong in a torture run, and when: drawn from a seed, so that a run can be repeated.

/** One thing that goes wrong. */
export type InjectedFault =
  /** The server is killed, and started again. */
  | { readonly kind: "kill" }
  /** Again, in the middle of its start. */
  | { readonly kind: "kill_at_start"; readonly afterMs: number }
  /** The server is asked to stop, and started again. */
  | { readonly kind: "stop" }
  /** All connections are cut. */
  | { readonly kind: "cut" }
  /** Nothing passes for a while, then everything does. */
  | { readonly kind: "stall"; readonly forMs: number }
  /** What the server says is lost for a while, then all is cut: acknowledgements never came. */
  | { readonly kind: "deafness"; readonly forMs: number }
  /** All are cut, and nobody gets through for a while. */
  | { readonly kind: "partition"; readonly forMs: number }
  /** A client is killed; another one comes. */
  | { readonly kind: "kill_client" };

/** A fault, and how long all goes well before it. */
export interface ScheduledFault {
  readonly afterMs: number;
  readonly fault: InjectedFault;
}

/** A plan with `kills` kills of the server, and everything else in between. */
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
