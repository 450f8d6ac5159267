// Defers work to the next turn of the event loop.

import { setImmediate } from "node:timers";

/** Does `work` in the next turn of the event loop, after all I/O that is ready. */
export function nextTurn(work: () => void): void {
  setImmediate(work);
}
