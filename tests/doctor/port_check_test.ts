// The doctor's check of the port, and of the process that has it.

import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { checkPort, type PortFacts } from "../../doctor/port_check.ts";
import { portOwner } from "../../doctor/port_owner.ts";
import { type FakeFile, fakeFiles } from "./fake_files.ts";

const HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid";
const ROW = (local: string, state: string, uid: number, inode: number) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000 ${uid} 0 ${inode} 1 0`;

/** A machine where process 42 listens at 8080 of IPv4, and another has a connection from there. */
function machine(more: Record<string, FakeFile> = {}): Record<string, FakeFile> {
  return {
    "/proc/net/tcp": [
      HEAD,
      ROW("0100007F:1F90", "01", 1000, 7),
      ROW("00000000:1F90", "0A", 1000, 8),
      ROW("00000000:1F91", "0A", 1000, 9),
    ].join("\n"),
    "/proc/41/fd/3": { link: "socket:[7]" },
    "/proc/42/fd/0": { link: "/dev/null" },
    "/proc/42/fd/5": { link: "socket:[8]" },
    "/proc/42/cmdline": "python3\0server.py\0\x1b[2J\0",
    "/etc/passwd": "root:x:0:0::/root:/bin/sh\nnina:x:1000:1000::/:/bin/sh\n",
    ...more,
  };
}

Deno.test("portOwner() finds the process that listens, not one that is connected", () => {
  assertEquals(portOwner(8080, fakeFiles(machine())), {
    pid: 42,
    command: "python3 server.py \\x1b[2J",
    user: "nina",
  });
});

Deno.test("portOwner() finds a listener at IPv6", () => {
  const row = ROW("00000000000000000000000000000000:1F92", "0A", 0, 10);
  const files = machine({
    "/proc/net/tcp6": `${HEAD}\n${row}`,
    "/proc/43/fd/1": { link: "socket:[10]" },
    "/proc/43/comm": "inetd\n",
  });
  const owner = portOwner(8082, fakeFiles(files));
  assertEquals(owner, { pid: 43, command: "inetd", user: "root" });
});

Deno.test("portOwner() knows the user alone where descriptors are hidden, and cuts long commands", () => {
  assertEquals(portOwner(8081, fakeFiles(machine())), { user: "nina" });
  const long = machine({ "/proc/42/cmdline": "x".repeat(500), "/etc/passwd": "" });
  const owner = portOwner(8080, fakeFiles(long));
  assertStrictEquals(owner?.command, `${"x".repeat(60)}...`);
  assertStrictEquals(owner?.user, "user 1000");
});

Deno.test("portOwner() finds no process at a free port, nor without /proc", () => {
  assertStrictEquals(portOwner(9, fakeFiles(machine())), undefined);
  assertStrictEquals(portOwner(8080, fakeFiles({})), undefined);
});

const FACTS: PortFacts = {
  host: "0.0.0.0",
  port: 8080,
  attempt: { kind: "free" },
  owner: undefined,
  ownServer: undefined,
};

/** `verdict: found -> remedy`. */
function sent(facts: Partial<PortFacts>): string {
  const { verdict, found, remedy } = checkPort({ ...FACTS, ...facts });
  return `${verdict}: ${found}${remedy === undefined ? "" : ` -> ${remedy}`}`;
}

Deno.test("checkPort() is content with a free port", () => {
  assertStrictEquals(sent({}), "ok: 0.0.0.0:8080 is free");
  assertStrictEquals(sent({ host: "::1" }), "ok: [::1]:8080 is free");
});

Deno.test("checkPort() names who has the port, as far as it is known", () => {
  const attempt = { kind: "taken" } as const;
  const owner = { pid: 42, command: "python3 server.py", user: "nina" };
  assertStrictEquals(
    sent({ attempt, owner }),
    "fail: Port 8080 is in use by process 42 of nina: python3 server.py -> " +
      "stop it (kill 42), or choose another with --port",
  );
  assertMatch(sent({ attempt, owner: { user: "root" } }), /^fail: .* by a program of root -> /);
  assertMatch(sent({ attempt }), /^fail: Port 8080 is in use -> choose/);
});

Deno.test("checkPort() fails where a minichat of one's own listens: no second one can", () => {
  const own = sent({ attempt: { kind: "taken" }, ownServer: 7 });
  assertMatch(own, /^fail: Port 8080 has a minichat already, process 7 -> join .*shutdown 0/);
});

Deno.test("checkPort() says what helps with ports below 1024, foreign addresses and the rest", () => {
  const forbidden = { kind: "forbidden" } as const;
  assertMatch(
    sent({ port: 80, attempt: forbidden }),
    /^fail: No permission .*above 1023, or .*setcap/,
  );
  assertMatch(
    sent({ attempt: forbidden }),
    /^fail: No permission .* -> choose another with --port$/,
  );
  assertMatch(sent({ attempt: { kind: "foreign" } }), /^fail: 0\.0\.0\.0 is no address of this/);
  assertMatch(sent({ attempt: { kind: "failed", problem: "odd" } }), /^fail: .*: odd -> /);
});
