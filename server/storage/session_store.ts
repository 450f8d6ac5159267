// Sessions that can be gone on with: in a store, where the next server finds them, or in memory. A
// token is stored as its hash: whoever reads the file cannot go on with anybody's session.

import { createHash } from "node:crypto";
import {
  type SavedGroup,
  savedGroups,
  type SavedSession,
  type SessionStore,
} from "../chat/disconnect_grace.ts";
import type { Member } from "../chat/member.ts";
import type { GroupCommit } from "../store/group_commit.ts";
import type { Store } from "../store/store.ts";

/** Sessions of one server, forgotten with it. */
export class MemorySessionStore implements SessionStore {
  readonly #byToken = new Map<string, Member>();

  save(member: Member): void {
    this.#byToken.set(member.session, member);
  }

  /** Nothing of it will be found when its member has gone: it can only go on while it is held. */
  release({ session }: Pick<Member, "session">): void {
    this.#byToken.delete(session);
  }

  forget(member: Member): void {
    this.release(member);
  }

  find(token: string): SavedSession | undefined {
    const member = this.#byToken.get(token);
    return member && { ...member, groups: savedGroups(member.groups) };
  }

  held(): readonly SavedSession[] {
    return [];
  }
}

/** What {@linkcode SqliteSessionStore} needs. */
export interface SqliteSessionStoreOptions {
  readonly store: Store;
  readonly commits: GroupCommit;
  /** The time in milliseconds since the epoch. */
  readonly now: () => number;
  /** Kept at most of those whose names are not held; {@linkcode MOST_RELEASED} unless tests say so. */
  readonly mostReleased?: number;
}

/** However long messages are kept: nobody goes on after so long. */
const SESSION_MS = 30 * 86_400_000;

/** However many come and go: of those whose names are not held the latest so many can go on. */
const MOST_RELEASED = 100_000;

/** Sessions purged in one transaction. */
const PURGED_AT_ONCE = 1_000;

/** Sessions in a store. */
export class SqliteSessionStore implements SessionStore {
  readonly #options: SqliteSessionStoreOptions;
  readonly #statements: ReturnType<typeof statementsOf>;
  /** Those that could not be written, by hashed token: the next server will not know them, this one does. */
  readonly #unsaved = new Map<string, Member>();

  constructor(options: SqliteSessionStoreOptions) {
    this.#options = options;
    this.#statements = statementsOf(options.store);
  }

  save(member: Member): void {
    const { serial, session, name, groups, since, identity } = member;
    // A member of the last server whose token is not known here has a row already.
    if (session === "") return;
    const token = hash(session);
    const saved = JSON.stringify(savedGroups(groups));
    const now = this.#options.now();
    this.#options.commits.add({
      write: () => void this.#statements.save.run(serial, token, name, saved, since, now, identity),
      done: (problem) => problem ? this.#unsaved.set(token, member) : this.#unsaved.delete(token),
    });
  }

  release({ serial, session }: Pick<Member, "serial" | "session">): void {
    this.#unsaved.delete(hash(session));
    const now = this.#options.now();
    this.#write(() => this.#statements.release.run(now, serial));
  }

  forget({ serial, session }: Member): void {
    this.#unsaved.delete(hash(session));
    this.#write(() => this.#statements.forget.run(serial));
  }

  find(token: string): SavedSession | undefined {
    const hashed = hash(token);
    const unsaved = this.#unsaved.get(hashed);
    if (unsaved !== undefined) return { ...unsaved, groups: savedGroups(unsaved.groups) };
    const row = this.#statements.find.get(hashed);
    return row && sessionOf(row);
  }

  held(): readonly SavedSession[] {
    return this.#statements.held.all().map(sessionOf);
  }

  /**
   * Forgets sessions that nobody went on with since `at` (milliseconds since the epoch), or for
   * {@linkcode SESSION_MS}, or beyond {@linkcode MOST_RELEASED}; some at a time: call again while it
   * answers true.
   */
  purge(at: number): boolean {
    const { commits, now, store, mostReleased = MOST_RELEASED } = this.#options;
    commits.flush();
    const surplus = this.#statements.surplus.get(mostReleased)?.["seen"];
    const upTo = Math.max(at, now() - SESSION_MS, Number(surplus ?? -Infinity) + 1);
    let purged = 0;
    const problem = store.transact(() => {
      purged = Number(this.#statements.purge.run(upTo, PURGED_AT_ONCE).changes);
    });
    return problem === undefined && purged === PURGED_AT_ONCE;
  }

  /** Where even this cannot be written, the next server believes that somebody may still come back. */
  #write(write: () => void): void {
    this.#options.commits.add({ write, done: () => {} });
  }
}

function statementsOf(store: Store) {
  const columns = "serial, name, groups, since, identity";
  return {
    save: store.prepare(
      `INSERT INTO session (serial, token, name, groups, since, seen, identity, held)
       VALUES (?, ?, ?, ?, ?, ?, ?, 1)
       ON CONFLICT (serial) DO UPDATE SET token = excluded.token, name = excluded.name,
       groups = excluded.groups, seen = excluded.seen, identity = excluded.identity, held = 1`,
    ),
    release: store.prepare("UPDATE session SET held = 0, seen = ? WHERE serial = ?"),
    forget: store.prepare("DELETE FROM session WHERE serial = ?"),
    find: store.prepare(`SELECT ${columns} FROM session WHERE token = ?`),
    held: store.prepare(`SELECT ${columns} FROM session WHERE held = 1 ORDER BY serial`),
    surplus: store.prepare(
      "SELECT seen FROM session WHERE held = 0 ORDER BY seen DESC LIMIT 1 OFFSET ?",
    ),
    purge: store.prepare(
      `DELETE FROM session WHERE serial IN
       (SELECT serial FROM session WHERE held = 0 AND seen < ? ORDER BY seen LIMIT ?)`,
    ),
  };
}

function sessionOf(row: Record<string, unknown>): SavedSession {
  const { serial, name, groups, since, identity } = row;
  return {
    serial: Number(serial),
    name: String(name),
    groups: JSON.parse(String(groups)) as SavedGroup[],
    since: String(since),
    identity: String(identity),
  };
}

function hash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
