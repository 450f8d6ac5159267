// Groups: created by the first member who joins, removed with the last who leaves (R71, R83). The
// rules of names are in names.ts, messages to groups in messaging.ts.

import type { GroupInfo, ServerEvent } from "../../protocol/events.ts";
import { type Failure, failure, quoted } from "../../protocol/failures.ts";
import { MAX_NAMES_LISTED } from "../../protocol/limits.ts";
import { type Ref, withRef } from "../../protocol/requests.ts";
import type { History } from "../history/history.ts";
import type { ChatAuthority } from "./authority_port.ts";
import { type Delivery, type Group, type Member, NO_GROUPS } from "./member.ts";
import type { SavedGroup } from "./disconnect_grace.ts";
import { justLeftFailure } from "./recent_names.ts";
import { checkName, type Namespace } from "./names.ts";

/** Limits on groups and their names. */
export interface GroupLimits {
  readonly maxGroups: number;
  readonly maxGroupsPerClient: number;
  /** Longest name, in characters. */
  readonly nameChars: number;
}

/** What {@linkcode Groups} needs of the chat. */
export interface GroupsOptions {
  readonly names: Namespace<Member | Group>;
  readonly limits: GroupLimits;
  readonly delivery: Delivery;
  readonly history: Pick<History, "lastSeq">;
  readonly newSerial: () => number;
  readonly observe: (event: ServerEvent) => void;
  readonly authority: Pick<ChatAuthority, "refusesGroup">;
  /** Whether a name is kept from that member, since its bearer has just left. */
  readonly keeps: (name: string, member: Member) => boolean;
  /** Called for a member whose groups have changed. */
  readonly onChanged: (member: Member) => void;
}

/** The groups of one chat. */
export class Groups {
  readonly #options: GroupsOptions;
  readonly #groups = new Set<Group>();

  constructor(options: GroupsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#groups.size;
  }

  /** The names of at most `limit` groups, oldest first. */
  names(limit: number): string[] {
    const names: string[] = [];
    for (const { name } of this.#groups) {
      if (names.length === limit) break;
      names.push(name);
    }
    return names;
  }

  /** At most `limit` groups, oldest first, with at most {@linkcode MAX_NAMES_LISTED} names in all. */
  list(limit: number): GroupInfo[] {
    const listed: GroupInfo[] = [];
    let remaining = MAX_NAMES_LISTED;
    for (const { name, members } of this.#groups) {
      if (listed.length === limit || remaining < 2) break;
      const names = [...members].slice(0, remaining - 1).map((member) => member.name);
      listed.push({ name, members: names });
      remaining -= 1 + names.length;
    }
    return listed;
  }

  /** Joins a group, which is created if there is none of that name; announces it to the group. */
  join(member: Member, wanted: string, ref?: Ref): Failure | undefined {
    const group = this.#find(wanted) ?? this.#create(member, wanted);
    if (!("kind" in group)) return group;
    if (group.members.has(member)) {
      return failure("in_group", (t) => t.alreadyInGroup(quoted("#" + group.name)));
    }
    if (member.groups.size >= this.#options.limits.maxGroupsPerClient) {
      return failure("group_limit", (t) => t.tooManyGroupsJoined(member.groups.size));
    }
    group.members.add(member);
    member.groups = new Map(member.groups).set(group, this.#options.history.lastSeq);
    this.#announce(group, { type: "joined", name: member.name, group: group.name }, member, ref);
    this.#options.onChanged(member);
    return undefined;
  }

  /** Members of the group of that name, 0 if there is none. */
  readers(wanted: string): number {
    return this.#find(wanted)?.members.size ?? 0;
  }

  /** Adds a member of an earlier session to its group again; recreates the group if necessary. */
  rejoin(member: Member, { name, serial, joinedAt }: SavedGroup): void {
    const group = this.#find(name) ?? this.#create(member, name, serial);
    if (!("kind" in group)) return; // the name belongs to a member by now
    group.members.add(member);
    // Another group of that name: its earlier messages are not for this member.
    const since = group.serial === serial ? joinedAt : this.#options.history.lastSeq;
    member.groups = new Map(member.groups).set(group, since);
  }

  /** Leaves a group; an empty group is removed. */
  leave(member: Member, wanted: string, ref?: Ref): Failure | undefined {
    const group = this.#find(wanted);
    if (group === undefined || !group.members.has(member)) {
      const name = quoted("#" + withoutSigil(wanted));
      return failure("not_in_group", (t) => t.notInGroup(name));
    }
    this.#announce(group, { type: "left", name: member.name, group: group.name }, member, ref);
    this.#remove(group, member);
    this.#options.onChanged(member);
    return undefined;
  }

  /**
   * Removes a member that left the chat from all groups, without events: everyone gets its `left`.
   */
  leaveAll(member: Member): void {
    for (const group of member.groups.keys()) this.#remove(group, member);
  }

  #find(wanted: string): Group | undefined {
    const found = this.#options.names.find(withoutSigil(wanted));
    return found?.kind === "group" ? found : undefined;
  }

  #create(member: Member, wanted: string, known?: number): Group | Failure {
    const { maxGroups, maxGroupsPerClient, nameChars } = this.#options.limits;
    const name = checkName(withoutSigil(wanted), nameChars);
    if (typeof name !== "string") return name;
    const claimed = this.#options.authority.refusesGroup(name);
    if (claimed !== undefined) return claimed;
    if (known === undefined && this.#options.keeps(name, member)) return justLeftFailure(name);
    if (this.#groups.size >= maxGroups) {
      return failure("group_limit", (t) => t.tooManyGroups(maxGroups));
    }
    if (member.groups.size >= maxGroupsPerClient) {
      return failure("group_limit", (t) => t.tooManyGroupsJoined(member.groups.size));
    }
    const serial = known ?? this.#options.newSerial();
    const group: Group = { kind: "group", serial, name, members: new Set() };
    const taken = this.#options.names.claim(name, group);
    if (taken !== undefined) return taken;
    this.#groups.add(group);
    return group;
  }

  #remove(group: Group, member: Member): void {
    group.members.delete(member);
    const left = new Map(member.groups);
    left.delete(group);
    member.groups = left.size > 0 ? left : NO_GROUPS;
    if (group.members.size > 0) return;
    this.#groups.delete(group);
    this.#options.names.release(group.name, group);
  }

  #announce(
    group: Group,
    event: ServerEvent & { type: "joined" | "left" },
    member: Member,
    ref?: Ref,
  ): void {
    const { delivery, observe } = this.#options;
    delivery.toOne(member.peer, { ...event, you: true, ...withRef(ref) });
    delivery.toMany(group.members, event, member);
    observe(event);
  }
}

function withoutSigil(name: string): string {
  return name.replace(/^[#@]/, "");
}
