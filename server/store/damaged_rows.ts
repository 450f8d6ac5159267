// Finds rows that no server has written so: changed by hand, or by a fault of the disk that the
// database's own check does not see. They are left out or read as what is nearest, and reported.

import { LATEST_MS, MAX_STORED } from "./bounded_columns.ts";

/** Runs queries. */
interface Database {
  prepare(sql: string): {
    get(...values: string[]): Record<string, unknown> | undefined;
  };
}

/** How many rows of a table are damaged. */
export interface DamagedRows {
  readonly table: string;
  readonly rows: number;
}

const between = (column: string, most: number) => `${column} NOT BETWEEN 0 AND ${most}`;
const bytes = (column: string) => `length(${column}) = 0`;

/** Conditions that an index answers, or tables that are small: checked at each start. */
const QUICK: readonly (readonly [table: string, damaged: string])[] = [
  ["message", `seq < 1`],
  ["message", `seq > ${MAX_STORED}`],
  ["session", `serial NOT BETWEEN 1 AND ${MAX_STORED} OR NOT json_valid(groups)`],
  ["session", `json_valid(groups) AND json_type(groups) <> 'array'`],
  ["counter", between("value", LATEST_MS)],
  ["ban", between("until", LATEST_MS)],
  ["mute", between("until", LATEST_MS)],
  ["claim", `${between("n", 2 ** 17)} OR ${between("used", LATEST_MS)} OR ${bytes("hash")}`],
];

/** Conditions that take reading every message. */
const THOROUGH: typeof QUICK = [
  ["message", `${between("at", LATEST_MS)} OR kind NOT IN (0, 1, 2)`],
  ["message", `${between("a", MAX_STORED)} OR ${between("b", MAX_STORED)}`],
  ["message", `sender = '' OR text GLOB '*[' || char(1) || '-' || char(8) || char(27) || ']*'`],
];

/** Counts the damaged rows of each table that has some; `thorough` also reads every message. */
export function damagedRows(db: Database, { thorough = false } = {}): DamagedRows[] {
  const counts = new Map<string, number>();
  const table = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
  for (const [name, damaged] of thorough ? [...QUICK, ...THOROUGH] : QUICK) {
    if (table.get(name) === undefined) continue; // the copy of an older minichat
    const row = db.prepare(`SELECT count(*) AS rows FROM ${name} WHERE ${damaged}`).get();
    const rows = Number(row?.["rows"] ?? 0);
    if (rows > 0) counts.set(name, (counts.get(name) ?? 0) + rows);
  }
  return [...counts].map(([table, rows]) => ({ table, rows }));
}
