// What happens to somebody who connects while a dialogue goes on: one line, then the end.

import type { Wire } from "../client/client_connection.ts";
import type { Clock } from "../shared/clock.ts";
import { DEFAULT_LIMITS } from "../server/limits/limits.ts";

/** The one line; a program may print it, a person read it. */
export const BUSY_REPLY = "The other seat is taken: two are speaking here, try again later";

/** Says so and closes; never throws, whatever the peer does. */
export async function rejectSecondPeer(wire: Wire, clock: Clock): Promise<void> {
  // A peer that is not given time to read would get a reset instead of the line.
  const late = clock.after(DEFAULT_LIMITS.lingerMs, () => close(wire));
  try {
    await wire.write(new TextEncoder().encode(BUSY_REPLY + "\n"));
    await wire.closeWrite();
    const buffer = new Uint8Array(1024);
    while (await wire.read(buffer) !== null);
  } catch {
    // It was faster, or the time is up.
  }
  late.cancel();
  close(wire);
}

function close(wire: Wire): void {
  try {
    wire.close();
  } catch {
    // closed already
  }
}
