// Members whose connection was lost: for the grace time they keep their names and groups, no `left`
// event is sent, and they can resume with the session's token.

import { type CloseReason, type Failure, failure, quoted } from "../../protocol/failures.ts";
import { AbsentPeer } from "./absent_peer.ts";
import type { Delivery, Group, Member } from "./member.ts";

/** A group of a saved session: its name may be another's by now, its serial is not. */
export interface SavedGroup {
  readonly name: string;
  readonly serial: number;
  /** Number of the newest message when it was joined. */
  readonly joinedAt: number;
}

/** What is stored of a session, also for the next server. */
export interface SavedSession {
  readonly serial: number;
  readonly name: string;
  readonly groups: readonly SavedGroup[];
  /** RFC 3339. */
  readonly since: string;
  /** See {@linkcode Member.identity}. */
  readonly identity: string;
}

/** Stores sessions. */
export interface SessionStore {
  /** Stores the session as it is now, with its name held. */
  save(member: Member): void;
  /** Its name is no longer held; the session can still be resumed. */
  release(member: Pick<Member, "serial" | "session">): void;
  /** The session can no longer be resumed. */
  forget(member: Member): void;
  /** The session with that secret token. */
  find(token: string): SavedSession | undefined;
  /** Sessions whose names were held when the last server ended. */
  held(): readonly SavedSession[];
}

/** How long, and for how many members, names are held. */
export interface DisconnectGraceLimits {
  /** How long the name and groups of a lost connection are kept, in milliseconds. */
  readonly graceMs: number;
  /** Most disconnected members that are kept at the same time. */
  readonly maxHeld: number;
}

/** What {@linkcode DisconnectGrace} needs of the chat. */
export interface DisconnectGraceOptions {
  readonly delivery: Delivery;
  readonly limits: DisconnectGraceLimits;
  readonly sessions: SessionStore;
  readonly after: (ms: number, fire: () => void) => { cancel(): void };
  /** Ends a membership for good. */
  readonly end: (member: Member, reason: CloseReason, detail?: string) => void;
  /** Called when the peer of a disconnected member is closed. */
  readonly leave: (member: Member, reason: CloseReason, detail?: string) => void;
}

/** Close reasons of connections that were lost unintentionally. */
const LOST: ReadonlySet<CloseReason> = new Set(["eof", "reset", "timeout", "slow", "error"]);

/** The members that want their names held, connected or not. */
export class DisconnectGrace {
  readonly #options: DisconnectGraceOptions;
  readonly #bySerial = new Map<number, Member>();
  readonly #absent = new Map<Member, { cancel(): void }>();

  constructor(options: DisconnectGraceOptions) {
    this.#options = options;
  }

  /** Adds a member that wants its name held, and stores its session. */
  add(member: Member): void {
    this.#bySerial.set(member.serial, member);
    this.#options.sessions.save(member);
  }

  /** Stores a changed name or changed groups. */
  saveChanges(member: Member): void {
    if (member.holds && member.name !== "") this.#options.sessions.save(member);
  }

  /** Holds the name of a member whose connection has ended; false if it may not be held. */
  hold(member: Member, reason: CloseReason, detail?: string): boolean {
    const { delivery, limits } = this.#options;
    if (!member.holds || member.name === "" || !LOST.has(reason)) return false;
    if (member.isDisconnected || this.#absent.size >= limits.maxHeld) return false;
    delivery.dismiss(member);
    this.#startGrace(member, () => this.#options.end(member, reason, detail));
    return true;
  }

  /** Holds the name of a member of the last server. */
  holdRestored(member: Member): void {
    this.#bySerial.set(member.serial, member);
    this.#startGrace(member, () => this.#options.end(member, "reset"));
  }

  #startGrace(member: Member, late: () => void): void {
    member.isDisconnected = true;
    const { after, leave, limits } = this.#options;
    member.peer = new AbsentPeer(
      member.peer,
      (reason, detail) => leave(member, reason, detail),
    );
    this.#absent.set(member, after(limits.graceMs, late));
  }

  /** The member with that serial, connected or not. */
  find(serial: number): Member | undefined {
    return this.#bySerial.get(serial);
  }

  /** Ends the grace time of a member that resumed. */
  onResumed(member: Member): void {
    this.#absent.get(member)?.cancel();
    this.#absent.delete(member);
    member.isDisconnected = false;
  }

  /** Removes a member whose membership has ended. */
  onLeft(member: Member, reason: CloseReason): void {
    if (!member.holds) return;
    this.onResumed(member);
    this.#bySerial.delete(member.serial);
    // The members of a server that stops may resume after its restart.
    if (member.name === "" || reason === "shutdown") return;
    // The session of a lost connection can be resumed even if its name was not held.
    if (LOST.has(reason)) this.#options.sessions.release(member);
    else this.#options.sessions.forget(member);
  }

  /** Cancels all grace timers: the server stops. */
  stop(): void {
    for (const timer of this.#absent.values()) timer.cancel();
  }
}

/** A member's groups as they are stored. */
export function savedGroups(groups: ReadonlyMap<Group, number>): SavedGroup[] {
  return [...groups].map(([{ name, serial }, joinedAt]) => ({ name, serial, joinedAt }));
}

/** The refusal of a name that is held and may be free soon. */
export function nameHeldFailure(name: string): Failure {
  return failure("name_taken", (t) => t.nameHeld(quoted(name)));
}
