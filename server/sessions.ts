// Sessions that can be gone on with: in a store, where the next server finds them, or in memory. A
// token is stored as its hash: whoever reads the file cannot go on with anybody's session.

import { createHash } from "node:crypto";
import {
  type SavedGroup,
  savedGroups,
  type SavedSession,
  type SessionStore,
} from "./chat/holding.ts";
import type { Member } from "./chat/member.ts";
import type { GroupCommit } from "./store/group_commit.ts";
import type { Store } from "./store/store.ts";

/** Sessions of one server, forgotten with it. */
export class MemorySessions implements SessionStore {
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

/** What {@linkcode StoredSessions} needs. */
export interface StoredSessionsOptions {
  readonly store: Store;
  readonly commits: GroupCommit;
  /** The time in milliseconds since the epoch. */
  readonly now: () => number;
}

/** However long messages are kept: nobody goes on after so long. */
const SESSION_MS = 30 * 86_400_000;

/** Sessions in a store. */
export class StoredSessions implements SessionStore {
  readonly #options: StoredSessionsOptions;
  readonly #statements: ReturnType<typeof statementsOf>;

  constructor(options: StoredSessionsOptions) {
    this.#options = options;
    this.#statements = statementsOf(options.store);
  }

  save({ serial, session, name, groups, since, identity }: Member): void {
    // A member of the last server whose token is not known here has a row already.
    if (session === "") return;
    const saved = JSON.stringify(savedGroups(groups));
    const now = this.#options.now();
    this.#write(() =>
      this.#statements.save.run(serial, hash(session), name, saved, since, now, identity)
    );
  }

  release({ serial }: Pick<Member, "serial">): void {
    const now = this.#options.now();
    this.#write(() => this.#statements.release.run(now, serial));
  }

  forget({ serial }: Member): void {
    this.#write(() => this.#statements.forget.run(serial));
  }

  find(token: string): SavedSession | undefined {
    const row = this.#statements.find.get(hash(token));
    return row && sessionOf(row);
  }

  held(): readonly SavedSession[] {
    return this.#statements.held.all().map(sessionOf);
  }

  /**
   * Forgets sessions that nobody went on with since `at` (milliseconds since the epoch), or for
   * {@linkcode SESSION_MS}; there is never more.
   */
  purge(at: number): boolean {
    const since = Math.max(at, this.#options.now() - SESSION_MS);
    this.#write(() => this.#statements.purge.run(since));
    return false;
  }

  /** A session that cannot be written is one that the next server does not know. */
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
    purge: store.prepare("DELETE FROM session WHERE held = 0 AND seen < ?"),
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
