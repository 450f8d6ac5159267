// What is said when a server cannot be started because its place is taken: that a minichat runs there
// already, and how to join or stop it, before anything else that the same server holds.

import {
  controlDirectory,
  findControlSockets,
  type PathEnvironment,
} from "../../admin/control_path.ts";
import type { ListenAddress } from "../../server/net/address.ts";

/** A sentence about the first of these ports that somebody listens at; nothing when all are free. */
export async function portInUse(
  addresses: readonly ListenAddress[],
  env: PathEnvironment,
): Promise<string | undefined> {
  for (const { at } of addresses) {
    if (at.kind !== "tcp" || at.port === 0 || !isTaken(at)) continue;
    if (!await isOurs(at.port, env)) {
      return `Port ${at.port} is in use: stop the program that listens there, or choose another ` +
        "with --port";
    }
    return `A minichat runs at port ${at.port} already: join it (minichat connect localhost ` +
      `${at.port}), stop it (minichat admin --port ${at.port} shutdown 0), or choose another ` +
      "with --port";
  }
  return undefined;
}

function isTaken({ host, port }: { readonly host: string; readonly port: number }): boolean {
  try {
    Deno.listen({ hostname: host, port }).close();
    return false;
  } catch (problem) {
    return problem instanceof Deno.errors.AddrInUse;
  }
}

async function isOurs(port: number, env: PathEnvironment): Promise<boolean> {
  const sockets = await findControlSockets(controlDirectory(env), (ms, fire) => {
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  });
  return sockets.ok && sockets.value.some(({ label }) => label === String(port));
}
