// Carries out the operator's orders on a running server: ServerControl over the parts of a Server.

import {
  formatAddressRange,
  parseAddressRange,
  parseIpAddress,
} from "../../shared/address_range.ts";
import type { GroupInfo } from "../../protocol/events.ts";
import { type Failure, quoted } from "../../protocol/failures.ts";
import { MAX_LISTED, MAX_MESSAGE_BYTES, MAX_SHUTDOWN_SECONDS } from "../../protocol/limits.ts";
import { visible, visibleReason } from "../../protocol/sanitize.ts";
import { claimKey } from "../authority/claims.ts";
import type { MuteEntry } from "../chat/mutes.ts";
import { checkName } from "../chat/names.ts";
import type {
  Ban,
  ClaimInfo,
  Mute,
  OrderOutcome,
  PersonInfo,
  ServerControl,
  Stats,
  WatchedEvent,
} from "../control.ts";
import { limitInfos } from "../limits/limit_values.ts";
import type { LogDetails } from "../log_entry.ts";
import { formatAddress } from "../net/address.ts";
import { historyStats } from "../storage/history_stats.ts";
import type { OperatorReplyTexts } from "../../texts/texts.ts";
import type { Server } from "../server.ts";

/** Controls one server. */
export class Operator implements ServerControl {
  readonly #server: Server;
  readonly #version: string;
  readonly #by: string;
  readonly #metricsUrl: string | null;

  /**
   * `version` is the program's and `metricsUrl` the address of the metrics endpoint, both for
   * {@linkcode stats}; `by` is the name of who gives the orders, for the log.
   */
  constructor(
    server: Server,
    version: string,
    { by = "operator", metricsUrl = null }: { by?: string; metricsUrl?: string | null } = {},
  ) {
    this.#server = server;
    this.#version = version;
    this.#by = by;
    this.#metricsUrl = metricsUrl;
  }

  get #texts(): OperatorReplyTexts {
    return this.#server.texts.operatorReplies;
  }

  wall(text: string): OrderOutcome<{ recipients: number }> {
    if (!isSendable(text)) return orderRefused(this.#texts.messageLength(MAX_MESSAGE_BYTES));
    const recipients = this.#server.chat.messaging.wall(text);
    return typeof recipients === "number"
      ? orderDone({ recipients })
      : orderRefused(this.#why(recipients));
  }

  tell(name: string, text: string): OrderOutcome<{ name: string }> {
    if (!isSendable(text)) return orderRefused(this.#texts.messageLength(MAX_MESSAGE_BYTES));
    const member = this.#server.chat.find(name);
    if (member === undefined) return this.#noSuchMember(name);
    const problem = this.#server.chat.messaging.tell(member, text);
    return problem === undefined
      ? orderDone({ name: member.name })
      : orderRefused(this.#why(problem));
  }

  kick(name: string, reason: string): OrderOutcome<{ name: string }> {
    const member = this.#server.chat.find(name);
    if (member === undefined) return this.#noSuchMember(name);
    const why = visibleReason(reason);
    const { closeReasons, operatorReplies } = this.#server.texts;
    member.peer.close("kicked", why === "" ? closeReasons.kicked : operatorReplies.kickedFor(why));
    this.#log("kick", { name: member.name, reason: why });
    return orderDone({ name: member.name });
  }

  ban(
    subject: string,
    { seconds, reason }: { seconds?: number; reason: string },
  ): OrderOutcome<{ ban: Ban; kicked: readonly string[] }> {
    const known = canonical(subject);
    if (known === undefined) return orderRefused(this.#texts.noSubject(quoted(subject)));
    if (isHostName(subject) && !this.#isKnownName(known)) {
      return orderRefused(this.#texts.hostName(quoted(subject), known));
    }
    const { bans, chat, moderation, sessions, texts: { operatorReplies: texts, refusals } } =
      this.#server;
    const why = visibleReason(reason) || texts.byOperator;
    const { ban, unkept } = moderation.ban({
      subject: known,
      until: this.#until(seconds),
      reason: why,
    });
    const kicked: string[] = [];
    for (const session of sessions) {
      const name = session.member?.name ?? "";
      const who = ban.kind === "address" ? session.address : name;
      if (who === "" || bans.find(who, moderation.now()) !== ban) continue;
      if (name !== "") kicked.push(name);
      session.close("banned", refusals.banned(ban.reason));
    }
    for (const { isDisconnected, name, peer } of chat.members) {
      const who = ban.kind === "address" ? peer.address : name;
      if (!isDisconnected || bans.find(who, moderation.now()) !== ban) continue;
      kicked.push(name);
      peer.close("banned", refusals.banned(ban.reason));
    }
    this.#log("ban", { subject: known, until: ban.until, reason: ban.reason, kicked });
    if (unkept !== undefined) {
      return orderRefused(texts.untilServerEnds(texts.banned(ban, []), this.#why(unkept)));
    }
    return orderDone({ ban, kicked });
  }

  unban(subject: string): OrderOutcome<{ subject: string }> {
    const { bans, moderation } = this.#server;
    const exact = parseAddressRange(`${subject}/128`);
    const subjects = [canonical(subject) ?? subject, ...exact ? [formatAddressRange(exact)] : []];
    const problem = subjects.map((one) => moderation.unban(one))
      .reduce((found, next) => found === "none" ? next : found);
    if (problem === "none") {
      const wider = isAddress(subject) ? bans.find(subject, moderation.now()) : undefined;
      return orderRefused(
        wider === undefined
          ? this.#texts.noSuchBan(quoted(subject))
          : this.#texts.bannedByRange(quoted(subject), wider.subject),
      );
    }
    if (problem !== undefined) return orderRefused(this.#texts.stillBanned(this.#why(problem)));
    this.#log("unban", { subject });
    return orderDone({ subject });
  }

  /** Whether a member, a claim, a ban or a group has that name. */
  #isKnownName(name: string): boolean {
    const { bans, chat, moderation } = this.#server;
    const now = moderation.now();
    return chat.find(name) !== undefined || bans.find(name, now) !== undefined ||
      moderation.claims.find(name, now) !== undefined;
  }

  bans(): readonly Ban[] {
    return this.#server.bans.list(this.#server.moderation.now());
  }

  mute(name: string, { seconds }: { seconds?: number } = {}): OrderOutcome<Mute> {
    const range = parseAddressRange(name);
    const subject = range ? formatAddressRange(range) : this.#server.chat.find(name)?.name;
    if (subject === undefined) return this.#noSuchMember(name);
    const entry = { name: subject, until: this.#until(seconds) };
    const unkept = this.#server.moderation.mute(entry);
    const mute = muteOf(entry);
    this.#log("mute", { ...mute });
    if (unkept === undefined) return orderDone(mute);
    const done = this.#texts.muted(subject, null);
    return orderRefused(this.#texts.untilServerEnds(done, this.#why(unkept)));
  }

  mutes(): readonly Mute[] {
    return this.#server.moderation.mutes.list().map(muteOf);
  }

  unmute(name: string): OrderOutcome<{ name: string }> {
    const problem = this.#server.moderation.unmute(name);
    if (problem === "none") return orderRefused(this.#texts.notMuted(quoted(name)));
    if (problem !== undefined) return orderRefused(this.#texts.stillMuted(this.#why(problem)));
    this.#log("unmute", { name });
    return orderDone({ name });
  }

  claims(): readonly ClaimInfo[] {
    return this.#server.moderation.claims.list().map(({ name, since, used, isOperator }) => ({
      name,
      since: new Date(since).toISOString(),
      used: new Date(used).toISOString(),
      operator: isOperator,
    }));
  }

  unclaim(name: string): OrderOutcome<{ name: string }> {
    const claim = this.#server.moderation.claims.get(claimKey(name));
    if (claim === undefined) return orderRefused(this.#texts.notClaimed(quoted(name)));
    const problem = this.#server.moderation.removeClaim(claim.key);
    if (problem !== undefined) return orderRefused(this.#texts.stillClaimed(this.#why(problem)));
    this.#log("unclaim", { name: claim.name });
    return orderDone({ name: claim.name });
  }

  setOperator(name: string, isOperator: boolean): OrderOutcome<{ name: string }> {
    const { claims } = this.#server.moderation;
    const claim = claims.get(claimKey(name));
    const texts = this.#texts;
    if (claim === undefined) return orderRefused(texts.operatorNotClaimed(quoted(name)));
    if (claim.isOperator === isOperator) {
      const text = isOperator ? texts.isOperatorAlready : texts.isNotOperator;
      return orderRefused(text(quoted(claim.name)));
    }
    const problem = this.#server.moderation.putClaim({ ...claim, isOperator });
    if (problem !== undefined) return orderRefused(texts.nothingChanged(this.#why(problem)));
    this.#log(isOperator ? "op" : "deop", { name: claim.name });
    this.#server.authority.notifyOwner(this.#server.chat, { key: claim.key, isOperator });
    return orderDone({ name: claim.name });
  }

  who(): readonly PersonInfo[] {
    const { sessions, chat } = this.#server;
    const registered = [...chat.members];
    const unnamed = [...sessions].flatMap(({ member }) =>
      member && member.name === "" && !member.hasLeft ? [member] : []
    );
    return [...registered, ...unnamed].map((member) => ({
      id: member.id,
      name: member.name,
      groups: [...member.groups.keys()].map((group) => group.name),
      since: member.since,
      dialect: member.peer.dialect,
      address: member.peer.address,
      queuedBytes: this.#server.fanout.queuedBytes(member.peer),
      muted: chat.messaging.mutes.covers(member.name, member.peer.address),
      ...(member.isDisconnected && { away: member.isDisconnected }),
    }));
  }

  groups(): readonly GroupInfo[] {
    return this.#server.chat.groups.list(MAX_LISTED);
  }

  stats(): Stats {
    const server = this.#server;
    const { chat, fanout, sessions } = server;
    const dialects: Record<string, number> = {};
    let queuedBytes = 0;
    for (const session of sessions) {
      const dialect = session.member === undefined ? "unknown" : session.dialect;
      dialects[dialect] = (dialects[dialect] ?? 0) + 1;
      queuedBytes += fanout.queuedBytes(session);
    }
    return {
      version: this.#version,
      pid: Deno.pid,
      startedAt: new Date(server.startedAt).toISOString(),
      uptimeSeconds: Math.floor((server.clock.now() - server.startedAt) / 1000),
      listening: server.addresses.map(formatAddress),
      metrics: this.#metricsUrl,
      clients: sessions.size,
      registered: chat.members.size,
      maxClients: server.limits.maxClients,
      groups: chat.groups.size,
      dialects,
      messages: chat.history.lastSeq - server.storage.startSeq,
      history: historyStats(server),
      deliveries: server.fanout.deliveries,
      queuedBytes,
      queueMemory: { bytes: server.memory.bytes, maxBytes: server.limits.totalQueueBytes },
      accepted: server.accepted,
      acceptErrors: server.acceptErrors,
      closed: Object.fromEntries(server.closed),
      residentBytes: Deno.memoryUsage().rss,
      lagMs: server.lag.lag,
      certificates: server.security.certificates,
      shutdownIn: server.countdown.secondsLeft,
      limits: limitInfos(server.limits),
    };
  }

  #until(seconds: number | undefined): number {
    return seconds === undefined ? Infinity : this.#server.moderation.now() + seconds * 1000;
  }

  #why(failure: Failure): string {
    return failure.text(this.#server.texts.refusals);
  }

  #noSuchMember(name: string): OrderOutcome<never> {
    return orderRefused(this.#texts.noSuchMember(quoted(name)));
  }

  #log(order: string, details: Omit<LogDetails<"order">, "order" | "by">): void {
    const { log } = this.#server;
    log({ level: "info", what: "order", details: { order, by: this.#by, ...details } });
  }

  watch(listener: (event: WatchedEvent) => void): () => void {
    return this.#server.watchers.subscribe(listener);
  }

  shutdown(seconds: number): OrderOutcome<{ seconds: number; replaced: boolean }> {
    if (!Number.isInteger(seconds) || seconds < 0 || seconds > MAX_SHUTDOWN_SECONDS) {
      return orderRefused(this.#texts.shutdownSeconds(MAX_SHUTDOWN_SECONDS, seconds));
    }
    if (this.#server.isStopping) return orderRefused(this.#texts.stoppingAlready);
    const { replaced } = this.#server.countdown.start(seconds);
    this.#log("shutdown", { seconds, replaced });
    return orderDone({ seconds, replaced });
  }

  confirmClock(): OrderOutcome {
    this.#server.storage.ages.confirm();
    this.#log("retain", {});
    return orderDone(undefined);
  }

  cancelShutdown(): OrderOutcome {
    if (this.#server.countdown.cancel()) {
      this.#log("shutdown_cancelled", {});
      return orderDone(undefined);
    }
    return orderRefused(this.#texts.noShutdown);
  }
}

function orderDone<Value>(value: Value): OrderOutcome<Value> {
  return { ok: true, value };
}

function orderRefused(error: string): OrderOutcome<never> {
  return { ok: false, error };
}

function isSendable(text: string): boolean {
  return text.trim() !== "" && new TextEncoder().encode(visible(text)).length <= MAX_MESSAGE_BYTES;
}

/**
 * A valid name, also after `@`, or a range of IP addresses in its shortest form; undefined for
 * anything else.
 */
function canonical(subject: string): string | undefined {
  const range = parseAddressRange(subject);
  if (range !== undefined) return formatAddressRange(range);
  const name = checkName(subject.replace(/^@/, ""));
  return typeof name === "string" ? name : undefined;
}

/** Whether a subject is one IP address, not a range. */
function isAddress(subject: string): boolean {
  return parseIpAddress(subject) !== undefined;
}

/** Whether a name is written as a host is: `localhost`, or words with dots and no digit last. */
function isHostName(name: string): boolean {
  return /^localhost$|^[a-z\d-]+(\.[a-z\d-]+)*\.[a-z][a-z-]+\.?$/i.test(name);
}

function muteOf({ name, until }: MuteEntry): Mute {
  return { name, until: until === Infinity ? null : new Date(until).toISOString() };
}
