import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import { openToRead } from "../../../server/store/store.ts";
import { DataDirectory } from "../history/history_fixture.ts";

const OWN_FILES = [
  "lock",
  "minichat.db",
  "minichat.db-wal",
  "minichat.db-shm",
  "minichat.db-journal",
];

Deno.test("openStore() follows no link in its directory, and the target keeps its text (A5)", () => {
  for (const name of OWN_FILES) {
    for (const kind of ["symbolic", "hard"] as const) {
      using data = new DataDirectory();
      using elsewhere = new DataDirectory();
      const victim = `${elsewhere.path}/victim`;
      Deno.writeTextFileSync(victim, "precious");
      const link = kind === "symbolic" ? Deno.symlinkSync : Deno.linkSync;
      link(victim, `${data.path}/${name}`);
      assertMatch(data.refusal(), new RegExp(`${name} in it is not used: .*(${kind}|hard link)`));
      assertStrictEquals(Deno.readTextFileSync(victim), "precious", `${kind} ${name}`);
    }
  }
});

Deno.test("openStore() refuses what is no file in place of its own (A5)", () => {
  for (const name of OWN_FILES) {
    using data = new DataDirectory();
    Deno.mkdirSync(`${data.path}/${name}`);
    assertMatch(data.refusal(), new RegExp(`${name} in it is not used: it is no file`));
  }
});

Deno.test("openStore() closes a directory of its own to others, and refuses an open one (A5)", () => {
  using data = new DataDirectory();
  const modeNow = () => (Deno.statSync(data.path).mode ?? 0) & 0o7777;
  data.open().close();
  Deno.chmodSync(data.path, 0o755);
  data.open().close();
  assertStrictEquals(modeNow(), 0o700);
  Deno.chmodSync(data.path, 0o777);
  assertMatch(data.refusal(), /other users can write in it, .*chmod 700: give another --data/);
  Deno.chmodSync(data.path, 0o755);
  Deno.writeTextFileSync(`${data.path}/thesis.txt`, "");
  assertMatch(data.refusal(), /it holds other files, .*chmod 700/);
  assertStrictEquals(modeNow(), 0o755);
  Deno.chmodSync(data.path, 0o700);
  data.open().close();
});

Deno.test({
  name: "openStore() refuses another user's directory, link and files (A5)",
  ignore: Deno.uid() !== 0, // only root can give files away
  fn() {
    const give = (path: string) =>
      assert(new Deno.Command("chown", { args: ["-h", "12345", path] }).outputSync().success);
    using data = new DataDirectory();
    data.open().close();
    give(`${data.path}/minichat.db`);
    assertMatch(data.refusal(), /minichat\.db in it is not used: it belongs to another user/);
    give(data.path);
    assertMatch(data.refusal(), /it belongs to user 12345, not to you \(0\)/);
    using own = new DataDirectory();
    Deno.symlinkSync(own.path, `${own.path}/link`);
    own.open({ directory: `${own.path}/link` }).close();
  },
});

Deno.test("openToRead() follows no link to a database (A5)", () => {
  using data = new DataDirectory();
  data.open().close();
  using other = new DataDirectory();
  Deno.symlinkSync(`${data.path}/minichat.db`, `${other.path}/minichat.db`);
  const read = openToRead(other.path);
  assert("error" in read);
  assertMatch(read.error, /minichat\.db in it is a symbolic link: remove it/);
});
