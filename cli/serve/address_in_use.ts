// The error message for a port that is in use: whether a minichat of this user listens there, and
// what to do.

import {
  controlDirectory,
  findControlSockets,
  type PathEnvironment,
} from "../../admin/control_path.ts";
import type { Problem } from "../../protocol/problem.ts";
import type { ListenAddress } from "../../server/net/address.ts";
import type { OperatorTexts, Texts } from "../../texts/texts.ts";

/** Returns a problem about the first of the TCP ports that is in use; undefined if none is. */
export async function portInUse(
  addresses: readonly ListenAddress[],
  env: PathEnvironment,
  { operator, serve }: Texts,
): Promise<Problem | undefined> {
  for (const { at } of addresses) {
    if (at.kind !== "tcp" || at.port === 0 || !isTaken(at)) continue;
    const isOurs = await isMinichat(at.port, env, operator);
    return {
      error: isOurs ? serve.listen.minichatOnPort(at.port) : serve.listen.portInUse(at.port),
    };
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

async function isMinichat(
  port: number,
  env: PathEnvironment,
  texts: OperatorTexts,
): Promise<boolean> {
  const after = (ms: number, fire: () => void) => {
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  };
  const sockets = await findControlSockets(controlDirectory(env), after, texts);
  return sockets.ok && sockets.value.some(({ label }) => label === String(port));
}
