// A program and every process that comes from it, daemons too: found by their parents, by their
// sessions, and by a mark in their environment.

import { libc } from "../server/net/system/libc.ts";
import type { Clock } from "../shared/clock.ts";
import { hasInEnvironment, listProcesses, type ProcessRow, processRow } from "./process_table.ts";
import { pause } from "./timing.ts";

/** Between two looks at a family that is being killed, and the longest time for it, in milliseconds. */
const LOOK_MS = 10;
const KILL_MS = 2_000;

/** prctl(2): orphans among the descendants become children of this process. */
const PR_SET_CHILD_SUBREAPER = 36;
/** waitpid(2): does not wait. */
const WNOHANG = 1;

let adopts = false;
/** Programs that this process has started and not ended. */
const leaders = new Set<number>();

/**
 * From now on a daemon whose parent has ended becomes a child of this process, and so is found though
 * it has left its session and its environment. For a process that starts programs to check and no
 * other daemons; does nothing where the C library cannot be called.
 */
export function adoptOrphans(): void {
  adopts = libc()?.prctl(PR_SET_CHILD_SUBREAPER, 1n, 0n, 0n, 0n) === 0;
}

/** The processes of one program. */
export class ProcessFamily {
  readonly #leader: number;
  readonly #mark: string;
  /** When the leader began, in ticks; no process of the family is older. */
  readonly #began: number;
  /** Those that were seen, by pid, with the time they began: pids are used again. */
  readonly #known = new Map<number, number>();
  readonly #sessions = new Set<number>();

  /** `leader` leads a session of its own; `mark` is a variable of its environment, `NAME=value`. */
  constructor(leader: number, mark: string) {
    this.#leader = leader;
    this.#mark = mark;
    this.#began = processRow(leader)?.began ?? 0;
    this.#known.set(leader, this.#began);
    this.#sessions.add(leader);
    leaders.add(leader);
  }

  /** Those that were seen before and still live; costs little. */
  living(): readonly ProcessRow[] {
    return [...this.#known].flatMap(([pid, began]) => {
      const row = processRow(pid);
      if (row?.began === began) return row;
      if (pid !== this.#leader) this.#known.delete(pid);
      return [];
    });
  }

  /** Looks through all processes of the machine for those of the program. */
  find(): readonly ProcessRow[] {
    const younger = listProcesses().filter(({ began, pid }) =>
      began >= this.#began && pid !== Deno.pid
    );
    const rows = new Set<ProcessRow>();
    // A child may be listed before its parent: until nothing new is found.
    for (let count = -1; count !== rows.size;) {
      count = rows.size;
      for (const row of younger) {
        if (rows.has(row) || !this.#has(row)) continue;
        rows.add(row);
        this.#known.set(row.pid, row.began);
        this.#sessions.add(row.session);
      }
    }
    return [...rows];
  }

  /** Kills all of them; false if one still lives, because it is not ours to kill. */
  async kill(clock: Clock): Promise<boolean> {
    const deadline = clock.monotonic() + KILL_MS;
    for (;;) {
      // The group first, which needs no /proc.
      sendSignal(-this.#leader, "SIGKILL");
      const rows = this.find();
      for (const { pid } of rows) sendSignal(pid, "SIGKILL");
      if (rows.length === 0) {
        this.#forget();
        return true;
      }
      if (clock.monotonic() >= deadline) return false;
      await pause(clock, LOOK_MS);
    }
  }

  #has({ pid, parent, session, began }: ProcessRow): boolean {
    if (leaders.has(pid)) return pid === this.#leader;
    return this.#known.get(pid) === began || this.#known.has(parent) ||
      this.#sessions.has(session) || hasInEnvironment(pid, this.#mark) ||
      (adopts && parent === Deno.pid && session !== processRow(Deno.pid)?.session);
  }

  /** Orphans that were adopted stay zombies until they are waited for. */
  #forget(): void {
    this.#known.delete(this.#leader);
    if (adopts) { for (const pid of this.#known.keys()) libc()?.waitpid(pid, null, WNOHANG); }
    this.#known.clear();
    leaders.delete(this.#leader);
  }
}

/** Sends a signal to a process, or for a negative number to a group; one that has ended is no error. */
export function sendSignal(pid: number, name: Deno.Signal): void {
  try {
    Deno.kill(pid, name);
  } catch {
    // ESRCH: it has ended; EPERM: it runs as another user
  }
}
