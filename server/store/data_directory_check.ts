// Makes a data directory that only this user can enter, and refuses one, or a file in it, that
// another user could have put there.

import { distrustOf } from "../../shared/owned_files.ts";

/** The database in a data directory. */
export const DATABASE_FILE = "minichat.db";

/** The file that is locked; its text names the holder, for a person who looks there. */
export const LOCK_FILE = "lock";

/** The files that SQLite has beside the database. */
export const LOG_FILE = `${DATABASE_FILE}-wal`;
const DATABASE_FILES = [
  DATABASE_FILE,
  LOG_FILE,
  `${DATABASE_FILE}-shm`,
  `${DATABASE_FILE}-journal`,
] as const;

/** Everything of ours in a data directory. */
const OWN_FILE_REGEXP = /^(lock|minichat\.db.*)$/;

/** Mode bits of users other than the owner. */
const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;

/**
 * Makes the directory if it is missing, with mode 0700; closes one that holds only our files to
 * other users. Returns why a directory or a file in it is refused; throws what the system throws.
 */
export function prepareDataDirectory(directory: string): string | undefined {
  Deno.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const distrust = distrustOfDataDirectory(directory);
  const { uid, mode } = Deno.statSync(directory);
  if (distrust === undefined && uid !== null && ((mode ?? 0) & OTHERS) !== 0) {
    Deno.chmodSync(directory, 0o700);
  }
  return distrust;
}

/** Why an existing directory or a file in it is refused; throws what the system throws. */
export function distrustOfDataDirectory(directory: string): string | undefined {
  const distrust = distrustOfDirectory(directory);
  if (distrust !== undefined) return distrust;
  for (const name of [LOCK_FILE, ...DATABASE_FILES]) {
    const distrust = distrustOfOwn(`${directory}/${name}`);
    if (distrust !== undefined) return `${name} in it is not used: ${distrust}`;
  }
  return undefined;
}

/** Why the database in a directory is not read: a symbolic link leads to another file. */
export function distrustOfDatabase(directory: string): string | undefined {
  const link = DATABASE_FILES.find((name) => attributesOf(`${directory}/${name}`)?.isSymlink);
  return link && `${link} in it is a symbolic link`;
}

function distrustOfDirectory(directory: string): string | undefined {
  const uid = Deno.uid();
  const named = Deno.lstatSync(directory);
  const found = Deno.statSync(directory);
  if (uid === null || found.mode === null) return undefined;
  if (named.isSymlink && named.uid !== uid && named.uid !== 0) {
    return "it is another user's symbolic link";
  }
  if (found.uid !== uid) return `it belongs to user ${found.uid}, not to you (${uid})`;
  if ((found.mode & OTHERS) === 0) return undefined;
  const chmod = "close it to other users with chmod 700";
  if ((found.mode & OTHERS_WRITE) !== 0) return `other users can write in it, ${chmod}`;
  const isOnlyOurs = [...Deno.readDirSync(directory)].every(({ name }) =>
    OWN_FILE_REGEXP.test(name)
  );
  return isOnlyOurs ? undefined : `other users can enter it, and it holds other files, ${chmod}`;
}

/** Why one of our files is refused; a second name of it would be changed with it. */
function distrustOfOwn(path: string): string | undefined {
  const found = attributesOf(path);
  if (found === undefined) return undefined;
  const distrust = distrustOf(found);
  if (distrust !== undefined) return distrust;
  if (!found.isFile) return "it is no file, remove it";
  const isShared = found.nlink !== null && found.nlink > 1;
  return isShared ? "it has a second name (hard link), remove one of them" : undefined;
}

function attributesOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (problem) {
    if (problem instanceof Deno.errors.NotFound) return undefined;
    throw problem;
  }
}
