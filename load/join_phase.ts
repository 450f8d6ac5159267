// The first phase: clients join in growing steps, and each step ends when a message has reached all of
// them, because a connection alone shows nothing: the system accepts it before the server does.

import type { LoadClients } from "./load_clients.ts";
import type { JoinEnd, JoinReport, JoinStep } from "./load_report.ts";
import type { LoadTiming } from "./timing.ts";
import type { Waiter } from "./waiter.ts";

/** What joining depends on. */
export interface JoinOptions {
  readonly crowd: LoadClients;
  readonly watch: Waiter;
  /** How many are to join, "max" for as many as there can be. */
  readonly clients: number | "max";
  /** How many connections this program may open, Infinity where the system does not tell. */
  readonly mayOpen: number;
  readonly timing: LoadTiming;
  /** Called now and then: how many of how many have joined. */
  readonly onProgress: (joined: number, wanted: number) => void;
}

/** Lets clients join until there are enough or no more can; those who are not reached are let go. */
export async function joinClients(options: JoinOptions): Promise<JoinReport> {
  const { crowd, watch, clients, mayOpen } = options;
  const steps: JoinStep[] = [];
  const report = (end: JoinEnd, detail: string | null = null): JoinReport => ({
    wanted: clients === "max" ? null : clients,
    held: crowd.clients.length,
    end,
    detail: detail === "" ? null : detail,
    steps,
    hearsItself: crowd.heardItself,
  });
  for (const size of sizes(clients === "max" ? Infinity : clients)) {
    const before = crowd.clients.length;
    const start = watch.now();
    const end = await grow(Math.min(size, mayOpen), options);
    if (watch.isStopped) return report("interrupted");
    const seconds = (watch.now() - start) / 1000;
    const held = crowd.clients.length;
    if (held > Math.max(1, before)) {
      steps.push({ clients: held, seconds, perSecond: (held - before) / seconds });
    }
    if (end !== undefined) return report(end.kind, end.detail);
    if (steps.length === 1 && !(await echoSettled(options))) return report("interrupted");
    if (size >= mayOpen && held === mayOpen && clients !== held) {
      return report("descriptors", `this shell lets one program open ${mayOpen} connections`);
    }
  }
  return report("all_joined");
}

/** 10, 20, 50, 100, 200, 500 and so on, and `last` at last. */
export function* sizes(last: number): Generator<number> {
  for (let power = 10; power < last; power *= 10) {
    for (const factor of [1, 2, 5]) {
      if (power * factor < last) yield power * factor;
    }
  }
  yield last;
}

/** One step; answers why it is the last, if it is. */
async function grow(
  size: number,
  options: JoinOptions,
): Promise<{ kind: JoinEnd; detail: string } | undefined> {
  const { crowd, watch, timing, onProgress } = options;
  const ended = crowd.ended;
  const endsAt = watch.now() + timing.stepMs;
  const onTick = (): void => onProgress(crowd.clients.length, size);
  let dialled = false;
  void crowd.grow(size).then(() => {
    dialled = true;
    watch.wake();
  });
  const waited = await watch.until(() => dialled, {
    endsAt: () => Math.min(endsAt, crowd.grownAt + timing.joinMs),
    onTick,
  });
  if (waited === "stopped") return undefined;
  if (waited === "late") crowd.stopGrowing();
  const reached = await reachAll({ ...options, onTick, endsAt });
  if (reached === "stopped") return undefined;
  if (reached === "late") {
    const silent = crowd.dropUnreached();
    return { kind: "stalled", detail: `${silent} got no message` };
  }
  if (waited === "late") return { kind: "stalled", detail: "no more connections were accepted" };
  if (crowd.dialError !== undefined) return { kind: "refused", detail: crowd.dialError };
  if (crowd.ended > ended) return { kind: "refused", detail: crowd.lastWords };
  return undefined;
}

/** Says things until everybody has heard one: whoever joins late misses the first. */
async function reachAll(
  { crowd, watch, timing, onTick, endsAt }: JoinOptions & { onTick: () => void; endsAt: number },
): Promise<"held" | "late" | "stopped"> {
  crowd.startProbe();
  let newestAt = watch.now();
  let reached = -1;
  const { firstProbeMs, lastProbeMs, joinMs } = timing;
  for (let pause = firstProbeMs;; pause = Math.min(pause * 2, lastProbeMs)) {
    crowd.probe();
    const again = watch.now() + pause;
    const waited = await watch.until(() => crowd.isReached, { endsAt: () => again, onTick });
    if (waited !== "late") return waited;
    if (crowd.reached !== reached) newestAt = watch.now();
    reached = crowd.reached;
    if (watch.now() - newestAt > joinMs || watch.now() > endsAt) return "late";
  }
}

/** Gives an own message time to come back; false when the person stopped it. */
async function echoSettled({ crowd, watch, timing }: JoinOptions): Promise<boolean> {
  const endsAt = watch.now() + timing.echoMs;
  return await watch.until(() => crowd.heardItself, { endsAt: () => endsAt }) !== "stopped";
}
