// Opens our files without following links that another user could have put there: a file is
// looked at first, opened without being changed, and compared with what was looked at.

/** Why a file or folder is not used, with a remedy; the message names no path. */
export class UntrustedFileError extends Error {
  override readonly name = "UntrustedFileError";
}

/** Mode bits that let users other than the owner and the group write. */
const OTHERS_WRITE = 0o002;
const GROUP_WRITE = 0o020;

/** In a folder with this bit, users can replace only their own files. */
const STICKY = 0o1000;

/** Options of {@linkcode openOwned}. */
export interface OpenOwnedOptions {
  readonly read?: true;
  /** Every write goes to the end of the file; otherwise a write replaces what is there. */
  readonly append?: true;
  /** Permission bits of a new file (default 0600). */
  readonly mode?: number;
}

/**
 * Opens a file to write, never through a symbolic link; creates it if it is missing. What is in it
 * stays. Throws an {@linkcode UntrustedFileError} for a link, another user's file and one that all
 * users can write, else what the system throws. Devices and pipes are opened as they are.
 */
export function openOwned(path: string, options: OpenOwnedOptions = {}): Deno.FsFile {
  const { read = false, append = false, mode = 0o600 } = options;
  const access = append ? { read, append } : { read, write: true };
  if (isDescriptor(path)) return Deno.openSync(path, access);
  try {
    // Creating a file fails if there is a link, even one that leads nowhere.
    return Deno.openSync(path, { ...access, createNew: true, mode });
  } catch (problem) {
    if (!(problem instanceof Deno.errors.AlreadyExists)) throw problem;
  }
  const found = Deno.lstatSync(path);
  const distrust = distrustOf(found);
  if (distrust !== undefined) throw new UntrustedFileError(distrust);
  return compared(Deno.openSync(path, access), found);
}

/**
 * Reads a file that a person has named. A link is followed if it belongs to this user, to root or
 * to the owner of its target; throws an {@linkcode UntrustedFileError} for any other link and for a
 * file that all users can write, else what the system throws.
 */
export function readOwned(path: string): Uint8Array {
  if (isDescriptor(path)) return Deno.readFileSync(path);
  const named = Deno.lstatSync(path);
  const target = named.isSymlink ? Deno.realPathSync(path) : path;
  const found = named.isSymlink ? Deno.lstatSync(target) : named;
  if (named.isSymlink && !isOurs(named.uid) && named.uid !== found.uid) {
    throw new UntrustedFileError("it is another user's symbolic link, name the file itself");
  }
  if (found.isFile && hasMode(found, OTHERS_WRITE)) {
    throw new UntrustedFileError("every user can write it, close it with chmod o-w");
  }
  using file = compared(Deno.openSync(target), found);
  return readAll(file);
}

/** {@linkcode readOwned} as text. */
export function readOwnedText(path: string): string {
  return new TextDecoder().decode(readOwned(path));
}

/**
 * Why files are not made in the folder of `path`: another user could replace them there. Undefined
 * if they can be; throws what the system throws.
 */
export function distrustOfFolder(path: string): string | undefined {
  if (isDescriptor(path)) return undefined;
  const slash = path.lastIndexOf("/");
  const folder = Deno.statSync(slash < 0 ? "." : path.slice(0, slash) || "/");
  if (!isOurs(folder.uid)) return "its folder is another user's, choose one of your own";
  const isOpen = hasMode(folder, OTHERS_WRITE | GROUP_WRITE) && !hasMode(folder, STICKY);
  return isOpen ? "other users can write in its folder, close that with chmod go-w" : undefined;
}

/** Why a file is not written, by its own facts (not those of a link's target). */
export function distrustOf(found: Deno.FileInfo): string | undefined {
  if (found.isSymlink) return "it is a symbolic link, remove it or name the file itself";
  if (!isOurs(found.uid)) return "it belongs to another user, remove it or choose another place";
  if (!found.isFile) return undefined;
  return hasMode(found, OTHERS_WRITE)
    ? "every user can write it, close it with chmod o-w"
    : undefined;
}

/** Whether a user's files are trusted: this user's, and root's; true on systems without users. */
function isOurs(uid: number | null): boolean {
  return uid === null || uid === 0 || uid === Deno.uid();
}

function hasMode({ mode }: Deno.FileInfo, bits: number): boolean {
  return ((mode ?? 0) & bits) !== 0;
}

/** Links there are the system's, and lead to pipes and terminals of this process. */
function isDescriptor(path: string): boolean {
  return path.startsWith("/dev/") || path.startsWith("/proc/");
}

/** Closes and refuses an opened file if it is not the one that was looked at. */
function compared(file: Deno.FsFile, { dev, ino }: Deno.FileInfo): Deno.FsFile {
  const opened = file.statSync();
  if (opened.dev === dev && opened.ino === ino) return file;
  file.close();
  throw new UntrustedFileError("it was replaced while it was opened, try again");
}

function readAll(file: Deno.FsFile): Uint8Array {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const chunk = new Uint8Array(64 * 1024);
    const read = file.readSync(chunk);
    if (read === null) break;
    chunks.push(chunk.subarray(0, read));
    length += read;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
