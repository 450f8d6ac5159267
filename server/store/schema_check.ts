// Finds tables, columns and indexes that a database should have and lacks: without one, a start
// would end with a stack trace.

import { DatabaseSync } from "node:sqlite";
import { MIGRATIONS } from "./schema.ts";

/** What a database lacks after all migrations, such as `session.groups`; undefined if nothing. */
export function missingIn(db: DatabaseSync): string | undefined {
  const fresh = new DatabaseSync(":memory:");
  for (const step of MIGRATIONS) fresh.exec(step);
  const expected = partsOf(fresh);
  fresh.close();
  return expected.difference(partsOf(db)).values().next().value;
}

/** Tables, columns and indexes. */
function partsOf(db: DatabaseSync): Set<string> {
  const rows = db.prepare(
    `SELECT object.name AS part FROM sqlite_schema AS object WHERE type IN ('table', 'index')
     UNION ALL
     SELECT object.name || '.' || field.name
     FROM sqlite_schema AS object, pragma_table_info(object.name) AS field
     WHERE object.type = 'table'`,
  ).all();
  return new Set(rows.map(({ part }) => String(part)));
}
