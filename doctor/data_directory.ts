// Checks the data directory: whether a server can store its history there. Pure.

import { quotedPath } from "../protocol/sanitize.ts";
import { type Diagnosis, failing, passing, warning } from "./diagnosis.ts";

const ID = "data";
const MIB = 1024 * 1024;

/** Less free space than this fills up within an evening, in bytes. */
const LITTLE_BYTES = 256 * MIB;
/** Less free space than this is not enough to make the database, in bytes. */
const LEAST_BYTES = 4 * MIB;

/** Facts about a data directory. */
export interface DataFacts {
  readonly directory: string;
  readonly state: "absent" | "directory" | "other";
  /** Whether files can be made there, or an absent directory itself. */
  readonly writable: boolean;
  readonly freeBytes: number | undefined;
  /** The pid of the process that has the lock, "" if it is unknown; undefined if the lock is free. */
  readonly holder: string | undefined;
  /** Why the database cannot be read, as an error message. */
  readonly problem: string | undefined;
  /** Size of the database. */
  readonly bytes: number;
  /** When a server last wrote there, by its clock, in milliseconds since the epoch. */
  readonly lastEntry: number | undefined;
  /** The pid of this user's server with that directory, if it answers. */
  readonly ownServer: number | undefined;
}

/** Checks the directory. */
export function checkData(facts: DataFacts): Diagnosis {
  const { directory, state, writable, problem, freeBytes } = facts;
  const shown = quotedPath(directory);
  if (state === "other") return failing(ID, `${shown} is no directory`, "give another --data");
  if (!writable) {
    const found = state === "absent" ? `Cannot make ${shown}` : `Cannot write in ${shown}`;
    return failing(ID, found, "give another --data, or make it yours");
  }
  if (problem !== undefined) return broken(problem);
  if (facts.holder !== undefined) return held(facts, shown);
  if (freeBytes !== undefined && freeBytes < LITTLE_BYTES) {
    const found = `Only ${mebibytes(freeBytes)} are free for ${shown}`;
    const remedy = "make room on that disk, or give another --data";
    return freeBytes < LEAST_BYTES ? failing(ID, found, remedy) : warning(ID, found, remedy);
  }
  const space = freeBytes === undefined ? "" : `, ${mebibytes(freeBytes)} free`;
  const what = state === "absent"
    ? "will be made"
    : facts.bytes === 0
    ? "has no history yet"
    : `has a history of ${mebibytes(facts.bytes)}, whole`;
  return passing(ID, `${shown} ${what}${space}`);
}

/** Splits a problem: the remedy is after its last colon. */
function broken(problem: string): Diagnosis {
  const at = problem.lastIndexOf(": ");
  return failing(ID, problem.slice(0, at), problem.slice(at + 2));
}

function held({ holder, ownServer }: DataFacts, shown: string): Diagnosis {
  const isOurs = ownServer !== undefined && holder === String(ownServer);
  const who = holder === "" ? "another process" : `${isOurs ? "minichat, " : ""}process ${holder}`;
  return failing(ID, `${shown} is in use by ${who}`, "stop that server, or give another --data");
}

function mebibytes(bytes: number): string {
  const amount = bytes / MIB;
  return amount >= 1024 ? `${(amount / 1024).toFixed(1)} GiB` : `${amount.toFixed(1)} MiB`;
}
