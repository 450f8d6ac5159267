import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { LogEntry } from "../../../server/server_options.ts";
import { Ages, MARK_MS, NO_AGE_RECORDS } from "../../../server/storage/ages.ts";
import { type Expired, Retention } from "../../../server/storage/retention.ts";
import { Server } from "../../../server/server.ts";
import { StorageMaintenance } from "../../../server/storage/storage_maintenance.ts";
import { FakeClock } from "../../fake_clock_and_socket.ts";
import { DataDirectory } from "../history/history_fixture.ts";

const HOUR = 3_600_000;

function agesBy(clock: FakeClock): Ages {
  return new Ages(clock, { records: NO_AGE_RECORDS, lastSeq: 0 });
}

Deno.test("Retention asks each purger until it has no more, one step at a time, and in rounds", () => {
  const clock = new FakeClock(100 * HOUR);
  const asked: string[] = [];
  const purger = (name: string, steps: number) => ({
    purge({ at }: Expired): boolean {
      asked.push(`${name} ${at / HOUR}`);
      return --steps > 0;
    },
  });
  let rounds = 0;
  const retention = new Retention({
    clock,
    ages: agesBy(clock),
    lastSeq: () => 0,
    retainMs: 24 * HOUR,
    purgers: [purger("a", 3), purger("b", 1)],
    onPurged: () => rounds++,
  });
  retention.start();
  assertEquals(asked, [], "not before the server goes on");
  clock.advance(0);
  assertEquals(asked, ["a 76", "a 76", "a 76", "b 76"]);
  assertStrictEquals(rounds, 1);
  clock.advance(MARK_MS - 1);
  assertStrictEquals(rounds, 1);
  clock.advance(1);
  assertStrictEquals(rounds, 2);
  clock.advance(HOUR - MARK_MS);
  assertEquals(asked.slice(-2), ["a 77", "b 77"]);
  retention.stop();
  assertStrictEquals(clock.pending, 0);
});

Deno.test("Retention for ever forgets no message, and asks those who forget all the same", () => {
  using data = new DataDirectory();
  const clock = new FakeClock();
  const server = new Server({ clock, store: data.open() });
  const { history, ages } = server.storage;
  const draft = { from: "alice", text: "hi", audience: { kind: "everyone" } as const };
  history.append(draft, () => {});
  history.append(draft, () => {});
  history.flush();
  const asked: number[] = [];
  const session = { purge: ({ at }: Expired) => asked.push(at) < 0 };
  const retention = new Retention({
    clock,
    ages,
    lastSeq: () => history.lastSeq,
    retainMs: Infinity,
    purgers: [...server.storage.purgers, session],
    onPurged: () => {},
  });
  retention.start();
  clock.advance(100 * HOUR);
  retention.stop();
  assertStrictEquals(history.firstSeq, 1);
  assertStrictEquals(asked.length, 601);
  assert(asked.every((at) => at === -Infinity));
});

for (const kind of ["disk", "memory"] as const) {
  Deno.test(`StorageMaintenance has what is old forgotten, in ${kind}, and logs how much`, () => {
    using data = new DataDirectory();
    const clock = new FakeClock();
    const log: LogEntry[] = [];
    const store = kind === "disk" ? data.open() : undefined;
    const server = new Server({ clock, store, log: (entry) => log.push(entry) });
    const { history } = server.storage;
    const sayWords = (count: number): void => {
      const draft = { from: "alice", text: "hi", audience: { kind: "everyone" } as const };
      for (let at = 0; at < count; at++) history.append(draft, () => {});
      history.flush();
    };
    const care = new StorageMaintenance(server, 2 * HOUR);
    care.start();
    sayWords(3);
    clock.advance(HOUR);
    sayWords(2);
    clock.advance(HOUR - 1);
    assertStrictEquals(history.firstSeq, 1);
    clock.advance(MARK_MS + 1);
    assertStrictEquals(history.firstSeq, 4);
    assertEquals(log, [{ level: "info", what: "purged", details: { messages: 3 } }]);
    clock.advance(MARK_MS);
    assertStrictEquals(log.length, 1, "nothing is nothing to tell");
    care.stop();
    assertStrictEquals(clock.pending, 0);
  });
}
