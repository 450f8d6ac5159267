// Bans, mutes and claims in the store: each change is on the disk, or was refused, before its
// command is answered.

import type { StatementSync } from "node:sqlite";
import { type Failure, failure } from "../../protocol/failures.ts";
import { visible } from "../../protocol/sanitize.ts";
import { banKey } from "./bans.ts";
import { type MuteEntry, muteKey } from "../chat/mutes.ts";
import { bounded, LATEST_MS } from "../store/bounded_columns.ts";
import type { GroupCommit } from "../store/group_commit.ts";
import type { Store } from "../store/store.ts";
import type { Claim } from "./claims.ts";
import type { BanRecord, ModerationRecords } from "./moderation_records.ts";

const TABLES = ["ban", "mute", "claim"] as const;

/** A table of the store. */
type Table = typeof TABLES[number];

/** A column's value. */
type Value = string | number | null | Uint8Array;

const COLUMNS: Readonly<Record<Table, number>> = { ban: 4, mute: 3, claim: 10 };

const UNTIL = bounded("until", LATEST_MS);

/** What is read of each table; n, r and p are bounded, so that no comparison takes long. */
const READ: Readonly<Record<Table, string>> = {
  ban: `subject, ${UNTIL}, reason`,
  mute: `name, ${UNTIL}`,
  claim: `key, name, salt, hash, ${bounded("n", 2 ** 17)}, ${bounded("r", 16)}, \
${bounded("p", 4)}, ${bounded("since", LATEST_MS)}, ${bounded("used", LATEST_MS)}, \
operator = 1 AS operator`,
};

/** Records in a store. */
export class SqliteModerationRecords implements ModerationRecords {
  readonly #store: Store;
  readonly #commits: GroupCommit;
  readonly #insert = new Map<Table, StatementSync>();
  readonly #delete = new Map<Table, StatementSync>();

  constructor(store: Store, commits: GroupCommit) {
    this.#store = store;
    this.#commits = commits;
    for (const table of TABLES) {
      const places = Array(COLUMNS[table]).fill("?").join(", ");
      this.#insert.set(table, store.prepare(`INSERT OR REPLACE INTO ${table} VALUES (${places})`));
      this.#delete.set(table, store.prepare(`DELETE FROM ${table} WHERE key = ?`));
    }
  }

  bans(): BanRecord[] {
    return this.#rows("ban").map(({ subject, until, reason }) => ({
      subject: visible(String(subject)),
      until: timeOf(until),
      reason: visible(String(reason)),
    }));
  }

  mutes(): MuteEntry[] {
    return this.#rows("mute").map(({ name, until }) => ({
      name: visible(String(name)),
      until: timeOf(until),
    }));
  }

  claims(): Claim[] {
    return this.#rows("claim").map((row) => ({
      key: String(row["key"]),
      name: visible(String(row["name"])),
      secret: {
        salt: row["salt"] as Uint8Array,
        hash: row["hash"] as Uint8Array,
        n: Number(row["n"]),
        r: Number(row["r"]),
        p: Number(row["p"]),
      },
      since: Number(row["since"]),
      used: Number(row["used"]),
      isOperator: row["operator"] === 1,
    }));
  }

  addBan({ subject, until, reason }: BanRecord): Failure | undefined {
    return this.#add("ban", [banKey(subject), subject, columnOf(until), reason]);
  }

  addMute({ name, until }: MuteEntry): Failure | undefined {
    return this.#add("mute", [muteKey(name), name, columnOf(until)]);
  }

  addClaim({ key, name, secret, since, used, isOperator }: Claim): Failure | undefined {
    const { salt, hash, n, r, p } = secret;
    return this.#add("claim", [key, name, salt, hash, n, r, p, since, used, isOperator ? 1 : 0]);
  }

  removeBan(subject: string): Failure | undefined {
    return this.#remove("ban", banKey(subject));
  }

  removeMute(name: string): Failure | undefined {
    return this.#remove("mute", muteKey(name));
  }

  removeClaim(key: string): Failure | undefined {
    return this.#remove("claim", key);
  }

  #rows(table: Table): Record<string, unknown>[] {
    return this.#store.prepare(`SELECT ${READ[table]} FROM ${table}`).all() as Record<
      string,
      unknown
    >[];
  }

  /** A ban or a mute is in force already, so it may be stored some time later. */
  #add(table: Table, values: Value[]): Failure | undefined {
    return this.#commit(() => this.#insert.get(table)?.run(...values), table !== "claim");
  }

  #remove(table: Table, key: string): Failure | undefined {
    return this.#commit(() => this.#delete.get(table)?.run(key));
  }

  /**
   * Stored with the current group commit, which is flushed: the caller waits for the answer. While
   * another program has a lock there is none: then the change is refused, unless it `mayWait`.
   */
  #commit(write: () => void, mayWait = false): Failure | undefined {
    let problem: Failure | undefined;
    let isDone = false;
    let isRefused = false;
    this.#commits.add({
      write: () => isRefused || write(),
      done: (failed) => {
        isDone = true;
        problem = failed;
      },
    });
    this.#commits.flush();
    if (isDone || mayWait) return problem;
    isRefused = true;
    return failure("storage_failed", (t) => t.notStored);
  }
}

/** Infinity is stored as null. */
function columnOf(until: number): number | null {
  return until === Infinity ? null : until;
}

function timeOf(column: unknown): number {
  return column === null ? Infinity : Number(column);
}
