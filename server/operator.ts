// What an operator does to a running server: ServerControl over the parts of a Server. Knows nothing
// of how the orders arrive.

import { isIPv4, isIPv6 } from "node:net";
import type { GroupInfo } from "../protocol/events.ts";
import { quoted } from "../protocol/failures.ts";
import {
  MAX_LISTED,
  MAX_MESSAGE_BYTES,
  MAX_REASON_CHARS,
  MAX_SHUTDOWN_SECONDS,
} from "../protocol/limits.ts";
import { visible } from "../protocol/sanitize.ts";
import { isAddress } from "./bans.ts";
import { checkName } from "./chat/names.ts";
import type { Ban, Outcome, PersonInfo, ServerControl, Stats, WatchedEvent } from "./control.ts";
import { limitInfos } from "./limit_values.ts";
import type { LogDetails } from "./log_entry.ts";
import { formatAddress } from "./net/address.ts";
import { historyStats } from "./history_stats.ts";
import type { Server } from "./server.ts";

/** The operator of one server. */
export class Operator implements ServerControl {
  readonly #server: Server;
  readonly #version: string;
  /** Where figures are shown over HTTP, if they are: for {@linkcode stats}. */
  metricsUrl: string | null = null;

  /** `version` is the program's, for {@linkcode stats}. */
  constructor(server: Server, version: string) {
    this.#server = server;
    this.#version = version;
  }

  wall(text: string): Outcome<{ recipients: number }> {
    if (!isSayable(text)) return refused(NOT_SAYABLE);
    const heard = this.#server.chat.speech.wall(text);
    return typeof heard === "number" ? done({ recipients: heard }) : refused(heard.message);
  }

  tell(name: string, text: string): Outcome<{ name: string }> {
    if (!isSayable(text)) return refused(NOT_SAYABLE);
    const member = this.#server.chat.find(name);
    if (member === undefined) return nobody(name);
    const problem = this.#server.chat.speech.tell(member, text);
    return problem === undefined ? done({ name: member.name }) : refused(problem.message);
  }

  kick(name: string, reason: string): Outcome<{ name: string }> {
    const member = this.#server.chat.find(name);
    if (member === undefined) return nobody(name);
    const why = tidy(reason);
    member.peer.close("kicked", why === "" ? "kicked" : `kicked: ${why}`);
    this.#log("kick", { name: member.name, reason: why });
    return done({ name: member.name });
  }

  ban(
    subject: string,
    { seconds, reason }: { seconds?: number; reason: string },
  ): Outcome<{ ban: Ban; kicked: readonly string[] }> {
    const known = canonical(subject);
    if (known === undefined) {
      return refused(
        `Nobody could be called ${quoted(subject)}: give one name or one IP address, no range`,
      );
    }
    const { bans, chat, clock, sessions } = this.#server;
    const until = seconds === undefined ? Infinity : clock.now() + seconds * 1000;
    const ban = bans.add(known, { until, reason: tidy(reason) || "by the operator" });
    const kicked: string[] = [];
    for (const session of sessions) {
      const name = session.member?.name ?? "";
      const who = ban.kind === "address" ? session.address : name;
      if (who === "" || bans.find(who, clock.now()) !== ban) continue;
      if (name !== "") kicked.push(name);
      session.close("banned", `banned: ${ban.reason}`);
    }
    for (const { away, name, peer } of chat.members) {
      const who = ban.kind === "address" ? peer.address : name;
      if (!away || bans.find(who, clock.now()) !== ban) continue;
      kicked.push(name);
      peer.close("banned", `banned: ${ban.reason}`);
    }
    this.#log("ban", { subject: known, until: ban.until, reason: ban.reason, kicked });
    return done({ ban, kicked });
  }

  unban(subject: string): Outcome<{ subject: string }> {
    if (this.#server.bans.remove(canonical(subject) ?? subject)) {
      this.#log("unban", { subject });
      return done({ subject });
    }
    return refused(`No ban on ${quoted(subject)}: see the command bans`);
  }

  bans(): readonly Ban[] {
    return this.#server.bans.list(this.#server.clock.now());
  }

  mute(name: string): Outcome<{ name: string }> {
    const member = this.#server.chat.find(name);
    if (member === undefined) return nobody(name);
    this.#server.chat.speech.setMuted(member.name, true);
    this.#log("mute", { name: member.name });
    return done({ name: member.name });
  }

  unmute(name: string): Outcome<{ name: string }> {
    const { speech } = this.#server.chat;
    if (!speech.isMuted(name)) return refused(`Not muted: ${quoted(name)}`);
    speech.setMuted(name, false);
    this.#log("unmute", { name });
    return done({ name });
  }

  who(): readonly PersonInfo[] {
    const { sessions, chat } = this.#server;
    const registered = [...chat.members];
    const unnamed = [...sessions].flatMap(({ member }) =>
      member && member.name === "" && !member.gone ? [member] : []
    );
    return [...registered, ...unnamed].map((member) => ({
      id: member.id,
      name: member.name,
      groups: [...member.groups.keys()].map((group) => group.name),
      since: member.since,
      dialect: member.peer.dialect,
      address: member.peer.address,
      queuedBytes: member.peer.outbox.queuedBytes,
      muted: chat.speech.isMuted(member.name),
      ...(member.away && { away: member.away }),
    }));
  }

  groups(): readonly GroupInfo[] {
    return this.#server.chat.groups.list(MAX_LISTED);
  }

  stats(): Stats {
    const server = this.#server;
    const { chat, sessions } = server;
    const dialects: Record<string, number> = {};
    let queuedBytes = 0;
    for (const session of sessions) {
      const dialect = session.member === undefined ? "unknown" : session.dialect;
      dialects[dialect] = (dialects[dialect] ?? 0) + 1;
      queuedBytes += session.outbox.queuedBytes;
    }
    return {
      version: this.#version,
      pid: Deno.pid,
      startedAt: new Date(server.startedAt).toISOString(),
      uptimeSeconds: Math.floor((server.clock.now() - server.startedAt) / 1000),
      listening: server.addresses.map(formatAddress),
      metrics: this.metricsUrl,
      clients: sessions.size,
      registered: chat.members.size,
      maxClients: server.limits.maxClients,
      groups: chat.groups.size,
      dialects,
      messages: chat.history.lastSeq - server.storage.startSeq,
      history: historyStats(server.storage),
      deliveries: server.fanout.deliveries,
      queuedBytes,
      queueMemory: { bytes: server.memory.bytes, maxBytes: server.limits.totalQueueBytes },
      accepted: server.accepted,
      acceptErrors: server.acceptErrors,
      closed: Object.fromEntries(server.closed),
      residentBytes: Deno.memoryUsage().rss,
      lagMs: server.lag.lag,
      shutdownIn: server.countdown.secondsLeft,
      limits: limitInfos(server.limits),
    };
  }

  #log(order: string, details: Omit<LogDetails<"order">, "order">): void {
    this.#server.log({ level: "info", what: "order", details: { order, ...details } });
  }

  watch(listener: (event: WatchedEvent) => void): () => void {
    return this.#server.watchers.add(listener);
  }

  shutdown(seconds: number): Outcome<{ seconds: number; replaced: boolean }> {
    if (!Number.isInteger(seconds) || seconds < 0 || seconds > MAX_SHUTDOWN_SECONDS) {
      return refused(`Give whole seconds from 0 to ${MAX_SHUTDOWN_SECONDS}: got ${seconds}`);
    }
    if (this.#server.isStopping) return refused("Nothing to do: the server is stopping already");
    const { replaced } = this.#server.countdown.start(seconds);
    this.#log("shutdown", { seconds, replaced });
    return done({ seconds, replaced });
  }

  cancelShutdown(): Outcome {
    if (this.#server.countdown.cancel()) {
      this.#log("shutdown_cancelled", {});
      return done(undefined);
    }
    return refused("Nothing to cancel: no shutdown is announced");
  }
}

const NOT_SAYABLE = `Say something, of at most ${MAX_MESSAGE_BYTES} bytes`;

function isSayable(text: string): boolean {
  return text.trim() !== "" && new TextEncoder().encode(visible(text)).length <= MAX_MESSAGE_BYTES;
}

/** A name somebody could have, or an IP address in its shortest form; nothing for anything else. */
function canonical(subject: string): string | undefined {
  if (!isAddress(subject)) {
    const name = checkName(subject);
    return typeof name === "string" ? name : undefined;
  }
  if (isIPv4(subject)) return subject;
  // The runtime writes addresses of clients in the form that URLs have too.
  return isIPv6(subject) ? new URL(`http://[${subject}]/`).hostname.slice(1, -1) : undefined;
}

function done<Value>(value: Value): Outcome<Value> {
  return { ok: true, value };
}

function refused(error: string): { ok: false; error: string } {
  return { ok: false, error };
}

function nobody(name: string): { ok: false; error: string } {
  return refused(`Nobody called ${quoted(name)}: see the command who`);
}

/** A reason as everyone may see it: one line, not too long. */
function tidy(reason: string): string {
  return [...visible(reason.trim())].slice(0, MAX_REASON_CHARS).join("");
}
