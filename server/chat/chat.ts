// The chat: members, their names, joins and leaves; every change is one synchronous step. Messages
// are in messaging.ts, groups in groups.ts, requests in perform.ts.

import type { Texts } from "../../texts/texts.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import { type CloseReason, type Failure, failure } from "../../protocol/failures.ts";
import { refusalEvent } from "../../protocol/refusal_event.ts";
import { MAX_PAGE_CHARS } from "../../protocol/limits.ts";
import { type Ref, withRef } from "../../protocol/requests.ts";
import type { Audience, History, Page, PageRequest } from "../history/history.ts";
import { AbsentPeer } from "./absent_peer.ts";
import { welcomeEvent } from "./welcome_and_who.ts";
import type { ChatAuthority } from "./authority_port.ts";
import { CatchUp } from "./catch_up.ts";
import { mayRead } from "./may_read.ts";
import { type GroupLimits, Groups } from "./groups.ts";
import {
  DisconnectGrace,
  type DisconnectGraceLimits,
  nameHeldFailure,
  type SavedSession,
  type SessionStore,
} from "./disconnect_grace.ts";
import { LowestFree } from "./lowest_free.ts";
import {
  type Delivery,
  type Group,
  type Member,
  newMember,
  type Peer,
  type Readers,
} from "./member.ts";
import type { Mutes } from "./mutes.ts";
import { asReplay, replayFor, type ReplayLimits } from "./replay.ts";
import { checkName, Namespace } from "./names.ts";
import { justLeftFailure, RecentNames } from "./recent_names.ts";
import { type JoinOrLeaveEvent, Presence, type PresenceLimits } from "./presence.ts";
import { Messaging, type MessagingLimits } from "./messaging.ts";

/** What a {@linkcode Chat} needs of the server. */
export interface ChatOptions {
  readonly delivery: Delivery;
  /** The language of texts sent to everyone. */
  readonly texts: Texts;
  readonly history: History;
  readonly sessions: SessionStore;
  readonly limits:
    & GroupLimits
    & PresenceLimits
    & DisconnectGraceLimits
    & MessagingLimits
    & ReplayLimits;
  /** Returns a number that no member or group has had before. */
  readonly newSerial: () => number;
  /** Returns a new secret token for a session. */
  readonly newToken: () => string;
  readonly authority: ChatAuthority;
  /** Names whose messages are refused. */
  readonly mutes: Mutes;
  /** Called with every public event, for the operator. */
  readonly observe: (event: ServerEvent) => void;
  /** Milliseconds of a monotonic clock. */
  readonly monotonic: () => number;
  /** Calls `fire` once, after `ms` milliseconds. */
  readonly after: (ms: number, fire: () => void) => { cancel(): void };
  /** Called when a member registers or resumes. */
  readonly onRegistered: (member: Member) => void;
}

/** The chat of one server: all its members and groups. */
export class Chat {
  readonly groups: Groups;
  readonly messaging: Messaging;
  readonly history: History;
  readonly delivery: Delivery;
  readonly authority: ChatAuthority;
  readonly sessions: SessionStore;
  readonly grace: DisconnectGrace;
  readonly catchUp: CatchUp;
  readonly #options: ChatOptions;
  readonly #presence: Presence;
  readonly #ids = new LowestFree();
  readonly #names = new Namespace<Member | Group>();
  readonly #recent = new RecentNames();
  /** Registered members, in order of registration. */
  readonly #members = new Set<Member>();
  #stopping = false;

  constructor(options: ChatOptions) {
    this.#options = options;
    this.history = options.history;
    this.delivery = options.delivery;
    this.authority = options.authority;
    this.sessions = options.sessions;
    this.catchUp = new CatchUp({ ...options, entitled: mayRead });
    this.grace = new DisconnectGrace({
      ...options,
      leave: (member, reason, detail) => this.leave(member, reason, detail),
      end: (member, reason, detail) => this.#end(member, reason, detail),
    });
    this.#presence = new Presence({
      ...options,
      send: (event, except, readers) => this.#sendToEveryone(event, except, readers),
      total: () => this.#members.size,
    });
    const names = this.#names;
    const onChanged = (member: Member) => this.grace.saveChanges(member);
    this.groups = new Groups({
      ...options,
      names,
      onChanged,
      keeps: (name, member) => this.#recent.keeps(name, member, options.monotonic()),
    });
    this.messaging = new Messaging({
      ...options,
      names,
      everyone: this.#members,
      catchingUp: this.catchUp.catchingUp,
    });
  }

  /** Registered members, in order of registration. */
  get members(): ReadonlySet<Member> {
    return this.#members;
  }

  /** Adds a connection; its member has an id but no name yet. `since` is RFC 3339. */
  connect(peer: Peer, since: string): Member {
    const { newSerial, newToken } = this.#options;
    return this.#newMember(peer, { since, serial: newSerial(), session: newToken() });
  }

  #newMember(peer: Peer, known: Pick<Member, "since" | "serial" | "session">): Member {
    return newMember({ id: this.#ids.take(), peer, ...known });
  }

  /** The server stops: leaves are not announced any more. */
  muteDepartures(): void {
    this.history.flush();
    this.#stopping = true;
    this.#presence.stop();
    this.grace.stop();
  }

  /** Registers a member as `wanted`, or under a default name (R58, D6), and announces it (R35). */
  register(member: Member, wanted: string | undefined, ref?: Ref): void {
    this.history.flush();
    const name = this.#claimName(member, wanted);
    const refusal = wanted && name !== wanted ? this.authority.refuses(wanted, member) : undefined;
    if (typeof name !== "string") {
      if (name.code === "banned") {
        return member.peer.close("banned", name.text(member.peer.texts.refusals));
      }
      return this.refuse(member, name, ref);
    }
    member.name = name;
    this.#members.add(member);
    if (member.holds) this.grace.add(member);
    const replayed = replayFor(member.peer, this.history, this.#options.limits);
    const replay = replayed.length === 0 ? {} : { replay: replayed.length };
    this.delivery.toOne(member.peer, { ...welcomeEvent(this, member), ...replay, ...withRef(ref) });
    for (const message of replayed) this.delivery.toOne(member.peer, message);
    this.announcePresence({ type: "joined", name }, member);
    this.delivery.admit(member);
    if (refusal) {
      this.refuse(
        member,
        failure(refusal.code, (t) => t.nameGivenInstead(refusal.text(t), name)),
        ref,
      );
    }
    this.#options.onRegistered(member);
  }

  /** Recreates the member of an earlier session; refused if its name belongs to another by now. */
  restoreMember(saved: SavedSession): Member | Failure {
    const { serial, name, groups, since } = saved;
    const origin = { address: "", dialect: "native", texts: this.#options.texts } as const;
    const peer = new AbsentPeer(origin, () => {});
    const member = this.#newMember(peer, { since, serial, session: "" });
    member.identity = saved.identity;
    const problem = this.authority.refuses(name, saved) ?? this.#names.claim(name, member);
    if (problem !== undefined) {
      this.#ids.release(member.id);
      return problem;
    }
    member.name = name;
    member.holds = true;
    this.#members.add(member);
    for (const group of groups) this.groups.rejoin(member, group);
    return member;
  }

  /**
   * Moves the connection of `unregistered`, which has no name, to `member`, whose own connection is
   * closed.
   */
  replace(unregistered: Member, member: Member): void {
    this.#ids.release(unregistered.id);
    unregistered.hasLeft = true;
    const old = member.isDisconnected ? undefined : member.peer;
    if (old !== undefined) this.delivery.dismiss(member);
    this.catchUp.stop(member);
    member.peer = unregistered.peer;
    this.grace.onResumed(member);
    this.grace.add(member);
    old?.close("resumed");
  }

  /** Called after a member has resumed on another connection. */
  onResumed(member: Member): void {
    this.#options.onRegistered(member);
  }

  #claimName(member: Member, wanted: string | undefined): string | Failure {
    const fallback = `user${member.id}`;
    if (wanted === undefined || wanted === "") return this.#claimFree(fallback, member);
    const checked = checkName(wanted, this.#options.limits.nameChars);
    const problem = typeof checked === "string" ? this.#refuses(checked, member) : checked;
    if (problem === undefined && typeof checked === "string") {
      const taken = this.#names.claim(checked, member);
      if (taken === undefined) return checked;
      if (!member.peer.canRefuseName) return this.#claimFree(checked, member);
      return this.find(checked)?.isDisconnected ? nameHeldFailure(checked) : taken;
    }
    if (problem === undefined || member.peer.canRefuseName || problem.code === "banned") {
      return problem ?? failure("bad_name", (t) => t.noNameLeft);
    }
    if (problem.code === "name_taken" && typeof checked === "string") {
      return this.#claimFree(checked, member);
    }
    return this.#claimFree(fallback, member);
  }

  #claimFree(name: string, member: Member): string {
    const { nameChars: maxChars } = this.#options.limits;
    const allowed = (free: string) => !this.#refuses(free, member);
    return this.#names.claimFree(name, member, { allowed, maxChars });
  }

  /** Why a valid name that no client has is refused to `member`: a ban, a claim, or its last bearer. */
  #refuses(name: string, member: Member): Failure | undefined {
    const problem = this.authority.refuses(name, member);
    if (problem !== undefined) return problem;
    return this.#recent.keeps(name, member, this.#options.monotonic())
      ? justLeftFailure(name)
      : undefined;
  }

  /**
   * Changes a name; refused if it is taken (R81), or if the member is muted, since mutes are by
   * name.
   */
  rename(member: Member, wanted: string, ref?: Ref): void {
    this.history.flush();
    if (this.messaging.mutes.has(member.name)) {
      const muted = failure("muted", (t) => t.mutedRename);
      return this.refuse(member, muted, ref);
    }
    const name = checkName(wanted, this.#options.limits.nameChars);
    if (typeof name !== "string") return this.refuse(member, name, ref);
    const problem = this.#refuses(name, member) ?? this.#names.claim(name, member);
    if (problem !== undefined) return this.refuse(member, problem, ref);
    const was = member.name;
    member.name = name;
    this.#names.release(was, member, name);
    this.#recent.add(was, member, this.#options.monotonic());
    this.grace.saveChanges(member);
    const event = { type: "renamed", was, name } as const;
    this.delivery.toOne(member.peer, { ...event, you: true, ...withRef(ref) });
    if (name === was) return;
    this.#presence.announceRename(event, member);
    this.#options.observe(event);
  }

  /** A connection has ended: ends the membership, unless its name is held for the grace time. */
  leave(member: Member, reason: CloseReason, detail?: string): void {
    if (member.hasLeft) return;
    this.history.flush();
    this.catchUp.stop(member);
    if (!this.#stopping && this.grace.hold(member, reason, detail)) return;
    this.#end(member, reason, detail);
  }

  /**
   * Ends a membership: its name is free immediately for the same address or claim, for others a few
   * seconds later, and the leave is announced exactly once (R35, R83).
   */
  #end(member: Member, reason: CloseReason, detail?: string): void {
    this.history.flush();
    member.hasLeft = true;
    member.lastPrivateFrom = undefined; // else every member that ever left would stay reachable
    this.#ids.release(member.id);
    this.grace.onLeft(member, this.#stopping ? "shutdown" : reason);
    if (member.name === "") return;
    this.#members.delete(member);
    this.delivery.dismiss(member);
    this.groups.leaveAll(member);
    this.#names.release(member.name, member);
    this.#recent.add(member.name, member, this.#options.monotonic());
    if (this.#stopping) return;
    const why = detail ?? (reason === "bye" ? undefined : this.#options.texts.closeReasons[reason]);
    const left = { type: "left", name: member.name } as const;
    this.announcePresence(why === undefined ? left : { ...left, reason: why }, member);
  }

  /** Sends everyone an event that is not a message and is not stored. */
  broadcast(event: ServerEvent): void {
    this.history.flush();
    this.#sendToEveryone(event);
    this.#options.observe(event);
  }

  /** Sends a member a refusal. */
  refuse(member: Member, problem: Failure, ref?: Ref): void {
    this.history.flush();
    this.delivery.toOne(member.peer, refusalEvent(problem, member.peer.texts, ref));
  }

  /** The registered member with that name, ignoring letter case. */
  find(name: string): Member | undefined {
    const found = this.#names.find(name);
    return found?.kind === "member" ? found : undefined;
  }

  /**
   * The stored messages that this member may read: pages forward for `since` alone, else backward.
   */
  page(member: Member, range: Pick<PageRequest, "since" | "before" | "limit">): Page {
    const visible = (audience: Audience, seq: number) => mayRead(member, audience, seq);
    const request = { ...range, chars: MAX_PAGE_CHARS, visible };
    const isForward = range.since !== undefined && range.before === undefined;
    const page = isForward ? this.history.next(request) : this.history.newest(request);
    return { ...page, messages: asReplay(page.messages) };
  }

  /** Announces to the others that a member joined or left. */
  announcePresence(event: JoinOrLeaveEvent, about: Member): void {
    this.#presence.announce(event, about);
    this.#options.observe(event);
  }

  #sendToEveryone(event: ServerEvent, except?: Member, readers?: Readers): void {
    this.delivery.toEveryone(event, except, readers);
    this.catchUp.sendTo(event, except, readers);
  }
}
