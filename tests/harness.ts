// The base of end-to-end tests: the real program as a process (or the executable MINICHAT_BIN), in
// its own temporary directory. Every wait has a deadline. Clients are in test_client.ts.

import { assert } from "@std/assert";
import { LineQueue } from "./line_queue.ts";

/** Longest wait for anything that is expected, in milliseconds. */
export const DEADLINE_MS = 5_000;

/** Longest run of a program that ends by itself, in milliseconds. */
const RUN_MS = 60_000;

const MAIN = new URL("../main.ts", import.meta.url).pathname;

/** The executable under test; undefined if the sources are. */
export const EXECUTABLE: string | undefined = Deno.env.get("MINICHAT_BIN");

/** The command that runs the program with `args`. */
export function programCommand(args: readonly string[]): [string, string[]] {
  return EXECUTABLE === undefined
    ? [Deno.execPath(), ["run", "--quiet", "--allow-all", MAIN, ...args]]
    : [EXECUTABLE, [...args]];
}

/** A directory for one test: control sockets and files are created in it, and removed with it. */
export interface World extends Disposable {
  readonly directory: string;
  readonly env: Record<string, string>;
}

export function makeWorld(): World {
  const directory = Deno.makeTempDirSync({ prefix: "minichat-" });
  return {
    directory,
    env: { XDG_RUNTIME_DIR: directory, XDG_STATE_HOME: `${directory}/state`, NO_COLOR: "1" },
    [Symbol.dispose]: () => Deno.removeSync(directory, { recursive: true }),
  };
}

/** The result of a program that has ended. */
export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function spawn(world: World, args: readonly string[]): Deno.ChildProcess {
  return spawnCommand(world, ...programCommand(args));
}

function spawnCommand(world: World, command: string, args: readonly string[]): Deno.ChildProcess {
  const piped = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  return new Deno.Command(command, { args: [...args], env: world.env, ...piped }).spawn();
}

/** Runs the program to its end, feeding it `stdin`; kills it after {@linkcode RUN_MS}. */
export async function runProgram(
  world: World,
  args: readonly string[],
  stdin = "",
): Promise<ProgramResult> {
  const child = spawn(world, args);
  // A program that hangs fails its own test by its exit code, and does not delay the others.
  const late = setTimeout(() => Deno.kill(child.pid, "SIGKILL"), RUN_MS);
  const writer = child.stdin.getWriter();
  const fed = writer.write(new TextEncoder().encode(stdin)).then(() => writer.close())
    .catch(() => {}); // it need not read all of it
  const { code, stdout, stderr } = await child.output();
  clearTimeout(late);
  await fed;
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Runs `minichat admin` against a server of this world. */
export function admin(world: World, ...args: string[]): Promise<ProgramResult> {
  return runProgram(world, ["admin", ...args]);
}

/** A program that runs until it is stopped. */
export interface RunningProgram extends AsyncDisposable {
  readonly pid: number;
  readonly stdout: LineQueue;
  readonly stderr: LineQueue;
  readonly exited: Promise<Deno.CommandStatus>;
  readonly stdin: WritableStreamDefaultWriter<Uint8Array>;
  kill(signal: Deno.Signal): void;
}

/** Starts the program and leaves it running; disposing it kills it if it still runs. */
export function startProgram(world: World, args: readonly string[]): RunningProgram {
  return running(spawn(world, args));
}

function running(child: Deno.ChildProcess): RunningProgram {
  const stdout = new LineQueue();
  const stderr = new LineQueue();
  const pumps = [stdout.pump(child.stdout), stderr.pump(child.stderr)];
  const stdin = child.stdin.getWriter();
  let lives = true;
  const exited = child.status.then((status) => {
    lives = false;
    return status;
  });
  const kill = (signal: Deno.Signal) => {
    // By pid: a child's own kill() delivers the first signal only under some runtimes.
    if (lives) Deno.kill(child.pid, signal);
  };
  return {
    pid: child.pid,
    stdout,
    stderr,
    exited,
    stdin,
    kill,
    async [Symbol.asyncDispose]() {
      kill("SIGKILL");
      await exited;
      await stdin.close().catch(() => {});
      await Promise.all(pumps);
    },
  };
}

/** A running server. */
export interface RunningServer extends RunningProgram {
  /** The first TCP port it listens on; 0 if there is none. */
  readonly port: number;
  /** Everything printed before the first message. */
  readonly banner: readonly string[];
}

/** Starts `minichat serve` on a free port of 127.0.0.1 and waits until it listens. */
export async function startServer(
  world: World,
  args: readonly string[] = ["--port", "0", "--host", "127.0.0.1"],
): Promise<RunningServer> {
  return await listening(startProgram(world, ["serve", ...args]));
}

/** Starts a command that becomes `minichat serve`, and waits until it listens. */
export async function startCommand(
  world: World,
  command: string,
  args: readonly string[],
): Promise<RunningServer> {
  return await listening(running(spawnCommand(world, command, args)));
}

async function listening(server: RunningProgram): Promise<RunningServer> {
  const banner: string[] = [];
  try {
    while (!banner.at(-1)?.startsWith("At most ")) {
      banner.push(await server.stdout.next(DEADLINE_MS * 2));
    }
  } catch {
    const sent = [...banner, ...server.stderr.seen].join("\n");
    await server[Symbol.asyncDispose]();
    throw new Error(`The server did not start:\n${sent}`);
  }
  const port = Number(/^Listening on .*:(\d+)[.,]/m.exec(banner.join("\n"))?.[1] ?? 0);
  return { ...server, port, banner };
}

/** The exit status; fails if the program still runs after `ms`. */
export async function exitOf(
  running: RunningProgram,
  ms = DEADLINE_MS,
): Promise<Deno.CommandStatus> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  const status = await Promise.race([running.exited, promise]);
  clearTimeout(timer);
  assert(status !== undefined, `still running after ${ms} ms`);
  return status;
}
