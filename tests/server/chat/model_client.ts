// A client that resumes its session as docs/protocol.md says: what it has seen, and what it must
// never be sent.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { MessageEvent, ServerEvent } from "../../../protocol/events.ts";
import type { Request } from "../../../protocol/requests.ts";
import type { TestMember } from "./chat_fixture.ts";

/** A session, as its client sees it. */
export interface ClientSession {
  readonly token: string;
  /** The number of the newest message when it began. */
  readonly from: number;
  readonly serial: number;
  since: number;
  readonly seen: Map<number, MessageEvent>;
  readonly gaps: [number, number][];
}

/** A row of the table `message`. */
export type StoredRow = Readonly<Record<string, unknown>>;

type Stored = ReadonlyMap<number, StoredRow>;

/** A message sent, with its ref and its answer. */
export interface SentMessage {
  readonly request: Request & { readonly verb: "say"; readonly ref: number };
  readonly session: ClientSession;
  /** The connection over which it was sent last. */
  sentOn: TestMember | undefined;
  seq?: number;
  refused?: boolean;
}

/** A client that resumes its session. */
export class Client {
  connected: TestMember | undefined;
  known: ClientSession | undefined;
  readonly words: SentMessage[] = [];
  readonly ended: ClientSession[] = [];
  /** Events received and not read yet. */
  #inbox: ServerEvent[] = [];

  constructor(readonly name: string) {}

  /** Reads `count` of the events received (default all). */
  read(count = Infinity): void {
    this.#inbox.push(...this.connected?.peer.take() ?? []);
    for (const event of this.#inbox.splice(0, count)) this.#receive(event);
  }

  /** Gives it another connection, or none: what was not read from the last one is lost. */
  connect(connected: TestMember | undefined): void {
    this.connected = connected;
    this.#inbox = [];
  }

  #receive(event: ServerEvent): void {
    const { known } = this;
    if (event.type === "welcome" && event.resumed !== true) {
      this.known = {
        token: event.session,
        from: event.seq,
        since: event.seq,
        serial: this.connected?.member.serial ?? 0,
        seen: new Map(),
        gaps: [],
      };
    } else if (event.type === "message" && event.replay !== true) {
      assert(known);
      assert(event.seq > known.since, `${event.seq} behind ${known.since}: twice or too late`);
      known.since = event.seq;
      known.seen.set(event.seq, event);
    } else if (event.type === "gap") {
      known?.gaps.push([event.from, event.to]);
      if (known) known.since = Math.max(known.since, event.to);
    } else if (event.type === "ack" || (event.type === "error" && event.ref !== undefined)) {
      this.#answered(event);
    } else if (event.type === "error" && event.code === "no_such_session") this.over();
  }

  #answered(event: ServerEvent & { readonly type: "ack" | "error" }): void {
    const word = this.words.findLast(({ request, seq }) =>
      request.ref === event.ref && seq === undefined
    );
    if (event.type === "ack") {
      const before = this.words.find(({ request, seq }) => request.ref === event.ref && seq);
      assert(before === undefined || before.seq === event.seq, "one number for one ref");
      if (word) word.seq = event.seq;
    } else if (word) word.refused = true;
  }

  /** Its session cannot be resumed. */
  over(): void {
    if (this.known) this.ended.push(this.known);
    this.known = undefined;
  }

  /** Compares what it received and what was acknowledged with what is stored. */
  compare(stored: Stored): void {
    for (const known of this.ended) this.#checkSeen(known, stored);
    if (this.known) this.#checkSeen(this.known, stored);
    if (this.known) this.#checkWhole(this.known, stored);
    for (const word of this.words) this.#checkWord(word, stored);
  }

  #checkSeen({ seen, serial }: ClientSession, stored: Stored): void {
    for (const [seq, { text, from, to }] of seen) {
      const row = stored.get(seq);
      assert(row, `${seq} was shown and is not stored`);
      assertEquals([text, from, to ?? null], [row["text"], row["sender"], row["target"]]);
      if (row["kind"] === 1) {
        const readers = [row["a"], row["b"]];
        assert(readers.includes(serial), `${text} is for ${readers}, not for ${serial}`);
      }
    }
  }

  /** Fails if a message is missing that it was entitled to all the time. */
  #checkWhole({ from, gaps, seen, serial }: ClientSession, stored: Stored): void {
    const { connected } = this;
    assert(connected);
    const groups = new Map([...connected.member.groups].map(([group, at]) => [group.serial, at]));
    for (const [seq, row] of stored) {
      if (seq <= from || seen.has(seq)) continue;
      if (gaps.some(([first, last]) => seq >= first && seq <= last)) continue;
      const [kind, a, b] = [row["kind"], Number(row["a"]), Number(row["b"])];
      const isFor = kind === 0 || (kind === 1 && (a === serial || b === serial)) ||
        (kind === 2 && (groups.get(a) ?? Infinity) < seq);
      assert(!isFor, `${seq} of ${kind} is missing`);
    }
  }

  #checkWord({ request, seq, refused }: SentMessage, stored: Stored): void {
    const rows = [...stored.values()].filter(({ text }) => text === request.text);
    assert(rows.length <= 1, `${request.text} is stored twice`);
    if (seq !== undefined) assertStrictEquals(rows[0]?.["seq"], seq, `${request.text} is lost`);
    else if (refused) {
      assertStrictEquals(rows.length, 0, `${request.text} was refused and is stored`);
    }
  }
}
