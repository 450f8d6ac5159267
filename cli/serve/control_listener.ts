// The control socket of a running server: binds it in the control directory and serves each
// connection.

import {
  controlDirectory,
  controlSocketPath,
  prepareControlDirectory,
  type PreparedDirectory,
} from "../../admin/control_path.ts";
import { type ControlSession, serveControl } from "../../admin/control_server.ts";
import type { Problem } from "../../protocol/problem.ts";
import { systemClock } from "../../shared/clock.ts";
import type { ListenTexts, Texts } from "../../texts/texts.ts";
import type { ServerControl } from "../../server/control.ts";
import { DEFAULT_LIMITS } from "../../server/limits/limits.ts";
import { errorText } from "../../shared/errors.ts";
import { acceptLoop } from "../../server/net/listener.ts";
import { bindUnixSocket } from "../../server/net/unix_socket.ts";

/** An open control socket. */
export interface ControlListener {
  /** Null without a socket; `missing` is why. */
  readonly path: string | null;
  readonly missing?: string;
  /** Stops accepting, flushes the pending answers, removes the socket's file. */
  close(): Promise<void>;
}

/** A server to control. */
export interface ControlListenerOptions {
  /**
   * Names for the socket, the best first: the TCP port, then the process, since two servers can have
   * the same port at different addresses.
   */
  readonly labels: readonly string[];
  readonly control: ServerControl;
  readonly texts: Texts;
  readonly onFault: (fault: unknown) => void;
}

/**
 * Most control connections at the same time, fewer than the reserved descriptors; one more closes
 * the oldest.
 */
const MOST_CONTROL_SESSIONS = 24;

/** A server that cannot be controlled by `minichat admin`, but else serves. */
function noControl(missing: string): ControlListener {
  return { path: null, missing, close: () => Promise.resolve() };
}

/**
 * Opens the socket that `minichat admin` looks for. Without a place for it, as on a read-only disk,
 * there is none (O8); a place where another user could control the server is an error.
 */
export async function openControlSocket(
  { labels, control, texts, onFault }: ControlListenerOptions,
): Promise<ControlListener | Problem> {
  let directory: string;
  let prepared: PreparedDirectory;
  try {
    directory = controlDirectory(Deno.env);
    prepared = prepareControlDirectory(directory, texts.operator);
  } catch (problem) {
    return noControl(errorText(problem)); // the user's number is unknown without --allow-sys (O1)
  }
  if (prepared.kind === "unsafe") return { error: prepared.error };
  if (prepared.kind === "impossible") return noControl(prepared.error);
  const { path, bound } = await bindFirst(
    labels.map((label) => controlSocketPath(directory, label)),
    texts.serve.listen,
  );
  if ("error" in bound) return noControl(bound.error);
  const sessions = new Set<ControlSession>();
  const accepting = acceptLoop(bound.listener, {
    clock: systemClock,
    limits: DEFAULT_LIMITS,
    onError: onFault,
    onConnection: (conn) => {
      // The newest always has a place, so that an operator gets in beside programs that hang.
      if (sessions.size >= MOST_CONTROL_SESSIONS) {
        const [oldest] = sessions;
        if (oldest !== undefined) sessions.delete(oldest);
        oldest?.abort();
      }
      const session = serveControl(conn, { control, texts, onFault });
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

async function bindFirst(paths: readonly string[], texts: ListenTexts) {
  for (const path of paths.slice(0, -1)) {
    const bound = await bindUnixSocket(path, texts, { mode: 0o600 });
    if (!("error" in bound)) return { path, bound };
  }
  const path = paths.at(-1) ?? "";
  return { path, bound: await bindUnixSocket(path, texts, { mode: 0o600 }) };
}
