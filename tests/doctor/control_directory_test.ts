// The doctor's check of the directory of control sockets.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { EN } from "../../texts/en.ts";
import { checkControl, type ControlFacts } from "../../doctor/control_directory.ts";
import { findControlSockets } from "../../admin/control_path.ts";
import { type FakeFile, fakeFiles } from "./fake_files.ts";

const DIRECTORY = "/run/user/1000/minichat";
const FACTS: ControlFacts = {
  directory: DIRECTORY,
  refusal: undefined,
  live: [],
  uid: 1000,
  port: 8080,
};

function check(
  files: Record<string, FakeFile>,
  more: Partial<ControlFacts> = {},
  locked: string[] = [],
) {
  return checkControl({ ...FACTS, ...more }, fakeFiles(files, locked));
}

const SOCKET = { kind: "socket" } as const;

Deno.test("checkControl() is content with a directory of one's own, and with one that can be made", () => {
  assertStrictEquals(check({ [DIRECTORY]: { kind: "directory" } }).verdict, "ok");
  assertMatch(check({ "/run/user/1000": { kind: "directory" } }).found, /will be made$/);
  const live = [`${DIRECTORY}/8080.sock`];
  assertStrictEquals(check({ [`${DIRECTORY}/8080.sock`]: SOCKET }, { live }).verdict, "ok");
});

Deno.test("checkControl() fails where the directory can be neither made nor written in", () => {
  const noParent = check({});
  assertEquals([noParent.verdict, noParent.found], ["fail", 'There is no "/run/user/1000"']);
  const parent = { "/run/user/1000": { kind: "directory" } } as const;
  assertMatch(check(parent, {}, ["/run/user/1000"]).found, /^Cannot make /);
  const locked = check({ [DIRECTORY]: { kind: "directory" } }, {}, [DIRECTORY]);
  assertEquals([locked.verdict, locked.found], ["fail", `Cannot write in "${DIRECTORY}"`]);
});

Deno.test("checkControl() warns of what killed servers left, and of what is no socket of one's own", () => {
  const left = check({ [`${DIRECTORY}/1.sock`]: SOCKET, [`${DIRECTORY}/2.sock`]: SOCKET });
  assertStrictEquals(left.verdict, "warn");
  assertMatch(left.found, /^A killed server has left ".*1\.sock" and 1 more$/);
  for (const facts of [{ ...SOCKET, uid: 0 }, { kind: "file" } as const]) {
    const foreign = check({ [`${DIRECTORY}/8080.sock`]: facts }, { live: [] });
    assertStrictEquals(foreign.verdict, "warn");
    assertMatch(foreign.found, /8080\.sock" is no socket of yours$/);
  }
});

Deno.test("checkControl() fails at a path that is too long for a socket", () => {
  const long = check({}, { directory: `/${"x".repeat(95)}` });
  assertStrictEquals(long.verdict, "fail");
  assertMatch(long.found, /too long/);
});

Deno.test("checkControl() reports a real refusal of the directory, with its remedy apart", async () => {
  const base = Deno.makeTempDirSync();
  const directory = `${base}/open`;
  Deno.mkdirSync(directory);
  Deno.chmodSync(directory, 0o755);
  const never = () => () => {};
  const refused = await findControlSockets(directory, never, EN.operator);
  Deno.symlinkSync(base, `${base}/link`);
  const linked = await findControlSockets(`${base}/link`, never, EN.operator);
  Deno.removeSync(base, { recursive: true });
  assert(!refused.ok && !linked.ok);
  const open = check({}, { refusal: refused.error });
  assertStrictEquals(open.verdict, "fail");
  assertMatch(open.found, /^Refused the control directory ".*": other users may enter it$/);
  assertStrictEquals(open.remedy, "run chmod 700 on it");
  const link = check({}, { refusal: linked.error });
  assertMatch(link.found, /: a link$/);
  assertStrictEquals(link.remedy, "remove it, or set XDG_RUNTIME_DIR to a directory of your own");
});
