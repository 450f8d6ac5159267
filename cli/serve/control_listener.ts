// The control socket of a running server: bound safely by server/net, served by admin/. Only this
// file knows both.

import {
  controlDirectory,
  controlSocketPath,
  prepareControlDirectory,
} from "../../admin/control_path.ts";
import { type ControlSession, serveControl } from "../../admin/control_server.ts";
import { systemClock } from "../../shared/clock.ts";
import type { ServerControl } from "../../server/control.ts";
import { DEFAULT_LIMITS } from "../../server/limits/limits.ts";
import { acceptLoop } from "../../server/net/listener.ts";
import { bindUnixSocket } from "../../server/net/unix_socket.ts";

/** An open control socket. */
export interface ControlListener {
  readonly path: string;
  /** Stops accepting, lets the answers under way out, removes the socket's file. */
  close(): Promise<void>;
}

/** What a control socket serves. */
export interface ControlListenerOptions {
  /**
   * What the server may be called, best first: its TCP port, then its process, for two servers can
   * have one port at different addresses.
   */
  readonly labels: readonly string[];
  readonly control: ServerControl;
  readonly onFault: (fault: unknown) => void;
}

/** Opens the socket `minichat admin` looks for, or tells in one sentence why it cannot. */
export async function openControlSocket(
  { labels, control, onFault }: ControlListenerOptions,
): Promise<ControlListener | { readonly error: string }> {
  const directory = controlDirectory(Deno.env);
  const prepared = prepareControlDirectory(directory);
  if (!prepared.ok) return { error: prepared.error };
  const { path, bound } = await bindFirst(
    labels.map((label) => controlSocketPath(directory, label)),
  );
  if ("error" in bound) return bound;
  const sessions = new Set<ControlSession>();
  const accepting = acceptLoop(bound.listener, {
    clock: systemClock,
    limits: DEFAULT_LIMITS,
    onError: onFault,
    onConnection: (conn) => {
      const session = serveControl(conn, control, onFault);
      sessions.add(session);
      session.done.then(() => sessions.delete(session));
    },
  });
  return {
    path,
    async close() {
      bound.listener.close();
      bound.release();
      for (const session of sessions) session.end();
      await accepting;
      await Promise.all([...sessions].map((session) => session.done));
    },
  };
}

async function bindFirst(paths: readonly string[]) {
  for (const path of paths.slice(0, -1)) {
    const bound = await bindUnixSocket(path, { mode: 0o600 });
    if (!("error" in bound)) return { path, bound };
  }
  const path = paths.at(-1) ?? "";
  return { path, bound: await bindUnixSocket(path, { mode: 0o600 }) };
}
