// The first phase: clients join in growing steps. A step ends when a message has reached all of
// them, since the system accepts a connection before the server does.

import type { LoadClients } from "./load_clients.ts";
import type { JoinEnd, JoinReport, JoinStep } from "./load_report.ts";
import type { LoadTiming } from "./timing.ts";
import type { Waiter } from "./waiter.ts";

/** Options of {@linkcode joinClients}. */
export interface JoinOptions {
  readonly loadClients: LoadClients;
  readonly waiter: Waiter;
  /** Clients to join; "max" for as many as possible. */
  readonly clients: number | "max";
  /** Connections this program may open; Infinity if the system sets no limit. */
  readonly mayOpen: number;
  readonly timing: LoadTiming;
  /** Called regularly: how many of `wanted` clients have joined. */
  readonly onProgress: (joined: number, wanted: number) => void;
}

/**
 * Joins clients until there are enough or no more can join; disconnects those that no message
 * reaches.
 */
export async function joinClients(options: JoinOptions): Promise<JoinReport> {
  const { loadClients, waiter, clients, mayOpen } = options;
  const steps: JoinStep[] = [];
  const report = (end: JoinEnd, detail: string | null = null): JoinReport => ({
    wanted: clients === "max" ? null : clients,
    held: loadClients.clients.length,
    end,
    detail: detail === "" ? null : detail,
    steps,
    hearsItself: loadClients.receivedOwn,
    messageEnd: loadClients.messageEnd,
  });
  for (const size of sizes(clients === "max" ? Infinity : clients)) {
    const before = loadClients.clients.length;
    const start = waiter.now();
    const end = await grow(Math.min(size, mayOpen), options);
    if (waiter.isStopped) return report("interrupted");
    const seconds = (waiter.now() - start) / 1000;
    const held = loadClients.clients.length;
    if (held > Math.max(1, before)) {
      steps.push({ clients: held, seconds, perSecond: (held - before) / seconds });
    }
    if (end !== undefined) return report(end.kind, end.detail);
    if (steps.length === 1 && !(await ownMessageSettled(options))) return report("interrupted");
    if (size >= mayOpen && held === mayOpen && clients !== held) {
      return report("descriptors", `this shell lets one program open ${mayOpen} connections`);
    }
  }
  return report("all_joined");
}

/** 10, 20, 50, 100, 200, 500 and so on, and finally `last`. */
function* sizes(last: number): Generator<number> {
  for (let power = 10; power < last; power *= 10) {
    for (const factor of [1, 2, 5]) {
      if (power * factor < last) yield power * factor;
    }
  }
  yield last;
}

/** Runs one step; returns why it is the last, if it is. */
async function grow(
  size: number,
  options: JoinOptions,
): Promise<{ kind: JoinEnd; detail: string } | undefined> {
  const { loadClients, waiter, timing, onProgress } = options;
  const ended = loadClients.ended;
  const endsAt = waiter.now() + timing.stepMs;
  const onTick = (): void => onProgress(loadClients.clients.length, size);
  let dialled = false;
  void loadClients.grow(size).then(() => {
    dialled = true;
    waiter.wake();
  });
  const waited = await waiter.until(() => dialled, {
    endsAt: () => Math.min(endsAt, loadClients.grownAt + timing.joinMs),
    onTick,
  });
  if (waited === "stopped") return undefined;
  if (waited === "late") loadClients.stopGrowing();
  const reached = await reachAll({ ...options, onTick, endsAt });
  if (reached === "stopped") return undefined;
  if (reached === "late") {
    const silent = loadClients.dropUnreached();
    return { kind: "stalled", detail: `${silent} got no message` };
  }
  if (waited === "late") return { kind: "stalled", detail: "no more connections were accepted" };
  if (loadClients.dialError !== undefined) {
    return { kind: "refused", detail: loadClients.dialError };
  }
  if (loadClients.ended > ended) return { kind: "refused", detail: loadClients.lastText };
  return undefined;
}

/** Sends probes until all clients have received one: a client that joins late misses the first. */
async function reachAll(
  { loadClients, waiter, timing, onTick, endsAt }: JoinOptions & {
    onTick: () => void;
    endsAt: number;
  },
): Promise<"held" | "late" | "stopped"> {
  loadClients.startProbe();
  let newestAt = waiter.now();
  let reached = -1;
  const { firstProbeMs, lastProbeMs, joinMs } = timing;
  for (let pause = firstProbeMs;; pause = Math.min(pause * 2, lastProbeMs)) {
    loadClients.probe();
    const again = waiter.now() + pause;
    const waited = await waiter.until(() => loadClients.isReached, { endsAt: () => again, onTick });
    if (waited !== "late") return waited;
    if (pause >= timing.endlessMs) loadClients.settleMessageEnd();
    if (loadClients.reached !== reached) newestAt = waiter.now();
    reached = loadClients.reached;
    if (waiter.now() - newestAt > joinMs || waiter.now() > endsAt) return "late";
  }
}

/** Waits for the first client's own message; false if the user interrupted. */
async function ownMessageSettled({ loadClients, waiter, timing }: JoinOptions): Promise<boolean> {
  const endsAt = waiter.now() + timing.echoMs;
  return await waiter.until(() => loadClients.receivedOwn, { endsAt: () => endsAt }) !== "stopped";
}
