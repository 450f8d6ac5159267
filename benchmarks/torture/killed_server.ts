// The real server as a process, which is killed and started again on the same port with the same
// data.

import { toText } from "@std/streams";

/** The command that runs the program, up to the verb. */
export type ProgramCommand = readonly [command: string, ...args: string[]];

/** Longest wait for a start, in milliseconds. */
const START_MS = 20_000;

/** Options of a {@linkcode KilledServer}. */
export interface KilledServerOptions {
  readonly program: ProgramCommand;
  readonly port: number;
  readonly data: string;
  /** Folder of its control socket. */
  readonly runtime: string;
}

/** A server that can be killed and started again. */
export class KilledServer {
  readonly #options: KilledServerOptions;
  #child: Deno.ChildProcess | undefined;
  /** Starts so far. */
  starts = 0;

  constructor(options: KilledServerOptions) {
    this.#options = options;
  }

  /** The port it listens at. */
  get port(): number {
    return this.#options.port;
  }

  /** Starts it; resolves when it listens. Throws its stderr if it does not. */
  async start(): Promise<void> {
    const { program: [command, ...args], port, data, runtime } = this.#options;
    const flags = ["--host", "127.0.0.1", "--port", `${port}`, "--data", data, "--quiet"];
    const limits = ["--limit", "message-rate=1000000", "--limit", "message-burst=1000000"];
    const child = new Deno.Command(command, {
      args: [...args, "serve", ...flags, ...limits],
      env: { XDG_RUNTIME_DIR: runtime, NO_COLOR: "1" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#child = child;
    this.starts++;
    const words = toText(child.stderr);
    const ended = child.status.then(async ({ code }) => `exit ${code}: ${await words}`);
    const deadline = Date.now() + START_MS;
    for (;;) {
      if (await answers(port)) return;
      const problem = await Promise.race([ended, pause(20)]);
      if (problem !== undefined) throw new Error(`The server did not start: ${problem}`);
      if (Date.now() > deadline) throw new Error(`The server did not listen in ${START_MS} ms`);
    }
  }

  /** Kills it (SIGKILL). */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Stops it (SIGTERM); resolves when it has ended. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  async #end(signal: Deno.Signal): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    try {
      Deno.kill(child.pid, signal);
    } catch {
      // It has ended.
    }
    await child.status;
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, ms, undefined));
}
