// Starts the processes of a benchmark, pinned to a core, in one temporary folder, and kills them by
// their pids when the benchmark ends, however it ends.

import { toText } from "@std/streams";
import { once } from "node:events";
import { connect } from "node:net";

/** Longest time a server may take until it listens, in milliseconds. */
const START_MS = 20_000;

/** Milliseconds between two checks whether a server listens. */
const CHECK_MS = 20;

/** Longest time from a server's SIGTERM to its end, in milliseconds. */
const END_MS = 3_000;

/** Characters of a program's stderr that are kept for its error message. */
const KEPT_CHARS = 2_000;

/** A command to run. */
export interface SpawnCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Core it is pinned to if `taskset` is installed (default any). */
  readonly core?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** The standard streams of a process. */
export type Streams = Pick<Required<Deno.CommandOptions>, "stdin" | "stdout" | "stderr">;

/** A running server. */
export interface RunningProcess extends AsyncDisposable {
  readonly pid: number;
}

/** The result of a process that has ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The processes of one benchmark, and the folder for their files. */
export class Processes implements AsyncDisposable {
  readonly folder: string = Deno.makeTempDirSync({ prefix: "minichat-bench-" });
  readonly #children = new Set<Deno.ChildProcess>();
  readonly #pinned = isInstalled("taskset");

  /** Whether processes are pinned to their cores. */
  get pinned(): boolean {
    return this.#pinned;
  }

  /** Starts a server and waits until something listens on `port` of this machine. */
  async serve(command: SpawnCommand, port: number): Promise<RunningProcess> {
    const child = this.spawn(command, { stdin: "null", stdout: "null", stderr: "piped" });
    let stderrTail = "";
    const stderrDone = keepTail(child.stderr, (tail) => stderrTail = tail);
    let ended = false;
    const status = child.status.then((status) => {
      ended = true;
      return status;
    });
    const stop = async () => {
      if (!ended) signal(child, "SIGTERM");
      const late = setTimeout(() => signal(child, "SIGKILL"), END_MS);
      await status;
      clearTimeout(late);
      await stderrDone;
    };
    const deadline = performance.now() + START_MS;
    while (!await listens(port)) {
      if (!ended && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, CHECK_MS));
        continue;
      }
      await stop();
      throw new Error(
        `Cannot start ${command.command}: ${stderrTail.trim() || "it does not listen"}`,
      );
    }
    return { pid: child.pid, [Symbol.asyncDispose]: stop };
  }

  /** Runs a program to its end. */
  async run(command: SpawnCommand): Promise<Ended> {
    const child = this.spawn(command, { stdin: "null", stdout: "piped", stderr: "piped" });
    const [status, stdout, stderr] = await Promise.all([
      child.status,
      toText(child.stdout),
      toText(child.stderr),
    ]);
    return { code: status.code, stdout, stderr };
  }

  /** Kills every process that still runs. */
  killAll(): void {
    for (const child of this.#children) signal(child, "SIGKILL");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.killAll();
    await Promise.all([...this.#children].map((child) => child.status));
    await Deno.remove(this.folder, { recursive: true });
  }

  /** Starts a process, which is killed when the benchmark ends. */
  spawn({ command, args, core, env = {} }: SpawnCommand, streams: Streams): Deno.ChildProcess {
    const isPinned = this.#pinned && core !== undefined;
    const child = new Deno.Command(isPinned ? "taskset" : command, {
      args: isPinned ? ["-c", `${core}`, command, ...args] : [...args],
      env,
      ...streams,
    }).spawn();
    this.#children.add(child);
    void child.status.then(() => this.#children.delete(child));
    return child;
  }
}

/** Whether a command of that name is installed. */
export function isInstalled(name: string): boolean {
  return pathOf(name) !== undefined;
}

/** Path of a command, also in the folders of system programs, which some users' PATH lacks. */
export function pathOf(name: string): string | undefined {
  const folders = `${Deno.env.get("PATH") ?? ""}:/usr/sbin:/usr/local/sbin`.split(":");
  return folders.filter((folder) => folder !== "").map((folder) => `${folder}/${name}`)
    .find((path) => {
      try {
        return Deno.statSync(path).isFile;
      } catch {
        return false;
      }
    });
}

/** A free TCP port of this machine. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect({ host: "127.0.0.1", port });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function keepTail(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  keep: (tail: string) => void,
): Promise<void> {
  let tail = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    tail = (tail + text).slice(-KEPT_CHARS);
    keep(tail);
  }
}

function signal(child: Deno.ChildProcess, name: Deno.Signal): void {
  try {
    Deno.kill(child.pid, name); // by pid: a child's own kill() fails under some runtimes
  } catch {
    // it has ended
  }
}
