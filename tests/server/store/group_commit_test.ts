import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { failure } from "../../../protocol/failures.ts";
import { GroupCommit, NO_TRANSACTIONS } from "../../../server/store/group_commit.ts";
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

Deno.test("GroupCommit stores a turn's entries in one transaction and calls each back after it", () => {
  const { log, due, looks, add, commits } = recorded();
  add("a");
  add("b");
  assert.deepEqual(log, []);
  assert.equal(due.length, 1);
  due.pop()?.();
  looks.pop()?.();
  const one = ["begin", "write a", "write b", "end", "done a", "done b"];
  assert.deepEqual(log.splice(0), one);
  add("c");
  commits.flush();
  assert.deepEqual(log.splice(0), ["begin", "write c", "end", "done c"]);
  due.pop()?.();
  commits.flush();
  assert.deepEqual(log, [], "there is nothing left to store");
  assert.equal(commits.commits, 2);
});

Deno.test("GroupCommit stores a lone entry immediately, and waits for the others of several", () => {
  const { log, due, looks, add } = recorded(100);
  add("lone");
  due.pop()?.();
  assert.deepEqual(log.splice(0), ["begin", "write lone", "end", "done lone"]);
  add("a");
  add("b");
  due.pop()?.();
  add("c");
  looks.pop()?.();
  assert.deepEqual(log, [], "one more came, so there may be another");
  looks.pop()?.();
  assert.equal(log.length, 8);
  assert.deepEqual([due, looks], [[], []]);
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
  assert.equal(waited, 8);
  assert.equal(log.length, 2 + 2 * (2 + waited));
});

Deno.test("GroupCommit does not wait for more than a write takes", () => {
  const { log, due, looks, add } = recorded(100);
  add("0", 16_384);
  add("1", 16_384);
  due.pop()?.();
  assert.equal(log.length, 6);
  assert.deepEqual(looks, []);
  add("2");
  add("3");
  due.pop()?.();
  assert.equal(looks.length, 1, "and begins anew with the next");
});

Deno.test("GroupCommit does not let a transaction grow without bound", () => {
  const { log, add } = recorded(2);
  add("a");
  add("b");
  assert.deepEqual(log, ["begin", "write a", "write b", "end", "done a", "done b"]);
});

Deno.test("GroupCommit fails every entry of a transaction that failed", () => {
  const { log, add, commits, fail } = recorded();
  fail();
  add("a");
  add("b");
  commits.flush();
  assert.deepEqual(log.slice(-2), ["storage_full a", "storage_full b"]);
  assert.equal(commits.failures, 1);
});

Deno.test("Serials never gives a number twice, whatever became of the server before", () => {
  using data = new DataDirectory();
  const seen = new Set<number>();
  for (let run = 0; run < 3; run++) {
    const store = data.open();
    const { next } = storedSerials(store).serials;
    for (let at = 0; at < 5; at++) {
      const serial = next();
      assert.ok(!seen.has(serial), `${serial} again`);
      seen.add(serial);
    }
    store.close();
  }
  const reserved: number[] = [];
  const small = new MemberSerials(0, (upTo) => reserved.push(upTo) > 0);
  for (let at = 0; at < 1_000_001; at++) small.next();
  assert.deepEqual(reserved, [1_000_000, 2_000_000]);
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
  assert.equal(first.transactions.transact(() => {}), undefined);
  store.close();
  store = data.open();
  assert.ok(storedSerials(store).serials.next() > given);
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
  assert.deepEqual(reported.splice(0), ["a", "b", "c"]);
  assert.deepEqual(faults, [bug]);

  const alone = new GroupCommit(options);
  for (const name of ["a", "b", "c"]) alone.add(entry(name));
  assert.throws(() => alone.flush(), bug);
  assert.deepEqual(reported, ["a", "b", "c"]);
});
