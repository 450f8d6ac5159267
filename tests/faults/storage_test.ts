// F46, F48: messages that cannot be stored are refused and reach no other client; everything else
// works, and so do messages once the store recovers.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { StorageMaintenance } from "../../server/storage/storage_maintenance.ts";
import type { Store } from "../../server/store/store.ts";
import { until } from "../until.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { DataDirectory } from "../server/history/history_fixture.ts";
import { DIALECT_PHRASES } from "../dialect_phrases.ts";
import { type Guest, ServerFixture } from "./server_fixture.ts";

const BIG = "x".repeat(8_000);

/** Sends messages until the store is full; returns how many it took. */
async function fillUp(talker: Guest): Promise<number> {
  for (let stored = 0; stored < 200; stored++) {
    await talker.send(JSON.stringify({ type: "say", text: BIG, ref: stored }) + "\n");
    const answer = JSON.parse(await talker.match(/^\{"type":"(ack|error)"/));
    if (answer.type === "ack") continue;
    assertStrictEquals(answer.code, "storage_full");
    assertStrictEquals(answer.ref, stored);
    assertMatch(answer.message, /^Not sent: the server's disk is full, try again later$/);
    return stored;
  }
  throw new Error("It is never full");
}

function setPages(store: Store, pages: number): void {
  store.prepare(`PRAGMA max_page_count = ${pages}`).get();
}

/** What the operator read about the history, on the console and in the log. */
function reported({ watched, log }: ServerFixture): string[] {
  const notices = watched.flatMap((event) => event.type === "notice" ? [event.text] : []);
  const entries = log.filter(({ what }) => what.startsWith("storage_")).map(({ what }) => what);
  return [...notices, ...entries];
}

Deno.test("F46: with a full disk nothing is fanned out, senders get an error in any dialect, and the rest works", async () => {
  using data = new DataDirectory();
  const store = data.open({ maxPages: 60 });
  const clock = new FakeClock();
  await using fixture = await ServerFixture.open({ clock, store });
  const care = new StorageMaintenance(fixture.server, Infinity);
  care.start();
  const talker = await fixture.join("native", "talker");
  const stored = await fillUp(talker);
  assert(stored > 10, `${stored}`);

  for (const { dialect } of DIALECT_PHRASES) {
    const speaker = await fixture.join(dialect, `${dialect}-er`);
    await speaker.barrier();
    await talker.barrier();
    await speaker.say(BIG);
    const answers = await speaker.barrier();
    assertStrictEquals(answers.filter((line) => line.includes("disk is full")).length, 1, dialect);
    assert(answers.every((line) => line !== "ok"), `${dialect} gets no receipt`);
    assertEquals(await talker.received(), [], dialect);
  }
  assertStrictEquals(fixture.server.chat.history.lastSeq, stored, "no number is used up");

  await talker.send(
    '{"type":"join","group":"cooks"}\n{"type":"who"}\n{"type":"history","limit":3}\n',
  );
  await talker.match(/"joined".*"cooks"/);
  await talker.match(/"who".*"usermsg-er"/);
  const page = JSON.parse(await talker.match(/"type":"history"/));
  assertEquals(page.messages.map(({ seq }: { seq: number }) => seq).slice(-1), [stored]);
  assertStrictEquals(fixture.operator.wall(BIG).ok, false);
  const { history } = fixture.operator.stats();
  assertMatch(history.problem ?? "", /disk is full/);
  assertStrictEquals(history.messages, stored);
  await fixture.canary();

  // However often it fails, the operator gets one notice.
  clock.advance(60_000);
  const begun = reported(fixture);
  assertStrictEquals(begun.length, 2, begun.join("\n"));
  assertMatch(begun[0] ?? "", /^History: .*disk is full.* no message is delivered$/);
  assertStrictEquals(begun[1], "storage_failed");

  // There is space again: the server finds out without a message.
  setPages(store, 10_000);
  clock.advance(5_000);
  assertEquals(reported(fixture).slice(1, 2), ["History: messages are stored again"]);
  assertStrictEquals(reported(fixture).at(-1), "storage_works");
  assertStrictEquals(fixture.operator.stats().history.problem, null);
  await talker.say("at last");
  await talker.match(/"seq":\d+.*"at last"/);
  assertStrictEquals(fixture.server.chat.history.lastSeq, stored + 1);
  care.stop();
});

Deno.test("F46: a text too long for the space left does not flood the operator", async () => {
  using data = new DataDirectory();
  const store = data.open({ maxPages: 60 });
  const clock = new FakeClock();
  await using fixture = await ServerFixture.open({ clock, store });
  const care = new StorageMaintenance(fixture.server, Infinity);
  care.start();
  const talker = await fixture.join("native", "talker");
  await fillUp(talker);
  for (let round = 0; round < 20; round++) {
    // A short one still fits, a long one does not: storing succeeds and fails by turns.
    await talker.send(`{"type":"say","text":"a"}\n`);
    await talker.match(/"ack"|"error"/);
    await talker.send(`{"type":"say","text":"${BIG}"}\n`);
    await talker.match(/"error"/);
  }
  assert(reported(fixture).length <= 2, reported(fixture).join("\n"));
  care.stop();
});

Deno.test("F48: while another program has the database for long, messages are refused; nothing is lost and it recovers", async () => {
  using data = new DataDirectory();
  const clock = new FakeClock();
  const store = data.open({ monotonic: () => clock.monotonic() });
  await using fixture = await ServerFixture.open({ clock, store });
  const care = new StorageMaintenance(fixture.server, Infinity);
  care.start();
  const talker = await fixture.join("native", "talker");
  const ear = await fixture.join("plain", "ear");
  await talker.say("before");
  await talker.match(/"ack"/);
  const other = new DatabaseSync(store.path);
  other.exec("BEGIN IMMEDIATE");
  await talker.say("meanwhile");
  await until(() => fixture.server.storage.history.isWaiting, "the message waits");
  clock.advance(1_950);
  assert(fixture.server.storage.history.isWaiting, "for two seconds");
  clock.advance(100);
  const refused = JSON.parse(await talker.match(/"error"/));
  assertStrictEquals(refused.code, "storage_failed");
  assertMatch(refused.message, /database is locked/);
  await fixture.canary();
  await fixture.join("usermsg", "newcomer");
  other.exec("ROLLBACK");
  other.close();
  await talker.say("after");
  const { seq } = JSON.parse(await talker.match(/"ack"/));
  assertStrictEquals(seq, 2);
  const texts = (await ear.received()).map(({ text }) => text);
  assertEquals(texts, ["before", "after"]);
  clock.advance(5_000);
  assertStrictEquals(reported(fixture).at(-1), "storage_works");
  care.stop();
});

Deno.test("A short lock on the database refuses nothing, and later requests wait for the messages (O8)", async () => {
  using data = new DataDirectory();
  const clock = new FakeClock();
  const store = data.open({ monotonic: () => clock.monotonic() });
  await using fixture = await ServerFixture.open({ clock, store });
  const care = new StorageMaintenance(fixture.server, Infinity);
  care.start();
  const talker = await fixture.join("native", "talker");
  const ear = await fixture.join("native", "ear");
  const other = new DatabaseSync(store.path);
  for (let lock = 1; lock <= 3; lock++) {
    other.exec("BEGIN IMMEDIATE");
    await talker.say(`first ${lock}`);
    await until(() => fixture.server.storage.history.isWaiting, "the message waits");
    await talker.say(`second ${lock}`);
    const pong = ear.send('{"type":"ping","ref":"p"}\n');
    assertStrictEquals(fixture.operator.wall(`wall ${lock}`).ok, true);
    clock.advance(500);
    assert(fixture.server.storage.history.isWaiting);
    other.exec("ROLLBACK");
    await pong;
    const pongs = () => ear.seen.filter((line) => line.includes("pong")).length;
    await until(() => {
      clock.advance(10);
      return pongs() === lock;
    }, "the ping is answered");
    const order = ear.seen.join("\n");
    const place = (text: string) => order.lastIndexOf(text);
    assert(place(`first ${lock}`) >= 0 && place(`wall ${lock}`) > place(`first ${lock}`), order);
    assert(place("pong") > place(`first ${lock}`), order);
    assert(!talker.seen.some((line) => line.includes('"error"')));
    const acks = () => talker.seen.filter((line) => line.includes('"ack"')).length;
    await until(() => acks() === 2 * lock, "both are acknowledged");
  }
  other.close();
  assertEquals(reported(fixture).filter((text) => text.startsWith("storage_")), []);
  care.stop();
});

Deno.test("A data directory that is deleted or replaced is noticed, and nothing acknowledged then (O8)", async () => {
  const ways: readonly ((path: string) => void)[] = [
    (path) => Deno.removeSync(path, { recursive: true }),
    (path) => Deno.renameSync(path, `${path}-moved`),
    (path) => Deno.removeSync(`${path}/minichat.db`),
    (path) => Deno.removeSync(`${path}/minichat.db-wal`),
    (path) => Deno.removeSync(`${path}/lock`),
    (path) => {
      Deno.copyFileSync(`${path}/minichat.db`, `${path}/copy`);
      Deno.renameSync(`${path}/copy`, `${path}/minichat.db`);
    },
    (path) => {
      Deno.removeSync(path, { recursive: true });
      Deno.mkdirSync(path);
    },
  ];
  for (const [index, spoil] of ways.entries()) {
    using data = new DataDirectory();
    const clock = new FakeClock();
    const store = data.open({ directory: `${data.path}/data` });
    await using fixture = await ServerFixture.open({ clock, store });
    const care = new StorageMaintenance(fixture.server, Infinity);
    care.start();
    const talker = await fixture.join("native", "talker");
    await talker.say("before");
    await talker.match(/"ack"/);
    clock.advance(2_000);
    spoil(`${data.path}/data`);
    clock.advance(2_000);
    await talker.say("after");
    const refused = JSON.parse(await talker.match(/"(ack|error)"/));
    assertStrictEquals(refused.code, "storage_failed", `${index}`);
    assertMatch(refused.message, /is gone \((minichat\.db|minichat\.db-wal|lock) was/);
    assert(reported(fixture).includes("storage_failed"));
    if (index === 1) {
      Deno.renameSync(`${data.path}/data-moved`, `${data.path}/data`);
      clock.advance(2_000);
      await talker.say("again");
      await talker.match(/"ack"/);
    }
    care.stop();
  }
});
