import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { LogEntry } from "../../../server/server_options.ts";
import { Server } from "../../../server/server.ts";
import { Sources } from "../../../server/history/sources.ts";
import { type SizedHistory, SizeLimit } from "../../../server/storage/size_limit.ts";
import { StorageMaintenance } from "../../../server/storage/storage_maintenance.ts";
import { FakeClock } from "../../fake_clock_and_socket.ts";
import { DataDirectory } from "../history/history_fixture.ts";

const MIB = 1024 * 1024;
const TEXT = "x".repeat(1_000);

class Talk implements Disposable {
  readonly clock = new FakeClock();
  readonly data = new DataDirectory();
  readonly log: LogEntry[] = [];
  readonly store = this.data.open();
  readonly server = new Server({
    clock: this.clock,
    store: this.store,
    limits: { historyMessages: 100 },
    log: (entry) => void this.log.push(entry),
  });
  readonly care: StorageMaintenance;

  constructor(retainBytes: number) {
    this.care = new StorageMaintenance(this.server, Infinity, retainBytes);
    this.care.start();
    this.clock.advance(0);
  }

  /** Stores messages of an address, and gives the maintenance time after each hundred. */
  say(address: string, count: number): void {
    const { history } = this.server.storage;
    for (let at = 1; at <= count; at++) {
      const draft = { from: "ann", text: `${address} ${TEXT}`, address };
      history.append({ ...draft, audience: { kind: "everyone" } }, () => {});
      if (at % 100 === 0) {
        history.flush();
        this.clock.advance(2_000);
      }
    }
    history.flush();
    this.clock.advance(2_000);
  }

  /** How many messages of each address are on the disk. */
  get kept(): Record<string, number> {
    const rows = this.store.prepare(
      "SELECT substr(text, 1, instr(text, ' ') - 1) AS who, count(*) AS n FROM message GROUP BY who",
    ).all();
    return Object.fromEntries(rows.map(({ who, n }) => [String(who), Number(n)]));
  }

  [Symbol.dispose](): void {
    this.care.stop();
    this.data[Symbol.dispose]();
  }
}

Deno.test("--retain-bytes bounds the history, the oldest messages go first (A13)", () => {
  using talk = new Talk(4 * MIB);
  for (let day = 0; day < 30; day++) {
    for (const who of ["a", "b", "c", "d", "e", "f", "g", "h"]) talk.say(who, 100);
    assert(talk.store.usedBytes < 4.5 * MIB, `${talk.store.usedBytes}`);
  }
  const { history } = talk.server.storage;
  assert(history.lastSeq === 24_000 && history.firstSeq > 15_000, `${history.firstSeq}`);
  assertStrictEquals(
    history.next({ limit: 1, visible: () => true }).messages[0]?.seq,
    history.firstSeq,
  );
  assert(talk.log.some(({ what }) => what === "purged"));
  assert(!talk.log.some(({ what }) => what === "share_purged"));
  assert(talk.store.bytes < 12 * MIB, "space is used again");
});

Deno.test("An address that floods a full history loses its own oldest messages first (A13)", () => {
  using talk = new Talk(4 * MIB);
  talk.say("quiet", 300);
  talk.say("flood", 10_000);
  talk.say("quiet", 100);
  const { quiet = 0, flood = 0 } = talk.kept;
  assertStrictEquals(quiet, 400);
  assert(flood > 500 && flood < 3_000, `${flood}`);
  assert(talk.store.usedBytes < 4.5 * MIB);
  assert(talk.log.some(({ what }) => what === "share_purged"));
});

Deno.test("Without a limit nothing is deleted, and a history in memory has none (A13)", () => {
  using talk = new Talk(Infinity);
  talk.say("a", 3_000);
  assertEquals(talk.kept, { a: 3_000 });
  const clock = new FakeClock();
  const server = new Server({ clock });
  const care = new StorageMaintenance(server, Infinity, 1);
  care.start();
  clock.advance(60_000);
  care.stop();
});

Deno.test("SizeLimit ends where nothing more can be deleted (A13)", () => {
  const clock = new FakeClock();
  const history: SizedHistory = {
    firstSeq: 1,
    purge: () => false,
    heaviest: () => ({ number: 1, bytes: 1_000 }),
    purgeSource: () => 0,
  };
  let rounds = 0;
  const limit = new SizeLimit({
    clock,
    history,
    usedBytes: () => 100,
    retainBytes: 10,
    onPurged: () => rounds++,
  });
  limit.check();
  clock.advance(0);
  assertStrictEquals(rounds, 1);
  assertStrictEquals(clock.pending, 0);
});

Deno.test("Sources counts many addresses one by one, and the rest together (A13)", () => {
  const sources = new Sources();
  assertEquals(sources.heaviest(), undefined);
  const numbers = Array.from({ length: 10_100 }, (_, at) => sources.numberOf(`10.0.0.${at}`));
  assertStrictEquals(new Set(numbers).size, 10_001);
  assertStrictEquals(sources.numberOf("10.0.0.7"), numbers[7]);
  sources.add(numbers[7] ?? 0, 5);
  sources.add(numbers[9] ?? 0, 3);
  assertEquals(sources.heaviest(), { number: numbers[7] ?? 0, bytes: 5 });
  sources.add(numbers[7] ?? 0, -50);
  assertEquals(sources.heaviest(), { number: numbers[9] ?? 0, bytes: 3 });
});
