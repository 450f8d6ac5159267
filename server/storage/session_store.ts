// Stores the sessions that clients can resume, on disk or in memory. Tokens are stored as hashes,
// so that a reader of the file cannot resume a session.

import { createHash } from "node:crypto";
import { visible } from "../../protocol/sanitize.ts";
import {
  type SavedGroup,
  savedGroups,
  type SavedSession,
  type SessionStore,
} from "../chat/disconnect_grace.ts";
import type { Member } from "../chat/member.ts";
import type { GroupCommit } from "../store/group_commit.ts";
import { bounded, LATEST_MS, MAX_STORED } from "../store/bounded_columns.ts";
import type { Store } from "../store/store.ts";
import type { Expired } from "./retention.ts";

/** Sessions in memory, lost when the server ends. */
export class MemorySessionStore implements SessionStore {
  readonly #byToken = new Map<string, Member>();

  save(member: Member): void {
    this.#byToken.set(member.session, member);
  }

  /** Removes the session: without a store, one can be resumed only while its name is held. */
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

/** Options of a {@linkcode SqliteSessionStore}. */
export interface SqliteSessionStoreOptions {
  readonly store: Store;
  readonly commits: GroupCommit;
  /** The time in milliseconds since the epoch. */
  readonly now: () => number;
  /** The same without an unconfirmed jump of the clock (default `now`). */
  readonly believedNow?: () => number;
  /** Most stored sessions whose names are not held (default {@linkcode MOST_RELEASED}). */
  readonly mostReleased?: number;
}

/** A session expires after this time in milliseconds, however long messages are kept. */
const SESSION_MS = 30 * 86_400_000;

/** Most stored sessions whose names are not held; the oldest are purged. */
const MOST_RELEASED = 100_000;

/** Sessions purged in one transaction. */
const ROWS_PER_PURGE = 1_000;

/** Sessions in a store. */
export class SqliteSessionStore implements SessionStore {
  readonly #options: SqliteSessionStoreOptions;
  readonly #statements: ReturnType<typeof statementsOf>;
  /**
   * Members whose sessions could not be written, by hashed token: this server can resume them, the
   * next one cannot.
   */
  readonly #unsaved = new Map<string, Member>();

  constructor(options: SqliteSessionStoreOptions) {
    this.#options = options;
    this.#statements = statementsOf(options.store);
  }

  save(member: Member): void {
    const { serial, session, name, groups, since, identity } = member;
    // A member restored from the last server, whose token is unknown here, has a row already.
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
    return this.#statements.held.all().flatMap((row) => sessionOf(row) ?? []);
  }

  /**
   * Deletes sessions that have expired, that were not resumed for {@linkcode SESSION_MS}, or beyond {@linkcode MOST_RELEASED}; some in each call: returns whether
   * there are more.
   */
  purge({ at }: Expired): boolean {
    const { commits, now, store, mostReleased = MOST_RELEASED } = this.#options;
    const { believedNow = now } = this.#options;
    commits.flush();
    const surplus = this.#statements.surplus.get(mostReleased)?.["seen"];
    const upTo = Math.max(at, believedNow() - SESSION_MS, Number(surplus ?? -Infinity) + 1);
    let purged = 0;
    const problem = store.transact(() => {
      purged = Number(this.#statements.purge.run(upTo, ROWS_PER_PURGE).changes);
    });
    return problem === undefined && purged === ROWS_PER_PURGE;
  }

  /** If the write fails, the next server believes that the member may still resume. */
  #write(write: () => void): void {
    this.#options.commits.add({ write, done: () => {} });
  }
}

function statementsOf(store: Store) {
  const columns = "serial, name, groups, since, identity";
  const readable = `serial BETWEEN 1 AND ${MAX_STORED}`;
  return {
    save: store.prepare(
      `INSERT INTO session (serial, token, name, groups, since, seen, identity, held)
       VALUES (?, ?, ?, ?, ?, ?, ?, 1)
       ON CONFLICT (serial) DO UPDATE SET token = excluded.token, name = excluded.name,
       groups = excluded.groups, seen = excluded.seen, identity = excluded.identity, held = 1`,
    ),
    release: store.prepare("UPDATE session SET held = 0, seen = ? WHERE serial = ?"),
    forget: store.prepare("DELETE FROM session WHERE serial = ?"),
    find: store.prepare(`SELECT ${columns} FROM session WHERE token = ? AND ${readable}`),
    held: store.prepare(
      `SELECT ${columns} FROM session WHERE held = 1 AND ${readable} ORDER BY serial`,
    ),
    surplus: store.prepare(
      `SELECT ${bounded("seen", LATEST_MS)} FROM session WHERE held = 0
       ORDER BY session.seen DESC LIMIT 1 OFFSET ?`,
    ),
    purge: store.prepare(
      `DELETE FROM session WHERE serial IN
       (SELECT serial FROM session WHERE held = 0 AND seen < ? ORDER BY seen LIMIT ?)`,
    ),
  };
}

/** The session of a row; undefined for one that another program has damaged. */
function sessionOf(row: Record<string, unknown>): SavedSession | undefined {
  const { serial, name, groups, since, identity } = row;
  const saved = groupsOf(String(groups));
  if (saved === undefined || visible(String(name)) !== name) return undefined;
  return {
    serial: Number(serial),
    name: String(name),
    groups: saved,
    since: String(since),
    identity: String(identity),
  };
}

function groupsOf(json: string): SavedGroup[] | undefined {
  try {
    const groups: unknown = JSON.parse(json);
    return Array.isArray(groups) && groups.every(isSavedGroup) ? groups : undefined;
  } catch {
    return undefined;
  }
}

function isSavedGroup(group: unknown): group is SavedGroup {
  if (typeof group !== "object" || group === null) return false;
  const { name, serial, joinedAt }: Partial<Record<string, unknown>> = { ...group };
  return typeof name === "string" && visible(name) === name && Number.isSafeInteger(serial) &&
    Number.isSafeInteger(joinedAt);
}

function hash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
