// The next turn of the event loop, for all that puts work off to it; and whether anything has.

import { setImmediate } from "node:timers";

let pending = 0;

/** Does `work` in the next turn of the event loop; all I/O that is ready comes in between. */
export function nextTurn(work: () => void): void {
  pending++;
  setImmediate(() => {
    pending--;
    work();
  });
}

/** Whether work waits for the next turn, so that nobody may hold it up. */
export function isTurnAwaited(): boolean {
  return pending > 0;
}
