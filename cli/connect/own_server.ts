// Whether a server of this user listens on a local port: then its protocol is known, and no
// greeting has to be waited for.

import { controlDirectory, controlSocketPath } from "../../admin/control_path.ts";
import type { Address } from "../../client/dial.ts";

/** Whether `address` is that of a minichat server of this user, by its control socket. */
export async function isOwnServer(address: Address): Promise<boolean> {
  if (address.kind === "unix" || !/^(?:localhost|127\.[\d.]+|::1)$/.test(address.host)) {
    return false;
  }
  const path = controlSocketPath(controlDirectory(Deno.env), String(address.port));
  try {
    // One that was left by a killed server refuses the connection.
    (await Deno.connect({ transport: "unix", path })).close();
    return true;
  } catch {
    return false;
  }
}
