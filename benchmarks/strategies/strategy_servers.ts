// The five compared servers: name and command of each.

import type { SpawnCommand } from "../child_processes.ts";

/** One way to serve many clients. */
export interface Strategy {
  readonly key: string;
  /** Name in tables and charts. */
  readonly label: string;
  launch(needs: Needs): SpawnCommand;
}

/** Settings of a server. */
interface Needs {
  /** Most clients that will connect. */
  readonly clients: number;
  /** Threads of a pool. */
  readonly threads: number;
  /** A folder for its files. */
  readonly directory: string;
}

const HERE = new URL(".", import.meta.url).pathname;
const PROGRAM = new URL("../../main.ts", import.meta.url).pathname;
const RUN = ["run", "--quiet", "--allow-all"];

/** In the sheet's order (R95-R98), then minichat itself. */
export const STRATEGIES: readonly Strategy[] = [
  ofSheet("busy_scan", "busy scan"),
  ofSheet("thread_per_connection", "thread per connection"),
  ofSheet("thread_pool", "thread pool"),
  ofSheet("poll", "poll()"),
  {
    key: "minichat",
    label: "minichat serve",
    launch: ({ clients, directory }) => ({
      command: Deno.execPath(),
      args: [
        ...[...RUN, PROGRAM, "serve", "--quiet"],
        ...["--listen", "tcp:127.0.0.1:0,dialect=usermsg", "--max-clients", String(clients)],
      ],
      env: { XDG_RUNTIME_DIR: directory },
    }),
  },
];

function ofSheet(key: string, label: string): Strategy {
  const args = [...RUN, `${HERE}${key}.ts`, "0"];
  return {
    key,
    label,
    launch: ({ threads }) => ({ command: Deno.execPath(), args: [...args, String(threads)] }),
  };
}
