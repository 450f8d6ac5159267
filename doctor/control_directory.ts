// Checks the directory of control sockets: whether a server can make its socket there, and whether
// stale or foreign files are in it. Pure.

import { quotedPath } from "../protocol/sanitize.ts";
import type { FileAccess, FileFacts } from "./file_access.ts";
import { type Diagnosis, failing, passing, warning } from "./diagnosis.ts";

const ID = "control";

/** Longest path of a Unix socket in bytes (unix(7)), less the suffix a server binds it with at first. */
const MAX_PATH_BYTES = 107 - ".zzzzz".length;

/** Facts about the directory. */
export interface ControlFacts {
  readonly directory: string;
  /** The error message of `minichat admin`; undefined if the directory is usable or does not exist. */
  readonly refusal: string | undefined;
  /** Paths of the sockets that a server listens on. */
  readonly live: readonly string[];
  readonly uid: number | null;
  readonly port: number;
}

/** Checks the directory and its contents. */
export function checkControl(facts: ControlFacts, files: FileAccess): Diagnosis {
  const { directory, refusal, port } = facts;
  if (refusal !== undefined) return split(refusal);
  const longest = `${directory}/${port}.sock`;
  if (new TextEncoder().encode(longest).length > MAX_PATH_BYTES) {
    const found = `${quotedPath(longest)} is too long for a socket`;
    return failing(ID, found, "set XDG_RUNTIME_DIR to a directory with a shorter path");
  }
  if (files.facts(directory) === undefined) return absent(directory, files);
  if (!files.mayWrite(directory)) {
    const remedy = "set XDG_RUNTIME_DIR to another directory of your own, or run chmod 700 on it";
    return failing(ID, `Cannot write in ${quotedPath(directory)}`, remedy);
  }
  return contents(facts, files);
}

/** Splits a refusal: after its last colon come the reason and, after a comma, the remedy. */
function split(refusal: string): Diagnosis {
  const at = refusal.lastIndexOf(": ");
  const [why = "", ...remedy] = refusal.slice(at + 2).split(", ");
  return failing(ID, refusal.slice(0, at + 2) + why, remedy.join(", "));
}

function absent(directory: string, files: FileAccess): Diagnosis {
  const above = directory.slice(0, directory.lastIndexOf("/")) || "/";
  const remedy = "set XDG_RUNTIME_DIR to a directory of your own, or unset it";
  const facts = files.facts(above);
  if (facts === undefined) return failing(ID, `There is no ${quotedPath(above)}`, remedy);
  if (files.mayWrite(above)) return passing(ID, `${quotedPath(directory)} will be made`);
  return failing(ID, `Cannot make ${quotedPath(directory)}`, remedy);
}

function contents({ directory, live, uid }: ControlFacts, files: FileAccess): Diagnosis {
  const paths = files.names(directory).filter((name) => name.endsWith(".sock"))
    .map((name) => `${directory}/${name}`);
  const known = paths.flatMap((path) => {
    const facts = files.facts(path);
    return facts === undefined ? [] : [{ path, facts }];
  });
  const foreign = known.find(({ facts }) => isForeign(facts, uid));
  if (foreign !== undefined) {
    const found = `${quotedPath(foreign.path)} is no socket of yours`;
    return warning(ID, found, "remove it: until then a server there gets another name");
  }
  const stale = known.filter(({ path }) => !live.includes(path)).map(({ path }) => path);
  const [first] = stale;
  if (first !== undefined) {
    const more = stale.length > 1 ? ` and ${stale.length - 1} more` : "";
    const found = `A killed server has left ${quotedPath(first)}${more}`;
    return warning(ID, found, "remove it; a server at that port replaces it by itself");
  }
  return passing(ID, `${quotedPath(directory)} is yours alone`);
}

function isForeign({ kind, uid: owner }: FileFacts, uid: number | null): boolean {
  return kind !== "socket" || (uid !== null && owner !== uid);
}
