// Reads the log that a killed server left beside its database, and counts what in it the database
// will not take: SQLite stops at the first frame that is damaged, without an error.

/** What a log holds. Source of the format: sqlite.org/fileformat2.html, section 4. */
export interface LogFindings {
  /** Committed transactions that the database takes. */
  readonly commits: number;
  /** Whether committed transactions are lost, because part of the log is damaged or missing. */
  readonly isDamaged: boolean;
  /** Of them, how many can be seen after the damage. */
  readonly lostCommits: number;
}

const NOTHING: LogFindings = { commits: 0, isDamaged: false, lostCommits: 0 };

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682; // with bit 0: checksums are of big-endian words

/** Offset of `mxFrame` and of the salts in the index, in its own byte order (walformat.html, 2.1). */
const INDEX_FRAMES = 16;
const INDEX_SALTS = 32;

/** Both sums of a checksum. */
type Sums = readonly [number, number];

/** Inspects the log at `path`, and its index `path` with `-shm` for `-wal`; changes nothing. */
export function inspectLog(path: string): LogFindings {
  const size = sizeOf(path);
  if (size === 0) return NOTHING;
  using file = Deno.openSync(path);
  const header = readAt(file, 0, HEADER_BYTES);
  const log = header && layoutOf(header);
  if (header === undefined || log === undefined) {
    return { commits: 0, isDamaged: true, lostCommits: 0 };
  }
  const { pageBytes, isBigEndian, salts } = log;
  const frameBytes = FRAME_HEADER_BYTES + pageBytes;
  const frames = Math.floor((size - HEADER_BYTES) / frameBytes);
  let sums = log.sums;
  let isWhole = true;
  let commits = 0;
  let committed = 0;
  let lostCommits = 0;
  let lostFrames = 0;
  for (let frame = 0; frame < frames; frame++) {
    const bytes = readAt(file, HEADER_BYTES + frame * frameBytes, frameBytes);
    if (bytes === undefined) break;
    const view = new DataView(bytes.buffer);
    const isOfLog = view.getUint32(8) === salts[0] && view.getUint32(12) === salts[1];
    const stored: Sums = [view.getUint32(16), view.getUint32(20)];
    const isCommit = view.getUint32(4) !== 0;
    if (!isOfLog && isWhole) isWhole = false; // the rest of an earlier log, or damage
    // A later frame is checked against the sums that the frame before it states.
    const isRight = isOfLog && equal(stored, frameSums(view, sums, isBigEndian));
    sums = stored;
    if (!isRight) {
      isWhole = false;
    } else if (!isWhole) {
      lostFrames++;
      if (isCommit) lostCommits++;
    } else if (isCommit) {
      commits++;
      committed = frame + 1;
    }
  }
  const known = framesInIndex(path.replace(/-wal$/, "-shm"), salts);
  return { commits, isDamaged: lostFrames > 0 || known > committed, lostCommits };
}

function layoutOf(header: Uint8Array<ArrayBuffer>) {
  const view = new DataView(header.buffer);
  const magic = view.getUint32(0);
  const pageBytes = view.getUint32(8);
  const isBigEndian = (magic & 1) === 1;
  const sums: Sums = [view.getUint32(24), view.getUint32(28)];
  const isKnown = (magic & ~1) === MAGIC && pageBytes >= 512 && pageBytes <= 65_536;
  if (!isKnown || !equal(sums, sumsOver(view, [0, 24], [0, 0], isBigEndian))) return undefined;
  const salts = [view.getUint32(16), view.getUint32(20)] as const;
  return { pageBytes, isBigEndian, sums, salts };
}

function frameSums(view: DataView, before: Sums, isBigEndian: boolean): Sums {
  const head = sumsOver(view, [0, 8], before, isBigEndian);
  return sumsOver(view, [FRAME_HEADER_BYTES, view.byteLength], head, isBigEndian);
}

function sumsOver(
  view: DataView,
  [from, to]: readonly [number, number],
  [first, second]: Sums,
  isBigEndian: boolean,
): Sums {
  for (let at = from; at < to; at += 8) {
    first = (first + view.getUint32(at, !isBigEndian) + second) >>> 0;
    second = (second + view.getUint32(at + 4, !isBigEndian) + first) >>> 0;
  }
  return [first, second];
}

function equal(one: Sums, other: Sums): boolean {
  return one[0] === other[0] && one[1] === other[1];
}

/** How many committed frames the server that made the log knew of; 0 if that cannot be seen. */
function framesInIndex(path: string, salts: readonly [number, number]): number {
  if (sizeOf(path) < INDEX_SALTS + 8) return 0;
  using file = Deno.openSync(path);
  const index = readAt(file, 0, INDEX_SALTS + 8);
  if (index === undefined) return 0;
  const view = new DataView(index.buffer);
  const isOfLog = view.getUint32(INDEX_SALTS) === salts[0] &&
    view.getUint32(INDEX_SALTS + 4) === salts[1];
  return isOfLog ? view.getUint32(INDEX_FRAMES, true) : 0;
}

function readAt(
  file: Deno.FsFile,
  at: number,
  length: number,
): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(length);
  file.seekSync(at, Deno.SeekMode.Start);
  for (let done = 0; done < length;) {
    const read = file.readSync(bytes.subarray(done));
    if (read === null) return undefined;
    done += read;
  }
  return bytes;
}

function sizeOf(path: string): number {
  try {
    const { isFile, size } = Deno.lstatSync(path);
    return isFile ? size : 0;
  } catch {
    return 0;
  }
}
