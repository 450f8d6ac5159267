// This machine's network addresses, for the commands to join that are printed.

import type { InterfaceAddress } from "../server/net/address.ts";
import { errorText } from "../shared/errors.ts";

/** The addresses, or none and why. */
export interface NetworkInterfaces {
  readonly interfaces: readonly InterfaceAddress[];
  /** Why the system or the runtime refused to list them (no AF_NETLINK, no `--allow-sys`). */
  readonly unlisted?: string;
}

/** Lists the addresses of this machine; never throws. */
export function networkInterfaces(
  list: () => readonly InterfaceAddress[] = Deno.networkInterfaces,
): NetworkInterfaces {
  try {
    return { interfaces: list() };
  } catch (problem) {
    return { interfaces: [], unlisted: errorText(problem) };
  }
}
