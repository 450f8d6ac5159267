// A real control socket in a temporary directory, for the tests of admin/ and of the verb.

import { type ControlSession, serveControl } from "../../admin/control_server.ts";
import { controlSocketPath, prepareControlDirectory } from "../../admin/control_path.ts";
import type { StartTimer } from "../../admin/control_dial.ts";
import { EN } from "../../texts/en.ts";
import { FakeControl } from "./fake_control.ts";

/** A directory of control sockets as a server makes it, removed at the end of the scope. */
export class ControlPlace implements AsyncDisposable {
  readonly root = Deno.makeTempDirSync({ prefix: "minichat-admin-" });
  readonly directory = `${this.root}/minichat`;
  readonly env = new Map([["XDG_RUNTIME_DIR", this.root]]);
  readonly #servers: FakeServer[] = [];

  /** Starts a server there. */
  serve(label: string, control: FakeControl = new FakeControl()): FakeServer {
    const prepared = prepareControlDirectory(this.directory, EN.operator);
    if (prepared.kind !== "ready") throw new Error(prepared.error);
    const server = new FakeServer(controlSocketPath(this.directory, label), control);
    this.#servers.push(server);
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) await server.stop();
    Deno.removeSync(this.root, { recursive: true });
  }
}

/** Accepts on a control socket and serves a fake. */
export class FakeServer {
  readonly faults: unknown[] = [];
  readonly sessions: ControlSession[] = [];
  readonly #listener: Deno.UnixListener;
  readonly #accepting: Promise<void>;

  constructor(readonly path: string, readonly control: FakeControl) {
    this.#listener = Deno.listen({ transport: "unix", path });
    this.#accepting = this.#accept();
  }

  /** Stops as a server does: no more connections, what is queued is still sent. */
  async stop(): Promise<void> {
    try {
      this.#listener.close();
    } catch {
      return; // stopped before
    }
    await this.#accepting;
    for (const session of this.sessions) session.end();
    await Promise.all(this.sessions.map((session) => session.done));
  }

  async #accept(): Promise<void> {
    while (true) {
      const conn = await this.#listener.accept().catch(() => undefined);
      if (conn === undefined) return;
      const onFault = (fault: unknown) => void this.faults.push(fault);
      this.sessions.push(serveControl(conn, { control: this.control, texts: EN, onFault }));
    }
  }
}

/** Timers that fire only when the test calls `strike()`. */
export class FakeAlarms {
  readonly set = new Set<{ readonly ms: number; readonly fire: () => void }>();

  readonly after: StartTimer = (ms, fire) => {
    const alarm = { ms, fire };
    this.set.add(alarm);
    return () => this.set.delete(alarm);
  };

  /** Fires every timer that is set now. */
  strike(): void {
    for (const { fire } of [...this.set]) fire();
  }
}

/** Reads lines of JSON from a connection. */
export class JsonLines {
  readonly #conn: Pick<Deno.Conn, "read">;
  #text = "";

  constructor(conn: Pick<Deno.Conn, "read">) {
    this.#conn = conn;
  }

  /** The next object; undefined at the end of the stream. */
  async next(): Promise<Record<string, unknown> | undefined> {
    const buffer = new Uint8Array(64 * 1024);
    while (!this.#text.includes("\n")) {
      const size = await this.#conn.read(buffer);
      if (size === null) return undefined;
      this.#text += new TextDecoder().decode(buffer.subarray(0, size));
    }
    const end = this.#text.indexOf("\n");
    const line = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 1);
    return JSON.parse(line);
  }
}
