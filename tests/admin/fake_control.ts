// A ServerControl that records its calls, for the tests of admin/.

import type {
  Ban,
  ClaimInfo,
  Mute,
  OrderOutcome,
  PersonInfo,
  ServerControl,
  Stats,
  WatchedEvent,
} from "../../server/control.ts";

/** One call, as `[method, ...arguments]`. */
export type Call = readonly [string, ...unknown[]];

/** A client for the fake's list of clients. */
export function personInfo(name: string, more: Partial<PersonInfo> = {}): PersonInfo {
  return {
    id: 1,
    name,
    groups: [],
    since: "2026-01-02T03:04:05.678Z",
    dialect: "plain",
    address: "192.0.2.7",
    queuedBytes: 0,
    muted: false,
    ...more,
  };
}

/** A watched event: a message with `text` from `from` (default bob). */
export function messageWatched(text: string, from = "bob"): WatchedEvent {
  const at = "2026-01-02T03:04:05.678Z";
  return { at, event: { type: "message", seq: 1, at, from, text } };
}

export class FakeControl implements ServerControl {
  readonly calls: Call[] = [];
  readonly listeners = new Set<(event: WatchedEvent) => void>();
  people: PersonInfo[] = [personInfo("bob")];
  banned: Ban[] = [];
  /** If set, every command is refused with it. */
  refusal: string | undefined;

  wall(text: string): OrderOutcome<{ recipients: number }> {
    return this.#order(["wall", text], { recipients: this.people.length });
  }
  tell(name: string, text: string): OrderOutcome<{ name: string }> {
    return this.#aboutOne(name, ["tell", name, text]);
  }
  kick(name: string, reason: string): OrderOutcome<{ name: string }> {
    return this.#aboutOne(name, ["kick", name, reason]);
  }
  ban(
    subject: string,
    options: { seconds?: number; reason: string },
  ): OrderOutcome<{ ban: Ban; kicked: readonly string[] }> {
    const until = options.seconds === undefined ? null : "2026-01-02T03:14:05.678Z";
    const ban: Ban = { subject, kind: "name", until, reason: options.reason };
    return this.#order(["ban", subject, options], { ban, kicked: [] });
  }
  unban(subject: string): OrderOutcome<{ subject: string }> {
    return this.#order(["unban", subject], { subject });
  }
  bans(): readonly Ban[] {
    return this.banned;
  }
  mute(name: string, { seconds }: { seconds?: number } = {}): OrderOutcome<Mute> {
    const until = seconds === undefined ? null : "2030-01-01T00:00:00.000Z";
    return this.#order(seconds === undefined ? ["mute", name] : ["mute", name, seconds], {
      name,
      until,
    });
  }
  mutes(): readonly Mute[] {
    return [];
  }
  claims(): readonly ClaimInfo[] {
    const since = "2030-01-01T00:00:00.000Z";
    return [{ name: "bob", since, used: since, operator: true }];
  }
  unclaim(name: string): OrderOutcome<{ name: string }> {
    return this.#order(["unclaim", name], { name });
  }
  setOperator(name: string, isOperator: boolean): OrderOutcome<{ name: string }> {
    return this.#order([isOperator ? "op" : "deop", name], { name });
  }
  unmute(name: string): OrderOutcome<{ name: string }> {
    return this.#order(["unmute", name], { name });
  }
  who(): readonly PersonInfo[] {
    return this.people;
  }
  groups() {
    return [{ name: "cooks", members: ["bob", "eve"] }];
  }
  stats(): Stats {
    return {
      version: "0.1.0",
      pid: 42,
      startedAt: "2026-01-02T03:04:05.678Z",
      uptimeSeconds: 90,
      metrics: null,
      listening: ["tcp:0.0.0.0:8080"],
      clients: 2,
      registered: 1,
      maxClients: 100,
      groups: 1,
      dialects: { plain: 2, native: 0 },
      messages: 3,
      history: {
        file: "/srv/chat/minichat.db",
        messages: 1204,
        bytes: 3 * 1024 * 1024,
        oldest: "2026-01-01T03:04:05.678Z",
        problem: null,
        clock: null,
      },
      deliveries: 6,
      queuedBytes: 0,
      accepted: 4,
      acceptErrors: 0,
      closed: { bye: 2 },
      residentBytes: 64 * 1024 * 1024,
      lagMs: { median: 0.5, worst: 3.2 },
      queueMemory: { bytes: 2_048, maxBytes: 4_096 },
      limits: [
        { name: "message-rate", value: 5, default: 50, unit: "perSecond", text: "5/s" },
        { name: "stalled", value: 10_000, default: 10_000, unit: "ms", text: "10s" },
      ],
      certificates: [],
      shutdownIn: 30,
    };
  }
  watch(listener: (event: WatchedEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  shutdown(seconds: number): OrderOutcome<{ seconds: number; replaced: boolean }> {
    return this.#order(["shutdown", seconds], { seconds, replaced: false });
  }
  confirmClock(): OrderOutcome {
    return this.#order(["confirmClock"], undefined);
  }
  cancelShutdown(): OrderOutcome {
    return this.#order(["cancelShutdown"], undefined);
  }

  /** Passes an event to every watcher. */
  happen(event: WatchedEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  #aboutOne(name: string, call: Call): OrderOutcome<{ name: string }> {
    if (this.people.some((known) => known.name === name)) return this.#order(call, { name });
    return { ok: false, error: `No member called ${JSON.stringify(name)}` };
  }

  #order<Value>(call: Call, value: Value): OrderOutcome<Value> {
    if (this.refusal !== undefined) return { ok: false, error: this.refusal };
    this.calls.push(call);
    return { ok: true, value };
  }
}
