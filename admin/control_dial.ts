// Connects to a control socket, and tells a server that is gone from one that does not answer. Knows
// nothing of what is said over the socket.

import { type StartTimer, withTimeout } from "./control_timeout.ts";

/** A connection, or why there is none: nobody listens there, nobody answers in time, or an error. */
export type ControlDialResult =
  | { readonly kind: "open"; readonly conn: Deno.UnixConn }
  | { readonly kind: "absent" }
  | { readonly kind: "silent" }
  | { readonly kind: "failed"; readonly error: unknown };

/** Connects to the control socket `path`; never rejects. */
export async function dialControl(path: string, after: StartTimer): Promise<ControlDialResult> {
  const connecting = Deno.connect({ transport: "unix", path });
  try {
    const conn = await withTimeout(connecting, after);
    if (conn !== "late") return { kind: "open", conn };
  } catch (error) {
    // The queue of connections is full: somebody listens, and has not accepted any for long.
    if (error instanceof Deno.errors.WouldBlock) return { kind: "silent" };
    const gone = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.ConnectionRefused;
    return gone ? { kind: "absent" } : { kind: "failed", error };
  }
  // Nobody waits for it any more, but it may still come.
  connecting.then((conn) => conn.close(), () => {});
  return { kind: "silent" };
}
