// Foreign programs with pipes: input goes in line by line, and their output is read. Each has its
// own process group, so that its children end with it.

import { LineQueue } from "../line_queue.ts";

/** A running program that is not ours. */
export interface OutsideProgram extends AsyncDisposable {
  readonly stdout: LineQueue;
  readonly exited: Promise<Deno.CommandStatus>;
  /** Writes text to its input, as it is. */
  type(text: string): Promise<void>;
  /** Ends its input. */
  endInput(): Promise<void>;
  /** Sends a signal to it and its children, as CTRL-C on a terminal does. */
  kill(signal: Deno.Signal): void;
}

/** Starts an installed program, or one of witnesses/. */
export function startOutside(command: string, args: readonly string[]): OutsideProgram {
  const child = new Deno.Command("setsid", {
    args: [command, ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const stdout = new LineQueue();
  const pump = stdout.pump(child.stdout);
  const stdin = child.stdin.getWriter();
  const kill = (signal: Deno.Signal): void => {
    try {
      Deno.kill(-child.pid, signal);
    } catch {
      // all its processes have ended
    }
  };
  return {
    stdout,
    exited: child.status,
    type: (text) => stdin.write(new TextEncoder().encode(text)),
    endInput: () => stdin.close(),
    kill,
    async [Symbol.asyncDispose]() {
      kill("SIGKILL");
      await child.status;
      await stdin.close().catch(() => {});
      await pump;
    },
  };
}
