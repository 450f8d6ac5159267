// What one check of a client is made of. The dialects write their checks as lists of steps; who drives
// the client and who listens for it is not their business.

import type { ClientProbe } from "./client_probe.ts";
import type { StepOutcome } from "./step_outcome.ts";
import type { Check } from "../finding.ts";
import type { Show } from "../visible.ts";

/** How far a client must be for a step: not started, connected, or introduced as its dialect asks. */
export type Readiness = "off" | "connected" | "chatting";

/** One check and how it is made. */
export interface ClientStep {
  readonly check: Check;
  readonly needs: Readiness;
  /** How far the client is behind a step that passed; whatever fails is followed by a new start. */
  readonly leaves: Readiness;
  run(stage: ClientProbe): Promise<StepOutcome>;
}

/** How the clients of one dialect are checked. */
export interface ClientSuite {
  /** For people: `usermsg (sheet 004)`. */
  readonly title: string;
  /** How bytes of a transcript are shown. */
  readonly show: Show;
  /** Whether such a client may read its user's name as the first line of its input. */
  readonly asksName: boolean;
  /** What the client must say once it is connected, before anything else can be checked. */
  greet(stage: ClientProbe): Promise<StepOutcome>;
  /** In the order in which they are made. */
  readonly steps: readonly ClientStep[];
}
