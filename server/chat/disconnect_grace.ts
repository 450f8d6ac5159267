// Members whose connection broke, and how they go on: for a while they keep their names and groups and
// nobody is told; whoever comes back with the session's token gets what was said meanwhile. Pure.

import { type CloseReason, type Failure, failure, quoted } from "../../protocol/failures.ts";
import { AbsentPeer } from "./absent_peer.ts";
import type { Delivery, Group, Member } from "./member.ts";

/** A group somebody was in: its name may be somebody else's by now, its serial not. */
export interface SavedGroup {
  readonly name: string;
  readonly serial: number;
  /** The newest message's number on joining it. */
  readonly joinedAt: number;
}

/** What is remembered of a session, also by the next server. */
export interface SavedSession {
  readonly serial: number;
  readonly name: string;
  readonly groups: readonly SavedGroup[];
  /** RFC 3339. */
  readonly since: string;
  /** As of {@linkcode Member.identity}. */
  readonly identity: string;
}

/** Remembers sessions. */
export interface SessionStore {
  /** Remembers the session as it is now, with its name held. */
  save(member: Member): void;
  /** Its name is held no longer; it can still go on. */
  release(member: Pick<Member, "serial" | "session">): void;
  /** Nobody can go on with it any more. */
  forget(member: Member): void;
  /** The session with that secret token. */
  find(token: string): SavedSession | undefined;
  /** Those whose names were held when the last server ended. */
  held(): readonly SavedSession[];
}

/** For how long, and for how many, names are held. */
export interface DisconnectGraceLimits {
  /** How long the name and groups of a broken connection are kept, in milliseconds. */
  readonly graceMs: number;
  /** Members kept at once whose connection broke. */
  readonly maxHeld: number;
}

/** What holding needs of the chat. */
export interface DisconnectGraceOptions {
  readonly delivery: Delivery;
  readonly limits: DisconnectGraceLimits;
  readonly sessions: SessionStore;
  readonly after: (ms: number, fire: () => void) => { cancel(): void };
  /** Ends a membership for good. */
  readonly end: (member: Member, reason: CloseReason, detail?: string) => void;
  /** Its connection is gone. */
  readonly leave: (member: Member, reason: CloseReason, detail?: string) => void;
}

/** What breaks a connection without anybody's wish. */
const BROKEN: ReadonlySet<CloseReason> = new Set(["eof", "reset", "timeout", "slow", "error"]);

/** The members who hold their names, present or away. */
export class DisconnectGrace {
  readonly #options: DisconnectGraceOptions;
  readonly #bySerial = new Map<number, Member>();
  readonly #away = new Map<Member, { cancel(): void }>();

  constructor(options: DisconnectGraceOptions) {
    this.#options = options;
  }

  /** A member that holds its name has come. */
  add(member: Member): void {
    this.#bySerial.set(member.serial, member);
    this.#options.sessions.save(member);
  }

  /** Its name or groups are others now. */
  saveChanges(member: Member): void {
    if (member.holds && member.name !== "") this.#options.sessions.save(member);
  }

  /** Keeps a member whose connection has ended, unless it is not to be kept. */
  hold(member: Member, reason: CloseReason, detail?: string): boolean {
    const { delivery, limits } = this.#options;
    if (!member.holds || member.name === "" || !BROKEN.has(reason)) return false;
    if (member.isDisconnected || this.#away.size >= limits.maxHeld) return false;
    delivery.dismiss(member);
    this.#wait(member, () => this.#options.end(member, reason, detail));
    return true;
  }

  /** Waits for a member of the last server. */
  holdRestored(member: Member): void {
    this.#bySerial.set(member.serial, member);
    this.#wait(member, () => this.#options.end(member, "reset"));
  }

  #wait(member: Member, late: () => void): void {
    member.isDisconnected = true;
    const { after, leave, limits } = this.#options;
    member.peer = new AbsentPeer(
      member.peer,
      (reason, detail) => leave(member, reason, detail),
    );
    this.#away.set(member, after(limits.graceMs, late));
  }

  /** The member with that serial, present or away. */
  find(serial: number): Member | undefined {
    return this.#bySerial.get(serial);
  }

  /** It is back. */
  onResumed(member: Member): void {
    this.#away.get(member)?.cancel();
    this.#away.delete(member);
    member.isDisconnected = false;
  }

  /** It is gone for good, and why. */
  onLeft(member: Member, reason: CloseReason): void {
    if (!member.holds) return;
    this.onResumed(member);
    this.#bySerial.delete(member.serial);
    // A server that stops is expected back, with everyone who was there.
    if (member.name === "" || reason === "shutdown") return;
    // Also whoever was not waited for may find its way back later.
    if (BROKEN.has(reason)) this.#options.sessions.release(member);
    else this.#options.sessions.forget(member);
  }

  /** Nobody is waited for any more: the server ends. */
  stop(): void {
    for (const timer of this.#away.values()) timer.cancel();
  }
}

/** A member's groups as they are remembered. */
export function savedGroups(groups: ReadonlyMap<Group, number>): SavedGroup[] {
  return [...groups].map(([{ name, serial }, joinedAt]) => ({ name, serial, joinedAt }));
}

/** Tells whoever wants a name that is held that it may be free soon. */
export function nameHeldFailure(name: string): Failure {
  return failure("name_taken", (t) => t.nameHeld(quoted(name)));
}
