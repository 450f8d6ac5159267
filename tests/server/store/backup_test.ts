import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { backUp } from "../../../server/store/backup.ts";
import { checkHistory } from "../../../server/store/check_history.ts";
import { openToRead } from "../../../server/store/store.ts";
import { DataDirectory, fill, onDisk } from "../history/history_fixture.ts";

/** Copies the history of `data`; returns the error message, or "" if it was copied. */
function backUpTo(data: DataDirectory, target: string, force = false): string {
  const db = openToRead(data.path);
  assert(!("error" in db));
  const problem = backUp(db, { source: `${data.path}/minichat.db`, target, force });
  db.close();
  return problem?.error ?? "";
}

Deno.test("backUp() copies what is committed while a server writes, for its owner alone (O8)", () => {
  using data = new DataDirectory();
  using place = new DataDirectory();
  const history = onDisk(data.open());
  fill(history, 1_200);
  const target = `${place.path}/copy.db`;
  assertStrictEquals(backUpTo(data, target), "");
  fill(history, 5);
  assertEquals(checkHistory(target), {
    path: target,
    problems: [],
    messages: 1_200,
    first: 1,
    last: 1_200,
    missing: 0,
    bytes: Deno.statSync(target).size,
  });
  assertStrictEquals((Deno.statSync(target).mode ?? 0) & 0o777, 0o600);
  assertEquals([...Deno.readDirSync(place.path)].map(({ name }) => name), ["copy.db"]);
  assertStrictEquals(checkHistory(data.path).messages, 1_205);
  assertEquals(checkHistory(data.path).problems, []);
});

Deno.test("backUp() replaces no file without force, and no link's target even with it (O8)", () => {
  using data = new DataDirectory();
  using place = new DataDirectory();
  fill(onDisk(data.open()), 3);
  const target = `${place.path}/copy.db`;
  const victim = `${place.path}/victim`;
  Deno.writeTextFileSync(victim, "precious");
  Deno.writeTextFileSync(target, "old");
  assertMatch(backUpTo(data, target), /Already there: .*--force/);
  assertStrictEquals(Deno.readTextFileSync(target), "old");
  assertStrictEquals(backUpTo(data, target, true), "");
  Deno.removeSync(target);
  Deno.symlinkSync(victim, target);
  assertMatch(backUpTo(data, target), /Already there/);
  assertStrictEquals(backUpTo(data, target, true), "");
  assertStrictEquals(Deno.readTextFileSync(victim), "precious");
  assert(!Deno.lstatSync(target).isSymlink);
  Deno.removeSync(target);
  Deno.symlinkSync(`${place.path}/absent`, target);
  assertMatch(backUpTo(data, target), /Already there/);
  assertMatch(backUpTo(data, `${data.path}/minichat.db`, true), /is the history itself/);
  assertMatch(backUpTo(data, place.path, true), /is a directory/);
  assertMatch(backUpTo(data, `${place.path}/no/copy`), /there is no such directory/);
  Deno.chmodSync(place.path, 0o777);
  assertMatch(backUpTo(data, `${place.path}/new`), /other users can write in its folder/);
  Deno.chmodSync(place.path, 0o700);
});

Deno.test("A backup that is restored beside the old log is recognised, also of the same run (O8)", () => {
  using data = new DataDirectory();
  using killed = new DataDirectory();
  const store = data.open();
  const history = onDisk(store);
  fill(history, 300);
  assertStrictEquals(backUpTo(data, `${killed.path}/copy`), "");
  fill(history, 300);
  for (const name of ["minichat.db-wal", "minichat.db-shm", "lock"]) {
    Deno.copyFileSync(`${data.path}/${name}`, `${killed.path}/${name}`);
  }
  Deno.renameSync(`${killed.path}/copy`, `${killed.path}/minichat.db`);
  assertMatch(killed.refusal(), /the log .* belongs to another one/);
  for (const name of ["minichat.db-wal", "minichat.db-shm"]) {
    Deno.removeSync(`${killed.path}/${name}`);
  }
  assertStrictEquals(onDisk(killed.open()).lastSeq, 300);
});

Deno.test("checkHistory() names what is wrong: no file, damage, rows, missing numbers (O8)", () => {
  using data = new DataDirectory();
  const problemsAfter = (sql: string) => {
    const db = new DatabaseSync(`${data.path}/minichat.db`);
    db.exec(sql);
    db.close();
    return checkHistory(data.path).problems.join();
  };
  assertMatch(checkHistory(data.path).problems.join(), /No history in .*: there is none/);
  const store = data.open();
  fill(onDisk(store), 300);
  store.close();
  assertEquals(checkHistory(data.path).problems, []);
  assertStrictEquals(problemsAfter("DELETE FROM message WHERE seq = 7"), "");
  assertStrictEquals(checkHistory(data.path).missing, 1);
  assertMatch(
    problemsAfter("UPDATE message SET at = -1 WHERE seq = 8"),
    /1 damaged in the table message/,
  );
  const file = `${data.path}/minichat.db`;
  const bytes = Deno.readFileSync(file);
  Deno.writeFileSync(file, bytes.fill(0xa5, 8_192, 12_288));
  assertMatch(checkHistory(file).problems.join(), /is damaged/);
  Deno.writeTextFileSync(file, "text");
  assertMatch(checkHistory(file).problems.join(), /is damaged/);
  Deno.removeSync(file);
  Deno.mkdirSync(file);
  assertMatch(checkHistory(file).problems.join(), /No history in .*minichat\.db\/minichat\.db/);
});
