// The chat: who is here, what they are called, who comes and goes. Every change of state is one
// synchronous step. It must not know sockets, bytes, clocks or files. What is said is in speech.ts,
// groups are in groups.ts, what a request means is in requests.ts.

import type { MessageEvent, ServerEvent, UserInfo } from "../../protocol/events.ts";
import { CLOSE_REASONS, type CloseReason, type Failure, failure } from "../../protocol/failures.ts";
import {
  MAX_LISTED,
  MAX_NAMES_LISTED,
  MAX_PAGE_CHARS,
  NATIVE_VERSION,
} from "../../protocol/limits.ts";
import { type Ref, withRef } from "../../protocol/requests.ts";
import type { Audience, History } from "../history/history.ts";
import type { Authority } from "./authority.ts";
import { type GroupLimits, Groups } from "./groups.ts";
import { LowestFree } from "./ids.ts";
import { type Delivery, type Group, type Member, NO_GROUPS, type Peer } from "./member.ts";
import type { Mutes } from "./mutes.ts";
import { checkName, Namespace } from "./names.ts";
import { type Coming, Presence, type PresenceLimits } from "./presence.ts";
import { Speech } from "./speech.ts";

/** What a chat is made of. */
export interface ChatOptions {
  readonly delivery: Delivery;
  readonly history: History;
  readonly limits: GroupLimits & PresenceLimits;
  /** A number for somebody or some group that none had before. */
  readonly newSerial: () => number;
  /** A new secret, for a session's token. */
  readonly newToken: () => string;
  /** Why somebody of that name may not take part, if so. */
  readonly refuses: (name: string, member: Member) => Failure | undefined;
  readonly authority: Authority;
  /** Who may not speak. */
  readonly mutes: Mutes;
  /** Told of every public event, for the operator. */
  readonly observe: (event: ServerEvent) => void;
  /** Milliseconds since some moment. */
  readonly monotonic: () => number;
  /** Calls `fire` once, after `ms` milliseconds. */
  readonly after: (ms: number, fire: () => void) => { cancel(): void };
  /** Told of everyone who has just registered. */
  readonly onRegistered: (member: Member) => void;
}

/** One room with groups, and everyone in it. */
export class Chat {
  readonly groups: Groups;
  readonly speech: Speech;
  readonly history: History;
  readonly delivery: Delivery;
  readonly authority: Authority;
  readonly #options: ChatOptions;
  readonly #presence: Presence;
  readonly #ids = new LowestFree();
  readonly #names = new Namespace<Member | Group>();
  /** Registered members, in the order in which they came. */
  readonly #members = new Set<Member>();
  #disbanded = false;

  constructor(options: ChatOptions) {
    this.#options = options;
    this.history = options.history;
    this.delivery = options.delivery;
    this.authority = options.authority;
    const { delivery, history, limits, newSerial, observe, authority, mutes } = options;
    this.#presence = new Presence({
      ...options,
      tell: (event, except) => delivery.toEveryone(event, except),
      total: () => this.#members.size,
    });
    const names = this.#names;
    this.groups = new Groups({ names, limits, delivery, history, newSerial, observe, authority });
    this.speech = new Speech({
      names: this.#names,
      everyone: this.#members,
      delivery,
      history,
      observe,
      mutes,
    });
  }

  /** Everyone registered, in the order in which they came. */
  get members(): ReadonlySet<Member> {
    return this.#members;
  }

  /** Takes a connection in; it has an id but no name yet. `since` is RFC 3339. */
  connect(peer: Peer, since: string): Member {
    return {
      kind: "member",
      id: this.#ids.take(),
      serial: this.#options.newSerial(),
      peer,
      since,
      session: this.#options.newToken(),
      holds: false,
      name: "",
      identity: "",
      asked: undefined,
      groups: NO_GROUPS,
      lastPrivateFrom: undefined,
      gone: false,
    };
  }

  /** Everyone is about to leave: nobody is told of anybody's leaving any more. */
  disband(): void {
    this.history.settle();
    this.#disbanded = true;
    this.#presence.stop();
  }

  /** Gives a name, the default one without `wanted` (R58, D6), and announces the newcomer (R35). */
  register(member: Member, wanted: string | undefined, ref?: Ref): void {
    this.history.settle();
    const name = this.#claimName(member, wanted);
    if (typeof name !== "string") {
      if (name.code === "banned") return member.peer.close("banned", name.message);
      return this.refuse(member, name, ref);
    }
    member.name = name;
    this.#members.add(member);
    this.delivery.toOne(member.peer, this.#welcome(member, ref));
    this.#announceComing({ type: "joined", name }, member);
    this.delivery.admit(member);
    this.#options.onRegistered(member);
  }

  #claimName(member: Member, wanted: string | undefined): string | Failure {
    const fallback = `user${member.id}`;
    if (wanted === undefined || wanted === "") return this.#claimFree(fallback, member);
    const checked = checkName(wanted);
    const problem = typeof checked === "string" ? this.#options.refuses(checked, member) : checked;
    if (problem === undefined && typeof checked === "string") {
      const taken = this.#names.claim(checked, member);
      if (taken === undefined) return checked;
      return member.peer.canRefuseName ? taken : this.#claimFree(checked, member);
    }
    if (problem === undefined || member.peer.canRefuseName || problem.code === "banned") {
      return problem ?? failure("bad_name", "Choose another name");
    }
    return this.#claimFree(fallback, member);
  }

  #claimFree(name: string, member: Member): string {
    return this.#names.claimFree(name, member, (free) => !this.#options.refuses(free, member));
  }

  #welcome(member: Member, ref?: Ref): ServerEvent {
    const users: string[] = [];
    for (const { name } of this.#members) {
      if (users.push(name) === MAX_LISTED) break;
    }
    return {
      type: "welcome",
      id: member.id,
      name: member.name,
      session: member.session,
      seq: this.history.lastSeq,
      users,
      groups: this.groups.names(MAX_LISTED),
      total: this.#members.size,
      version: NATIVE_VERSION,
      ...withRef(ref),
    };
  }

  /** Changes a name; refused when it is taken (R81), and to the muted. */
  rename(member: Member, wanted: string, ref?: Ref): void {
    if (this.speech.mutes.has(member.name)) {
      // Mutes go by name, so a new one would end it.
      const muted = failure("muted", "Not renamed: the operator has muted you");
      return this.refuse(member, muted, ref);
    }
    const name = checkName(wanted);
    if (typeof name !== "string") return this.refuse(member, name, ref);
    const problem = this.#options.refuses(name, member) ?? this.#names.claim(name, member);
    if (problem !== undefined) return this.refuse(member, problem, ref);
    const was = member.name;
    member.name = name;
    this.#names.release(was, member, name);
    const event = { type: "renamed", was, name } as const;
    this.delivery.toOne(member.peer, { ...event, you: true, ...withRef(ref) });
    if (name !== was) this.#announce(event, member);
  }

  /** Ends a membership: the name is free at once and everyone is told, exactly once (R35, R83). */
  leave(member: Member, reason: CloseReason, detail?: string): void {
    if (member.gone) return;
    this.history.settle();
    member.gone = true;
    member.lastPrivateFrom = undefined; // or everyone who ever left would hang on a chain
    this.#ids.giveBack(member.id);
    if (member.name === "") return;
    this.#members.delete(member);
    this.delivery.dismiss(member);
    this.groups.leaveAll(member);
    this.#names.release(member.name, member);
    if (this.#disbanded) return;
    const why = reason === "bye" ? {} : { reason: detail ?? CLOSE_REASONS[reason] };
    this.#announceComing({ type: "left", name: member.name, ...why }, member);
  }

  /** Tells everyone something that is not a message and not stored. */
  tellAll(event: ServerEvent): void {
    this.history.settle();
    this.delivery.toEveryone(event);
    this.#options.observe(event);
  }

  /** Tells one member that a request is refused. */
  refuse(member: Member, problem: Failure, ref?: Ref): void {
    this.history.settle();
    this.delivery.toOne(member.peer, { type: "error", ...problem, ...withRef(ref) });
  }

  /** The registered member of that name, whatever the letter case. */
  find(name: string): Member | undefined {
    const found = this.#names.find(name);
    return found?.kind === "member" ? found : undefined;
  }

  /** Who is here, at most `limit` of them and {@linkcode MAX_NAMES_LISTED} names with their groups'. */
  who(limit: number): UserInfo[] {
    const listed: UserInfo[] = [];
    let room = MAX_NAMES_LISTED;
    for (const { id, name, groups, since, peer: { dialect } } of this.#members) {
      room -= 1 + groups.size;
      if (listed.length === limit || room < 0) break;
      const names = [...groups.keys()].map((group) => group.name);
      listed.push({ id, name, groups: names, since, dialect });
    }
    return listed;
  }

  /** Stored messages this member is entitled to, oldest first; fewer than `limit` of long ones. */
  page(member: Member, since: number, limit: number): MessageEvent[] {
    const newest = this.history.newest({
      since,
      limit,
      visible: (audience, seq) => entitled(member, audience, seq),
    });
    let room = MAX_PAGE_CHARS;
    const tooMuch = newest.findLastIndex(({ text }) => (room -= text.length) < 0);
    return newest.slice(tooMuch + 1);
  }

  #announceComing(event: Coming, about: Member): void {
    this.#presence.told(event, about);
    this.#options.observe(event);
  }

  #announce(event: ServerEvent, about: Member): void {
    this.delivery.toEveryone(event, about);
    this.#options.observe(event);
  }
}

function entitled(member: Member, audience: Audience, seq: number): boolean {
  switch (audience.kind) {
    case "everyone":
      return true;
    case "people":
      return audience.serials.includes(member.serial);
    case "group":
      if (audience.sender === member.serial) return true;
      for (const [group, joinedAt] of member.groups) {
        if (group.serial === audience.serial) return seq > joinedAt;
      }
      return false;
  }
}
