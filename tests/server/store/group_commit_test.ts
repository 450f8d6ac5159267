import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { failure } from "../../../protocol/failures.ts";
import { BUSY, GroupCommit, NO_TRANSACTIONS } from "../../../server/store/group_commit.ts";
import { MemberSerials, storedSerials } from "../../../server/store/member_serials.ts";
import { DataDirectory } from "../history/history_fixture.ts";

function recorded(most = 10) {
  const log: string[] = [];
  const due: (() => void)[] = [];
  const looks: (() => void)[] = [];
  let problem: ReturnType<typeof failure> | undefined;
  const commits = new GroupCommit({
    transactions: {
      transact(work) {
        log.push("begin");
        const done = NO_TRANSACTIONS.transact(work);
        log.push("end");
        return problem ?? done;
      },
    },
    soon: (settle) => due.push(settle),
    later: (look) => looks.push(look),
    most,
  });
  const add = (name: string, bytes = 1) =>
    commits.add({
      bytes,
      write: () => log.push(`write ${name}`),
      done: (why) => log.push(`${why === undefined ? "done" : why.code} ${name}`),
    });
  return { log, due, looks, commits, add, fail: () => problem = failure("storage_full", () => "") };
}

Deno.test("GroupCommit keeps its entries while another program has a lock, and tries again (O8)", () => {
  const log: string[] = [];
  const retries: (() => void)[] = [];
  let busy = true;
  const commits = new GroupCommit({
    transactions: {
      transact: NO_TRANSACTIONS.transact,
      transactOrWait: (work) => busy ? BUSY : NO_TRANSACTIONS.transact(work),
    },
    soon: (settle) => settle(),
    retryLater: (retry) => retries.push(retry),
    most: 10,
  });
  const add = (name: string) =>
    commits.add({ write: () => log.push(`write ${name}`), done: () => log.push(`done ${name}`) });
  add("a");
  add("b");
  assertEquals(log, []);
  assert(commits.isWaiting);
  assertStrictEquals(retries.length, 1, "one retry at a time");
  retries.shift()?.();
  assertStrictEquals(retries.length, 1);
  busy = false;
  retries.shift()?.();
  assertEquals(log, ["write a", "write b", "done a", "done b"]);
  assertStrictEquals(commits.isWaiting, false);
  assertStrictEquals(retries.length, 0);
  assertStrictEquals(commits.commits, 1);
});

Deno.test("GroupCommit stores a turn's entries in one transaction and calls each back after it", () => {
  const { log, due, looks, add, commits } = recorded();
  add("a");
  add("b");
  assertEquals(log, []);
  assertStrictEquals(due.length, 1);
  due.pop()?.();
  looks.pop()?.();
  const one = ["begin", "write a", "write b", "end", "done a", "done b"];
  assertEquals(log.splice(0), one);
  add("c");
  commits.flush();
  assertEquals(log.splice(0), ["begin", "write c", "end", "done c"]);
  due.pop()?.();
  commits.flush();
  assertEquals(log, [], "there is nothing left to store");
  assertStrictEquals(commits.commits, 2);
});

Deno.test("GroupCommit stores a lone entry immediately, and waits for the others of several", () => {
  const { log, due, looks, add } = recorded(100);
  add("lone");
  due.pop()?.();
  assertEquals(log.splice(0), ["begin", "write lone", "end", "done lone"]);
  add("a");
  add("b");
  due.pop()?.();
  add("c");
  looks.pop()?.();
  assertEquals(log, [], "one more came, so there may be another");
  looks.pop()?.();
  assertStrictEquals(log.length, 8);
  assertEquals([due, looks], [[], []]);
});

Deno.test("GroupCommit does not wait for ever while more comes", () => {
  const { log, due, looks, add } = recorded(100);
  add("0");
  add("1");
  due.pop()?.();
  let waited = 0;
  for (let look = looks.pop(); look !== undefined; look = looks.pop()) {
    add(`${++waited + 1}`);
    look();
  }
  assertStrictEquals(waited, 8);
  assertStrictEquals(log.length, 2 + 2 * (2 + waited));
});

Deno.test("GroupCommit does not wait for more than a write takes", () => {
  const { log, due, looks, add } = recorded(100);
  add("0", 16_384);
  add("1", 16_384);
  due.pop()?.();
  assertStrictEquals(log.length, 6);
  assertEquals(looks, []);
  add("2");
  add("3");
  due.pop()?.();
  assertStrictEquals(looks.length, 1, "and begins anew with the next");
});

Deno.test("GroupCommit does not let a transaction grow without bound", () => {
  const { log, add } = recorded(2);
  add("a");
  add("b");
  assertEquals(log, ["begin", "write a", "write b", "end", "done a", "done b"]);
});

Deno.test("GroupCommit fails every entry of a transaction that failed", () => {
  const { log, add, commits, fail } = recorded();
  fail();
  add("a");
  add("b");
  commits.flush();
  assertEquals(log.slice(-2), ["storage_full a", "storage_full b"]);
  assertStrictEquals(commits.failures, 1);
});

Deno.test("Serials never gives a number twice, whatever became of the server before", () => {
  using data = new DataDirectory();
  const seen = new Set<number>();
  for (let run = 0; run < 3; run++) {
    const store = data.open();
    const { next } = storedSerials(store).serials;
    for (let at = 0; at < 5; at++) {
      const serial = next();
      assert(!seen.has(serial), `${serial} again`);
      seen.add(serial);
    }
    store.close();
  }
  const reserved: number[] = [];
  const small = new MemberSerials(0, (upTo) => reserved.push(upTo) > 0);
  for (let at = 0; at < 1_000_001; at++) small.next();
  assertEquals(reserved, [1_000_000, 2_000_000]);
});

Deno.test("Serials that could not be reserved are remembered with the first row that bears one", () => {
  using data = new DataDirectory();
  let store = data.open();
  const first = storedSerials(store);
  const other = new DatabaseSync(store.path);
  other.exec("BEGIN IMMEDIATE");
  const given = first.serials.next();
  other.exec("ROLLBACK");
  other.close();
  // No other member joins; one with that number is stored; then the server is killed.
  assertStrictEquals(first.transactions.transact(() => {}), undefined);
  store.close();
  store = data.open();
  assert(storedSerials(store).serials.next() > given);
});

Deno.test("GroupCommit calls all the others back when one callback throws, and reports it", () => {
  const reported: string[] = [];
  const faults: unknown[] = [];
  const bug = new Error("a bug");
  const entry = (name: string) => ({
    write: () => {},
    done: () => {
      reported.push(name);
      if (name === "b") throw bug;
    },
  });
  const options = { transactions: NO_TRANSACTIONS, soon: () => {}, most: 10 };
  const commits = new GroupCommit({ ...options, onFault: (fault) => faults.push(fault) });
  for (const name of ["a", "b", "c"]) commits.add(entry(name));
  commits.flush();
  assertEquals(reported.splice(0), ["a", "b", "c"]);
  assertEquals(faults, [bug]);

  const alone = new GroupCommit(options);
  for (const name of ["a", "b", "c"]) alone.add(entry(name));
  assertStrictEquals(assertThrows(() => alone.flush()), bug);
  assertEquals(reported, ["a", "b", "c"]);
});
