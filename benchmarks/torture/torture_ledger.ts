// Records what was sent, acknowledged, stored and shown in a torture run, and finds violations.
// Pure, so that tests can plant every kind of loss.

/** A message as a reader showed it, or as the history has it. */
export interface ObservedMessage {
  readonly seq: number;
  readonly from: string;
  readonly text: string;
}

/** One kind of violation, and its cases. */
export interface LedgerViolation {
  readonly kind: ViolationKind;
  readonly cases: readonly string[];
}

/** The kinds of violations, with a text each. */
const VIOLATION_KINDS = {
  lost: "acknowledged, and not in the history",
  misnumbered: "acknowledged with another number than it has in the history",
  stored_twice: "in the history more than once",
  not_shown: "in the history, and never shown to a reader that should show it",
  shown_twice: "shown to one reader more than once",
  reordered: "shown or stored in another order than it was sent in",
  torn: "not as it was sent",
  unsaid: "shown, and not in the history",
} as const;

/** A key of {@linkcode VIOLATION_KINDS}. */
export type ViolationKind = keyof typeof VIOLATION_KINDS;

/** Cases of one kind in the report; further ones are only counted. */
const NAMED = 5;

/** The text of message `number` (from 1) of `sender`: of varying length, and checkable. */
export function numberedText(sender: string, number: number): string {
  const head = `${sender} says ${number}`;
  const padding = "x".repeat((number * 37) % 300);
  return `${head} ${checksum(head + padding)} ${padding}`;
}

/** The number in such a text; undefined if it is damaged or of another sender. */
export function numberIn(
  { from, text }: Pick<ObservedMessage, "from" | "text">,
): number | undefined {
  const [, number] = /^\S+ says (\d+) /.exec(text) ?? [];
  return number !== undefined && numberedText(from, Number(number)) === text
    ? Number(number)
    : undefined;
}

function checksum(text: string): string {
  let sum = 7;
  for (const char of text) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 0xffff_ffff;
  return sum.toString(36);
}

/** Everything one reader showed. */
export class ReaderRecord {
  readonly shown: ObservedMessage[] = [];
  /** Ranges that the server reported as no longer stored. */
  readonly gaps: { readonly from: number; readonly to: number }[] = [];
  /** The last number the reader must show; a killed one need not show more. */
  owedUpTo = Infinity;

  /** The reader must show every message after number `owedAfter`. */
  constructor(readonly name: string, readonly owedAfter: number) {}
}

/** The ledger of one run. */
export class TortureLedger {
  /** Numbers of acknowledged messages, by sender and message number. */
  readonly #acked = new Map<string, number>();
  readonly #readers: ReaderRecord[] = [];
  said = 0;
  refused = 0;

  get acknowledged(): number {
    return this.#acked.size;
  }

  get readers(): readonly ReaderRecord[] {
    return this.#readers;
  }

  /** Deliveries to all readers. */
  get shown(): number {
    return this.#readers.reduce((sum, { shown }) => sum + shown.length, 0);
  }

  /** Adds a reader that must show every message after number `from`. */
  reader(name: string, from: number): ReaderRecord {
    const reader = new ReaderRecord(name, from);
    this.#readers.push(reader);
    return reader;
  }

  /** Records that the server acknowledged message `number` of `sender` as number `seq`. */
  acked(sender: string, number: number, seq: number): void {
    this.#acked.set(keyOf(sender, number), seq);
  }

  /** All violations, given the whole history at the end. */
  findings(history: readonly ObservedMessage[]): LedgerViolation[] {
    const violations = new ViolationList();
    const stored = violations.history(history);
    for (const [key, seq] of this.#acked) {
      const kept = stored.get(key);
      if (kept === undefined) violations.note("lost", `${key}, acknowledged as ${seq}`);
      else if (kept !== seq) violations.note("misnumbered", `${key}: ${seq}, not ${kept}`);
    }
    for (const reader of this.#readers) violations.reader(reader, history);
    return violations.findings();
  }
}

function keyOf(sender: string, number: number): string {
  return `${sender} ${number}`;
}

/** Collects violations. */
class ViolationList {
  readonly #cases = new Map<ViolationKind, string[]>();

  note(kind: ViolationKind, what: string): void {
    const cases = this.#cases.get(kind) ?? [];
    this.#cases.set(kind, cases);
    cases.push(what);
  }

  /** Checks the history; returns the number of each message in it. */
  history(history: readonly ObservedMessage[]): Map<string, number> {
    const stored = new Map<string, number>();
    const newest = new Map<string, number>();
    for (const message of history) {
      const number = numberIn(message);
      if (number === undefined) {
        this.note("torn", `number ${message.seq} of the history`);
        continue;
      }
      const key = keyOf(message.from, number);
      if (stored.has(key)) {
        this.note("stored_twice", `${key}, as ${stored.get(key)} and ${message.seq}`);
        continue;
      }
      stored.set(key, message.seq);
      if (number < (newest.get(message.from) ?? 0)) this.note("reordered", `${key} in the history`);
      newest.set(message.from, number);
    }
    return stored;
  }

  reader(
    { name, shown, gaps, owedAfter, owedUpTo }: ReaderRecord,
    history: readonly ObservedMessage[],
  ): void {
    const bySeq = new Map(history.map((message) => [message.seq, message]));
    const had = new Set<number>();
    let last = 0;
    for (const { seq, from, text } of shown) {
      const stored = bySeq.get(seq);
      const what = `${name} was shown ${seq}`;
      if (stored === undefined) this.note("unsaid", what);
      else if (stored.from !== from || stored.text !== text) this.note("torn", what);
      if (had.has(seq)) this.note("shown_twice", what);
      else if (seq < last) this.note("reordered", `${what} after ${last}`);
      had.add(seq);
      last = Math.max(last, seq);
    }
    for (const { seq } of history) {
      if (seq <= owedAfter || seq > owedUpTo || had.has(seq)) continue;
      if (gaps.some(({ from, to }) => seq >= from && seq <= to)) continue;
      this.note("not_shown", `${seq} to ${name}`);
    }
  }

  findings(): LedgerViolation[] {
    return [...this.#cases].map(([kind, cases]) => ({ kind, cases }));
  }
}

/** A violation as a few lines of text. */
export function describeViolation({ kind, cases }: LedgerViolation): string {
  const more = cases.length - NAMED;
  const named = cases.slice(0, NAMED).map((one) => `\n    ${one}`).join("");
  return `${cases.length} ${VIOLATION_KINDS[kind]}:${named}${
    more > 0 ? `\n    and ${more} more` : ""
  }`;
}
