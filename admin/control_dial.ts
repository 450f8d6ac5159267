// Connects to a control socket within a time limit, and distinguishes a socket without a server
// from a server that does not answer.

/** Calls `fire` once after `ms` milliseconds, unless the returned function is called before. */
export type StartTimer = (ms: number, fire: () => void) => () => void;

/** The longest wait for a connection, and again for the first answer, in milliseconds. */
export const CONTROL_TIMEOUT_MS = 5_000;

/** A connection, or why there is none: no server listens, none answers in time, or an error. */
export type ControlDialResult =
  | { readonly kind: "open"; readonly conn: Deno.UnixConn }
  | { readonly kind: "absent" }
  | { readonly kind: "silent" }
  | { readonly kind: "failed"; readonly error: unknown };

/** Resolves with the result of `work`, or `"late"` after {@linkcode CONTROL_TIMEOUT_MS}. */
export async function withTimeout<Value>(
  work: Promise<Value>,
  after: StartTimer,
): Promise<Value | "late"> {
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const disarm = after(CONTROL_TIMEOUT_MS, () => resolve("late"));
  try {
    return await Promise.race([late, work]);
  } finally {
    disarm();
  }
}

/** Connects to the control socket `path`; never rejects. */
export async function dialControl(path: string, after: StartTimer): Promise<ControlDialResult> {
  const connecting = Deno.connect({ transport: "unix", path });
  try {
    const conn = await withTimeout(connecting, after);
    if (conn !== "late") return { kind: "open", conn };
  } catch (error) {
    // The queue of connections is full: a server listens, and has not accepted any for long.
    if (error instanceof Deno.errors.WouldBlock) return { kind: "silent" };
    const gone = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.ConnectionRefused;
    return gone ? { kind: "absent" } : { kind: "failed", error };
  }
  // The connection is no longer waited for, but it may still be made.
  connecting.then((conn) => conn.close(), () => {});
  return { kind: "silent" };
}
