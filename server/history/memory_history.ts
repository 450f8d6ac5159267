// Stores the newest messages in memory, for as long as the server runs.

import { GroupCommit, NO_TRANSACTIONS } from "../store/group_commit.ts";
import {
  type AppendResult,
  type Draft,
  type History,
  type KnownMessage,
  knownMessage,
  messageFrom,
  type MessageOrigin,
  type Page,
  type PageRequest,
} from "./history.ts";
import { PageBuilder } from "./page_builder.ts";
import { RecentMessages } from "./recent_messages.ts";

/** Options of a {@linkcode MemoryHistory}. */
export interface MemoryHistoryOptions {
  /** Number of messages stored, the newest. */
  readonly capacity: number;
  /** The time in milliseconds since the epoch. */
  readonly now: () => number;
  /** Batches its messages with others; without it each is stored immediately. */
  readonly commits?: GroupCommit;
}

/** Stores the newest `capacity` messages. */
export class MemoryHistory implements History {
  readonly #now: () => number;
  readonly #commits: GroupCommit;
  readonly #recent: RecentMessages;
  /** Message numbers by origin, for messages that their senders may repeat. */
  readonly #origins = new Map<string, number>();
  #lastSeq = 0;
  /** When the newest message was sent: times never run backwards. */
  #lastAt = -Infinity;
  readonly rowsRead = 0;

  constructor({ capacity, now, commits }: MemoryHistoryOptions) {
    this.#now = now;
    this.#recent = new RecentMessages(capacity);
    this.#commits = commits ?? new GroupCommit({
      transactions: NO_TRANSACTIONS,
      soon: (settle) => settle(),
      most: Infinity,
    });
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  get isWaiting(): boolean {
    return this.#commits.isWaiting;
  }

  get firstSeq(): number {
    return this.#recent.first;
  }

  append(draft: Draft, done: (stored: AppendResult) => void): void {
    const at = this.#lastAt = Math.max(this.#now(), this.#lastAt);
    let stored: AppendResult;
    this.#commits.add({
      bytes: draft.text.length,
      write: () => {
        const known = draft.origin && this.find(draft.origin);
        stored = known ? { kind: "known", ...known } : this.#store(draft, at);
      },
      done: (failure) => done(failure === undefined ? stored : { kind: "failed", failure }),
    });
  }

  flush(): void {
    this.#commits.flush();
  }

  find(origin: MessageOrigin): KnownMessage | undefined {
    const seq = this.#origins.get(keyOf(origin));
    const entry = seq === undefined ? undefined : this.#recent.get(seq);
    return entry && knownMessage(entry.message);
  }

  newest(request: PageRequest): Page {
    const page = new PageBuilder(request, "backward");
    this.#recent.newest(page);
    return page.finish();
  }

  next(request: PageRequest): Page {
    const page = new PageBuilder(request, "forward");
    this.#recent.next(page);
    return page.finish();
  }

  /**
   * Deletes all messages up to number `seq` in one step, so it always returns false.
   */
  purge({ seq }: { readonly seq: number }): boolean {
    let first = this.#recent.first;
    for (
      let entry = this.#recent.get(first);
      entry !== undefined;
      entry = this.#recent.get(first)
    ) {
      if (first > seq) break;
      if (entry.origin) this.#origins.delete(keyOf(entry.origin));
      first++;
    }
    this.#recent.purge(first);
    return false;
  }

  /** Dates messages from the future at `ms` (milliseconds since the epoch); returns false. */
  redate(ms: number): boolean {
    this.#lastAt = Math.min(this.#lastAt, ms);
    this.#recent.redate(ms);
    return false;
  }

  #store(draft: Draft, ms: number): AppendResult {
    const { audience, origin } = draft;
    const seq = ++this.#lastSeq;
    const message = messageFrom(draft, seq, ms);
    const entry = origin === undefined ? { message, audience } : { message, audience, origin };
    const old = this.#recent.push(entry);
    if (old?.origin) this.#origins.delete(keyOf(old.origin));
    if (origin) this.#origins.set(keyOf(origin), seq);
    return { kind: "stored", message };
  }
}

function keyOf({ serial, ref }: MessageOrigin): string {
  return `${serial} ${JSON.stringify(ref)}`;
}
