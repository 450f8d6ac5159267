// The next turn of the event loop, for all that puts work off to it.

import { setImmediate } from "node:timers";

/** Does `work` in the next turn of the event loop; all I/O that is ready comes in between. */
export function nextTurn(work: () => void): void {
  setImmediate(work);
}
