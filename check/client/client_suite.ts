// The parts of a check of a client. Each dialect has one suite, a list of steps.

import type { Check } from "../finding.ts";
import type { Show } from "../visible.ts";
import type { ClientProbe } from "./client_probe.ts";
import type { StepOutcome } from "./step_outcome.ts";

/** State of the client: not started, connected, or introduced as its dialect asks. */
export type Readiness = "off" | "connected" | "chatting";

/** One check and how it runs. */
export interface ClientStep {
  readonly check: Check;
  /** The state that `run` starts from. */
  readonly needs: Readiness;
  /** Whether the step types lines, and so is skipped if a first line did not arrive. */
  readonly types?: boolean;
  /** The state after a step that passed; a failed step ends the client. */
  readonly leaves: Readiness;
  run(probe: ClientProbe): Promise<StepOutcome>;
}

/** The checks of one dialect's clients. */
export interface ClientSuite {
  /** Shown to people: `usermsg (sheet 004)`. */
  readonly title: string;
  /** How bytes of a transcript are shown. */
  readonly show: Show;
  /** Whether such a client may read its user's name as the first line of its input. */
  readonly asksName: boolean;
  /** Receives what the client must send first, and answers it; the client is then `chatting`. */
  greet(probe: ClientProbe): Promise<StepOutcome>;
  /** In the order in which they run. */
  readonly steps: readonly ClientStep[];
}
