// Clients that resume sessions, over connections that break, failing commits, a purged history and
// killed servers, in any order: all they received is compared with what is stored (F28, F46, F50).

import { assertStrictEquals } from "@std/assert";
import fc from "../../fast_check.ts";
import { failure } from "../../../protocol/failures.ts";
import type { Request } from "../../../protocol/requests.ts";
import { restoreMembers } from "../../../server/chat/resume.ts";
import { performRequest } from "../../../server/chat/perform.ts";
import { SqliteHistory } from "../../../server/history/sqlite_history.ts";
import { SqliteSessionStore } from "../../../server/storage/session_store.ts";
import { GroupCommit, type Transactions } from "../../../server/store/group_commit.ts";
import { storedSerials } from "../../../server/store/member_serials.ts";
import type { Store } from "../../../server/store/store.ts";
import { DataDirectory } from "../history/history_fixture.ts";
import { GRACE_MS } from "./resuming_members.ts";
import { Client, type SentMessage, type StoredRow } from "./model_client.ts";
import { ChatFixture } from "./chat_fixture.ts";

const SEATS = 4;
const NAMES = ["ann", "bob", "cat", "dan"];
const GROUPS = ["dev", "ops"];

const seat = fc.nat(SEATS - 1);
const name = fc.constantFrom(...NAMES);
const step = fc.oneof(
  { weight: 12, arbitrary: fc.record({ does: fc.constant("say" as const), seat }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant("tell" as const), seat, name }) },
  {
    weight: 9,
    arbitrary: fc.record({
      does: fc.constantFrom("join" as const, "leave" as const, "post" as const),
      seat,
      group: fc.constantFrom(...GROUPS),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("chatter" as const), seat }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("rename" as const), seat, name }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant("again" as const), seat }) },
  {
    weight: 5,
    arbitrary: fc.record({ does: fc.constant("drop" as const), seat, read: fc.nat(4) }),
  },
  { weight: 5, arbitrary: fc.record({ does: fc.constant("return" as const), seat }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant("read" as const), seat }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("kick" as const), name }) },
  { weight: 8, arbitrary: fc.record({ does: fc.constant("settle" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant("fail" as const),
      how: fc.constantFrom("begin" as const, "end" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom("kill" as const, "stop" as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("wait" as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("purge" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

class World {
  readonly #data: DataDirectory;
  #store: Store;
  #fixture!: ChatFixture;
  #commits!: GroupCommit;
  #history!: SqliteHistory;
  #failing: "begin" | "end" | undefined;
  #refs = 0;
  #tokens = 0;
  readonly #clients = NAMES.map((name) => new Client(name));
  /** Every message ever stored, also those purged by now. */
  readonly #stored = new Map<number, StoredRow>();

  constructor(data: DataDirectory) {
    this.#data = data;
    this.#store = data.open();
    this.#start();
  }

  #start(): void {
    const { serials, transactions } = storedSerials(this.#store);
    const faulty: Transactions = {
      transact: (work) => {
        const how = this.#failing;
        this.#failing = undefined;
        if (how === "begin") return failure("storage_full", () => "the test");
        if (how === undefined) return transactions.transact(work);
        return transactions.transact(() => {
          work();
          throw new Error("the test");
        });
      },
    };
    const commits = new GroupCommit({ transactions: faulty, soon: () => {}, most: 30 });
    this.#commits = commits;
    const [store, now] = [this.#store, () => 0];
    this.#history = new SqliteHistory({ store, commits, capacity: 8, rowsPerPage: 20, now });
    const sessions = new SqliteSessionStore({ store, commits, now });
    const newToken = () => `token ${++this.#tokens}`;
    const newSerial = serials.next;
    this.#fixture = new ChatFixture({ history: this.#history, sessions, newSerial, newToken });
    restoreMembers(this.#fixture.chat);
  }

  #settle(): void {
    this.#commits.flush();
    this.#note();
  }

  /** Copies what is stored, before it may be purged. */
  #note(): void {
    const newest = Math.max(0, ...this.#stored.keys());
    for (const row of this.#store.prepare("SELECT * FROM message WHERE seq > ?").all(newest)) {
      this.#stored.set(Number(row["seq"]), row);
    }
  }

  #drop(client: Client, read: number): void {
    const { connected } = client;
    if (connected === undefined) return;
    client.read(read);
    client.connect(undefined);
    this.#fixture.drop(connected, "reset");
    connected.peer.take();
  }

  #return(client: Client): void {
    const before = client.connected;
    if (before !== undefined) client.read(3);
    const connected = this.#fixture.connect({ echo: true });
    client.connect(connected);
    const ask = (request: Request) => performRequest(this.#fixture.chat, connected.member, request);
    const { known } = client;
    if (known) ask({ verb: "hello", resume: { session: known.token, since: known.since } });
    else ask({ verb: "hello", name: client.name, hold: true });
    if (connected.name === "") {
      client.read();
      this.#fixture.drop(connected, "eof");
      client.connect(before);
      // Another client has the name: the session is given up.
      if (known !== undefined && client.known === known) client.over();
      return;
    }
    assertStrictEquals(connected.peer.closes.length, 0);
    client.read(1);
  }

  #say(client: Client, request: Partial<SentMessage["request"]> = {}): void {
    const { connected } = client;
    if (connected === undefined || connected.member.hasLeft || client.known === undefined) return;
    const ref = ++this.#refs;
    const sent = { verb: "say", text: `word ${ref}`, ref, ...request } as const;
    const word: SentMessage = { request: sent, session: client.known, sentOn: connected };
    client.words.push(word);
    performRequest(this.#fixture.chat, connected.member, word.request);
  }

  do(step: Step): void {
    const client = "seat" in step ? this.#clients[step.seat] : undefined;
    const ask = (request: Request) => {
      if (client?.connected) performRequest(this.#fixture.chat, client.connected.member, request);
    };
    switch (step.does) {
      case "say":
        return this.#say(client as Client);
      case "tell":
        return this.#say(client as Client, { to: { sigil: "@", name: step.name } });
      case "post":
        return this.#say(client as Client, { to: { sigil: "#", name: step.group } });
      case "chatter":
        for (let at = 0; at < 70; at++) this.#say(client as Client);
        return;
      case "join":
      case "leave":
        return ask({ verb: step.does, group: step.group });
      case "rename":
        return ask({ verb: "rename", name: step.name });
      case "again":
        for (const word of client?.words ?? []) {
          const { request, seq, refused, sentOn } = word;
          // Sent again in another session it would be another message.
          if (!client?.known || client.known !== word.session) continue;
          if (sentOn === client.connected || seq !== undefined || refused) continue;
          word.sentOn = client.connected;
          if (!this.#isPurged(request.text)) ask(request);
        }
        return;
      case "drop":
        return this.#drop(client as Client, step.read);
      case "return":
        return this.#return(client as Client);
      case "read":
        return this.#read(client as Client);
      case "kick":
        this.#fixture.chat.find(step.name)?.peer.close("kicked");
        return this.#sweep();
      case "settle":
        return this.#settle();
      case "fail":
        this.#failing = step.how;
        return;
      case "kill":
      case "stop":
        return this.#restart(step.does);
      case "wait":
        this.#settle();
        this.#fixture.clock.advance(GRACE_MS);
        return this.#sweep();
      case "purge":
        this.#settle();
        this.#note();
        this.#failing = undefined;
        this.#history.purge({ seq: Infinity });
    }
  }

  /** A purged message is not recognised when it is sent again. */
  #isPurged(words: string): boolean {
    const { firstSeq } = this.#history;
    return [...this.#stored].some(([seq, { text }]) => seq < firstSeq && text === words);
  }

  #read(client: Client): void {
    const { outbox } = client.connected?.peer ?? {};
    const onLow = outbox?.onLow;
    if (outbox) outbox.onLow = undefined;
    onLow?.();
    client.read();
  }

  /** Clients that were disconnected have read why. */
  #sweep(): void {
    for (const client of this.#clients) {
      if (client.connected === undefined || !client.connected.member.hasLeft) continue;
      client.read();
      client.connect(undefined);
      client.over();
    }
  }

  #restart(how: "kill" | "stop"): void {
    if (how === "stop") this.#fixture.chat.muteDepartures();
    for (const client of this.#clients) {
      client.read(how === "kill" ? 5 : Infinity);
      if (how === "stop" && client.connected) this.#fixture.drop(client.connected, "shutdown");
      client.connect(undefined);
    }
    this.#commits.flush();
    this.#note();
    this.#store.close();
    this.#store = this.#data.open();
    this.#failing = undefined;
    this.#start();
  }

  /** Every client reconnects and reads everything; then it is compared. */
  finish(): void {
    this.#failing = undefined;
    this.#settle();
    for (const client of this.#clients) {
      if (client.known && client.connected === undefined) this.#return(client);
      for (let pages = 0; pages < 100; pages++) this.#read(client);
    }
    this.#settle();
    for (const client of this.#clients) this.#read(client);
    for (const client of this.#clients) client.compare(this.#stored);
  }

  close(): void {
    this.#store.close();
  }
}

Deno.test("whatever breaks, what is acknowledged is stored once, and every client is shown all of it once", () => {
  const steps = fc.array(step, { minLength: 20, maxLength: 120, size: "max" });
  fc.assert(
    fc.property(steps, (all) => {
      using data = new DataDirectory();
      const world = new World(data);
      for (let seat = 0; seat < SEATS; seat++) world.do({ does: "return", seat });
      for (const one of all) world.do(one);
      world.finish();
      world.close();
    }),
    { numRuns: 60 },
  );
});
