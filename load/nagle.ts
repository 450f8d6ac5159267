// Recognises Nagle's algorithm with delayed acknowledgements: many receipts about 40 ms late, and
// hardly any between these and the quick ones. Pure.

import type { Histogram } from "./histogram.ts";

/** A delayed acknowledgement comes after 40 ms on Linux (TCP_DELACK_MIN), timers included. */
const CLUSTER = { from: 38_000, to: 56_000 };
/** Below the cluster: a queue or a slow server has receipts here too. */
const VALLEY = { from: 14_000, to: 34_000 };
const LEAST_SHARE = 0.02;
/** The cluster has this many times the receipts of the valley. */
const LEAST_CONTRAST = 4;
/** Fewer receipts show nothing. */
const LEAST_COUNT = 50;

/** The share of the values, 0 to 1, in a cluster about 40 ms; 0 if there is none. */
export function delayedAckShare(values: Histogram): number {
  if (values.count < LEAST_COUNT) return 0;
  const late = values.between(CLUSTER.from, CLUSTER.to);
  const between = values.between(VALLEY.from, VALLEY.to);
  const share = late / values.count;
  return share >= LEAST_SHARE && late >= LEAST_CONTRAST * between ? share : 0;
}
