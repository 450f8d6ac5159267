// The service manager this program was started by: found in the environment, reached by direct calls.
// Without one, or where direct calls do not work, nobody is told anything.

import { systemClock } from "../../shared/clock.ts";
import { libc } from "../../server/net/system/libc.ts";
import { sendDatagram } from "../../server/net/system/unix_datagram.ts";
import { notifySocket, ServiceNotifier, watchdogMs } from "../../server/service_notifier.ts";

/** Speaks to the service manager, if there is one. */
export function serviceNotifier(env: Pick<typeof Deno.env, "get">): ServiceNotifier {
  const path = notifySocket(env);
  const functions = path === undefined ? undefined : libc();
  const send = (text: string) => {
    if (path !== undefined && functions !== undefined) sendDatagram(functions, path, text);
  };
  const isHeard = functions !== undefined;
  const watchdog = isHeard ? watchdogMs(env, Deno.pid) : undefined;
  return new ServiceNotifier({ clock: systemClock, send, watchdogMs: watchdog });
}
