// Notifies the service manager (systemd) that started this program: found in the environment,
// reached by direct calls. Does nothing without one, or where direct calls do not work.

import { systemClock } from "../../shared/clock.ts";
import { libc } from "../../server/net/system/libc.ts";
import { sendDatagram } from "../../server/net/system/unix_datagram.ts";
import { notifySocket, ServiceNotifier, watchdogMs } from "../../server/service_notifier.ts";

/** Makes the notifier for the service manager of this process, if there is one. */
export function serviceNotifier(env: Pick<typeof Deno.env, "get">): ServiceNotifier {
  const path = notifySocket(env);
  const functions = path === undefined ? undefined : libc();
  const send = (text: string) => {
    if (path !== undefined && functions !== undefined) sendDatagram(functions, path, text);
  };
  const watchdog = functions === undefined ? undefined : watchdogMs(env, Deno.pid);
  return new ServiceNotifier({ clock: systemClock, send, watchdogMs: watchdog });
}
