// The times of a history whose machine has a wrong clock: servers start and stop on one directory,
// with the clock set forward and back between them (A4).

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import type { LogEntry } from "../../../server/server_options.ts";
import { Server } from "../../../server/server.ts";
import { AgeClock } from "../../../server/storage/age_clock.ts";
import { clockDoubt } from "../../../server/storage/clock_doubt.ts";
import { historyStats } from "../../../server/storage/history_stats.ts";
import { StorageMaintenance } from "../../../server/storage/storage_maintenance.ts";
import { FakeClock } from "../../fake_clock_and_socket.ts";
import { DataDirectory } from "../history/history_fixture.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** One run after the other of a server on one data directory. */
class Runs implements Disposable {
  readonly clock = new FakeClock();
  readonly data = new DataDirectory();
  readonly retainMs: number;
  log: LogEntry[] = [];

  constructor(retainMs: number) {
    this.retainMs = retainMs;
  }

  /** Runs a server; a killed one stores no last mark. Returns the texts of what is stored then. */
  run(use: (server: Server) => void, { killed = false, retainMs = this.retainMs } = {}): string[] {
    const store = this.data.open();
    this.log = [];
    const log = (entry: LogEntry) => void this.log.push(entry);
    const server = new Server({ clock: this.clock, store, log });
    const care = new StorageMaintenance(server, retainMs);
    care.start();
    this.clock.advance(1_000);
    use(server);
    this.clock.advance(1_000);
    if (!killed) care.stop();
    const { messages } = server.storage.history.next({ limit: 1_000, visible: () => true });
    store.close();
    if (killed) care.stop(); // stores nothing any more
    return messages.map(({ text }) => text);
  }

  get words(): string[] {
    return this.log.map(({ what }) => what);
  }

  [Symbol.dispose](): void {
    this.data[Symbol.dispose]();
  }
}

function say({ storage: { history } }: Server, ...texts: string[]): void {
  for (const text of texts) {
    history.append({ from: "ann", text, audience: { kind: "everyone" } }, () => {});
  }
  history.flush();
}

Deno.test("A start with the clock far ahead deletes nothing, and says why (A4)", () => {
  for (const retainMs of [HOUR, DAY, 30 * DAY]) {
    using runs = new Runs(retainMs);
    runs.run((server) => say(server, "m0", "m1", "m2"));
    runs.clock.jump(40 * DAY);
    const left = runs.run((server) => {
      runs.clock.advance(30 * MINUTE);
      assertMatch(historyStats(server).clock ?? "", /jumped 40 d ahead.*retain now/);
    });
    assertEquals(left, ["m0", "m1", "m2"]);
    assertEquals(runs.words, ["clock_doubted"]);
    runs.clock.jump(-40 * DAY);
    assertEquals(runs.run(() => {}), ["m0", "m1", "m2"], "the clock is right again");
    assertEquals(runs.words, []);
  }
});

Deno.test("A clock that stays wrong for several starts does not delete more than has aged (A4)", () => {
  using runs = new Runs(30 * DAY);
  runs.run((server) => say(server, "m0", "m1"));
  runs.clock.jump(400 * DAY);
  for (let start = 0; start < 5; start++) runs.run((server) => say(server, `later ${start}`));
  runs.clock.jump(-400 * DAY);
  const left = runs.run(() => {});
  assertEquals(left.slice(0, 2), ["m0", "m1"]);
  assertStrictEquals(left.length, 7);
});

Deno.test("A clock set ahead while the server runs deletes nothing either (A4)", () => {
  using runs = new Runs(30 * DAY);
  const left = runs.run((server) => {
    say(server, "m0", "m1");
    runs.clock.advance(HOUR);
    runs.clock.jump(40 * DAY);
    runs.clock.advance(HOUR);
    assertEquals(runs.words, ["clock_doubted"]);
    runs.clock.jump(-40 * DAY);
    runs.clock.advance(HOUR);
  });
  assertEquals(left, ["m0", "m1"]);
  assertEquals(runs.words, ["clock_doubted", "clock_believed"]);
});

Deno.test("A message dated in the future expires like its neighbours (A4)", () => {
  for (const killed of [false, true]) {
    using runs = new Runs(DAY);
    runs.clock.jump(400 * DAY);
    runs.run((server) => say(server, "future"), { killed, retainMs: Infinity });
    runs.clock.jump(-410 * DAY);
    runs.run((server) => say(server, "old1", "old2"), { killed, retainMs: Infinity });
    runs.clock.jump(10 * DAY);
    runs.run((server) => say(server, "now"), { killed });
    runs.clock.jump(3 * DAY);
    assertEquals(runs.run(() => {}, { killed }), ["now"], `killed: ${killed}`);
  }
});

Deno.test("Messages expire at their age in a server that runs, with any time of day (A4)", () => {
  for (const jump of [0, 400 * DAY, -400 * DAY]) {
    using runs = new Runs(2 * HOUR);
    runs.run((server) => {
      say(server, "m0");
      runs.clock.jump(jump);
      runs.clock.advance(HOUR);
      say(server, "m1");
      runs.clock.advance(HOUR + 20 * MINUTE);
      say(server, "m2");
    });
    const left = runs.run(() => {});
    assertEquals(left, ["m1", "m2"], `${jump}`);
  }
});

Deno.test("Pauses of less than a day count for the age of messages (A4)", () => {
  using runs = new Runs(3 * DAY);
  for (let day = 0; day < 6; day++) {
    runs.run((server) => say(server, `day ${day}`), { killed: day % 2 === 0 });
    runs.clock.advance(20 * HOUR);
  }
  assertEquals(runs.run(() => {}), ["day 3", "day 4", "day 5"]);
});

Deno.test("retain now has what has expired by the clock deleted, and no date is in the future (A4)", () => {
  using runs = new Runs(30 * DAY);
  runs.clock.jump(400 * DAY);
  runs.run((server) => say(server, "future"));
  runs.clock.jump(-400 * DAY);
  runs.run((server) => {
    say(server, "old");
    assertMatch(historyStats(server).clock ?? "", /newest message is dated 39\d d|dated 400 d/);
    server.storage.ages.confirm();
    runs.clock.advance(1_000);
    assertStrictEquals(historyStats(server).clock, null);
    say(server, "later");
    const { messages } = server.storage.history.newest({ limit: 1, visible: () => true });
    assert(Math.abs(Date.parse(messages[0]?.at ?? "") - runs.clock.now()) < DAY);
  });
  runs.clock.jump(40 * DAY);
  const left = runs.run((server) => {
    say(server, "new");
    server.storage.ages.confirm();
  });
  assertEquals(left, ["new"]);
  assertEquals(runs.words, ["clock_doubted", "purged", "clock_believed"]);
});

Deno.test("The newest message, which is always kept, is no reason to doubt the clock (A4)", () => {
  using runs = new Runs(HOUR);
  runs.run((server) => say(server, "old", "newest"));
  runs.clock.jump(50 * DAY);
  const left = runs.run((server) => {
    server.storage.ages.confirm();
    runs.clock.advance(1_000);
    assertStrictEquals(historyStats(server).clock, null);
  });
  assertEquals(left, ["newest"]);
  assertEquals(runs.words, ["clock_doubted", "purged", "clock_believed"]);
});

Deno.test("Bans, mutes and claims do not end by a jump of the clock, but by confirming it (A4)", () => {
  using runs = new Runs(Infinity);
  const { clock } = runs;
  runs.run(({ moderation }) => {
    moderation.ban({ subject: "eve", until: moderation.now() + 2 * DAY, reason: "x" });
    moderation.mute({ name: "mallory", until: moderation.now() + 2 * DAY });
    const secret = { salt: new Uint8Array(1), hash: new Uint8Array(1), n: 2, r: 1, p: 1 };
    const times = { since: moderation.now(), used: moderation.now() };
    moderation.putClaim({ key: "ann", name: "ann", secret, isOperator: false, ...times });
  });
  clock.jump(500 * DAY);
  runs.run(({ moderation, storage }) => {
    assert(moderation.bans.find("eve", moderation.now()));
    assert(moderation.mutes.has("mallory"));
    assert(moderation.claims.find("ann", moderation.now()));
    storage.ages.confirm();
    assertEquals(moderation.bans.find("eve", moderation.now()), undefined);
    assertEquals(moderation.claims.find("ann", moderation.now()), undefined);
  });
});

Deno.test("AgeClock never runs backwards, whatever the system's clock does (A4)", () => {
  const clock = new FakeClock();
  const ages = new AgeClock(clock, undefined);
  let last = ages.age;
  let seed = 7;
  for (let step = 0; step < 2_000; step++) {
    seed = (seed * 48_271) % 2_147_483_647;
    clock.advance(seed % HOUR);
    clock.jump((seed % 5) * DAY - 2 * DAY);
    assert(ages.age >= last);
    last = ages.age;
  }
  const few = new AgeClock(clock, undefined);
  const start = few.age;
  for (let jitter = 0; jitter < 1_000; jitter++) {
    clock.jump(jitter % 2 === 0 ? 3 : -3);
    assert(few.age - start <= 3, "small corrections do not add up");
  }
});

Deno.test("clockDoubt() takes a difference of a day for none (A4)", () => {
  const facts = { now: 100 * DAY, newest: 100 * DAY, retainMs: 30 * DAY, jumpMs: 0 };
  assertEquals(clockDoubt({ ...facts, oldest: undefined, newest: undefined }), undefined);
  assertEquals(clockDoubt({ ...facts, oldest: 69 * DAY }), undefined);
  assertEquals(clockDoubt({ ...facts, oldest: 68 * DAY }), { kind: "ahead", ms: 2 * DAY });
  assertEquals(clockDoubt({ ...facts, oldest: 68 * DAY, retainMs: Infinity }), undefined);
  assertEquals(clockDoubt({ ...facts, oldest: 90 * DAY, newest: 101 * DAY }), undefined);
  assertEquals(clockDoubt({ ...facts, oldest: 90 * DAY, newest: 102 * DAY }), {
    kind: "back",
    ms: 2 * DAY,
  });
});
