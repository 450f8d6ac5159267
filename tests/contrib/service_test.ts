// contrib/minichat.service against the program it starts.

import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../../server/limits/limits.ts";
import { RESERVED_DESCRIPTORS } from "../../server/limits/tuning.ts";
import { makeWorld, runProgram } from "../harness.ts";
import { readUnit } from "./unit_file.ts";

const UNIT = readUnit(
  Deno.readTextFileSync(new URL("../../contrib/minichat.service", import.meta.url)),
);

function only(key: string): string {
  const values = UNIT.get(`Service.${key}`) ?? [];
  assertStrictEquals(values.length, 1, key);
  return values[0] ?? "";
}

Deno.test("The unit starts serve with flags that its help has, each with its value", async () => {
  using world = makeWorld();
  const { stdout: help } = await runProgram(world, ["serve", "--help"]);
  const [program, verb, ...words] = only("ExecStart").split(" ");
  assertStrictEquals(program, "/usr/local/bin/minichat");
  assertStrictEquals(verb, "serve");
  for (let at = 0; at < words.length; at++) {
    const flag = words[at] ?? "";
    const entry = new RegExp(`^ {2}(?:-\\w, )?${RegExp.escape(flag)}( [A-Z]+)?(?: {2}|$)`, "m")
      .exec(help);
    assert(entry, `serve --help has no ${flag}`);
    if (entry[1] !== undefined) at++;
  }
});

Deno.test("The unit learns of the start from the program alone, and reloads with SIGHUP", () => {
  assertStrictEquals(only("Type"), "notify");
  assertStrictEquals(only("NotifyAccess"), "main");
  assertMatch(only("WatchdogSec"), /^\d+$/);
  assertMatch(only("ExecReload"), /^\/bin\/kill -HUP \$MAINPID$/);
});

Deno.test("The unit gives time for goodbyes and descriptors for all clients", () => {
  const { flushMs, lingerMs, maxClients } = DEFAULT_LIMITS;
  assert(Number(only("TimeoutStopSec")) * 1000 > 2 * (flushMs + lingerMs));
  assert(Number(only("LimitNOFILE")) >= maxClients + RESERVED_DESCRIPTORS);
});

Deno.test("The unit does not forbid what a compiler at run time and its sockets need", () => {
  assertStrictEquals(only("MemoryDenyWriteExecute"), "no");
  const families = only("RestrictAddressFamilies").split(" ");
  for (const family of ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK"]) {
    assert(families.includes(family), family);
  }
});

Deno.test("The unit's directories are those it passes to the program", () => {
  const environment = only("Environment").split(" ");
  assert(environment.includes(`XDG_RUNTIME_DIR=%t/${only("RuntimeDirectory")}`));
  assert(environment.includes(`XDG_STATE_HOME=%S/${only("StateDirectory")}`));
});
