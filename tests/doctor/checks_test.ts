// Each check of the doctor, with a good and with a bad state.

import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { checkBacklog, checkDescriptors, parseFileLimits } from "../../doctor/system_limits.ts";
import { checkData, type DataFacts } from "../../doctor/data_directory.ts";
import type { Diagnosis } from "../../doctor/diagnosis.ts";
import {
  checkClock,
  checkLocalhost,
  checkSockets,
  checkTerminal,
  type TerminalFacts,
} from "../../doctor/machine.ts";
import { checkRunning, type RunningServerFacts } from "../../doctor/running_servers.ts";

function expect(finding: Diagnosis, verdict: string, found: RegExp, remedy?: RegExp): void {
  assertStrictEquals(finding.verdict, verdict, finding.found);
  assertMatch(finding.found, found);
  assertStrictEquals(finding.remedy === undefined, verdict === "ok");
  if (remedy !== undefined) assertMatch(finding.remedy ?? "", remedy);
}

Deno.test("parseFileLimits() reads the row of /proc/self/limits", () => {
  const row = "Max open files            1024                 unlimited            files";
  assertEquals(parseFileLimits(`Limit\n${row}\n`), { soft: 1024, hard: Infinity });
  assertStrictEquals(parseFileLimits("something else"), undefined);
  assertStrictEquals(parseFileLimits(undefined), undefined);
});

Deno.test("checkDescriptors() compares the limit with the clients", () => {
  const wants = { clients: 1000, reserved: 64 };
  expect(
    checkDescriptors({ soft: 1064, hard: 1064 }, wants),
    "ok",
    /^1064 files .* 1064 are needed/,
  );
  expect(checkDescriptors({ soft: Infinity, hard: Infinity }, wants), "ok", /^Any number/);
  expect(checkDescriptors(undefined, wants), "ok", /does not tell/);
  const raise = checkDescriptors({ soft: 1063, hard: 4096 }, wants);
  expect(raise, "warn", /room for 999 of 1000 clients/, /ulimit -n 1064/);
  expect(
    checkDescriptors({ soft: 100, hard: 200 }, wants),
    "warn",
    /room for 36/,
    /hard limit, 200/,
  );
  expect(checkDescriptors({ soft: 64, hard: 64 }, wants), "fail", /no room for clients/);
});

Deno.test("checkBacklog() compares somaxconn with what is asked for", () => {
  expect(checkBacklog("4096\n", 4096), "ok", /^4096 connections may wait/);
  expect(checkBacklog("128\n", 4096), "warn", /^Only 128 .* of 4096/, /somaxconn=4096/);
  for (const unknown of [undefined, "", "many"]) {
    expect(checkBacklog(unknown, 4096), "ok", /does not tell/);
  }
});

Deno.test("checkSockets() says why sockets are reached through the runtime", () => {
  const facts = { loaded: true, os: "linux", arch: "x86_64", allowed: true };
  expect(checkSockets(facts), "ok", /direct calls/);
  expect(checkSockets({ ...facts, loaded: false }), "warn", /No glibc for x86_64/);
  const denied = checkSockets({ ...facts, loaded: false, allowed: false });
  expect(denied, "warn", /--allow-ffi/, /--allow-ffi/);
  expect(checkSockets({ ...facts, loaded: false, os: "darwin" }), "ok", /On darwin/);
});

Deno.test("checkClock() believes no year before this program's, and no file from tomorrow", () => {
  const now = Date.UTC(2030, 0, 2);
  const facts = { now, zone: "UTC", changed: { "/bin/x": now - 1 } };
  expect(checkClock(facts), "ok", /^It is 2030-01-02T00:00:00Z, time zone UTC$/);
  expect(checkClock({ ...facts, now: 0 }), "fail", /1970-01-01.*cannot be/, /timedatectl/);
  expect(checkClock({ ...facts, now: Date.UTC(2200, 0) }), "fail", /2200/);
  const ahead = { "/bin/x": now + 86_400_001, "/etc/x": now };
  expect(checkClock({ ...facts, changed: ahead }), "warn", /but "\/bin\/x" is of 2030-01-03/);
  expect(checkClock({ ...facts, changed: { "/bin/x": now + 86_400_000 } }), "ok", /2030/);
});

Deno.test("checkTerminal() wants a terminal that can edit lines, in UTF-8", () => {
  const facts: TerminalFacts = {
    isTerminal: true,
    columns: 80,
    term: "xterm",
    locale: "fr_FR.utf8",
    colours: true,
  };
  expect(checkTerminal(facts), "ok", /^xterm, UTF-8, 80 columns, colours$/);
  expect(checkTerminal({ ...facts, colours: false, columns: undefined }), "ok", /8, no colours$/);
  expect(checkTerminal({ ...facts, isTerminal: false, term: "dumb" }), "ok", /^None/);
  expect(checkTerminal({ ...facts, term: "dumb" }), "warn", /^TERM is dumb/, /set TERM/);
  for (const term of [undefined, ""]) {
    expect(checkTerminal({ ...facts, term }), "warn", /^TERM is not set/);
  }
  expect(checkTerminal({ ...facts, locale: "" }), "warn", /"C" is not UTF-8/, /LANG=C\.UTF-8/);
  expect(checkTerminal({ ...facts, locale: "fr_FR" }), "warn", /"fr_FR" is not UTF-8/);
  expect(checkTerminal({ ...facts, columns: 20 }), "warn", /^Only 20 columns/);
});

Deno.test("checkLocalhost() wants localhost to be this machine, over IPv4 too", () => {
  expect(checkLocalhost(["127.0.0.1", "::1"]), "ok", /^localhost is 127\.0\.0\.1 and ::1$/);
  expect(checkLocalhost(["127.0.0.1"]), "ok", /127/);
  expect(checkLocalhost(["::1"]), "warn", /no IPv4 address/, /\/etc\/hosts/);
  expect(checkLocalhost([]), "fail", /has no address/, /\/etc\/hosts/);
  expect(checkLocalhost(["127.0.0.1", "192.0.2.7"]), "fail", /^localhost is 192\.0\.2\.7/);
});

const MIB = 1024 * 1024;
const DATA: DataFacts = {
  directory: "/data",
  state: "directory",
  writable: true,
  freeBytes: 3 * 1024 * MIB,
  holder: undefined,
  problem: undefined,
  bytes: 1.5 * MIB,
  lastEntry: undefined,
  ownServer: undefined,
};

Deno.test("checkData() is content with a whole history, an empty directory and one to be made", () => {
  expect(checkData(DATA), "ok", /^"\/data" has a history of 1\.5 MiB, whole, 3\.0 GiB free$/);
  expect(checkData({ ...DATA, bytes: 0 }), "ok", /has no history yet/);
  const absent = { ...DATA, state: "absent", freeBytes: undefined } as const;
  expect(checkData(absent), "ok", /^"\/data" will be made$/);
});

Deno.test("checkData() fails where no history can be kept", () => {
  expect(checkData({ ...DATA, state: "other" }), "fail", /is no directory/, /--data/);
  expect(checkData({ ...DATA, writable: false }), "fail", /^Cannot write in/);
  expect(checkData({ ...DATA, writable: false, state: "absent" }), "fail", /^Cannot make/);
  const problem = 'The history "/data/x" is damaged: restore it';
  expect(checkData({ ...DATA, problem }), "fail", /"\/data\/x" is damaged$/, /^restore it$/);
  expect(checkData({ ...DATA, freeBytes: 0 }), "fail", /^Only 0\.0 MiB are free/);
  expect(checkData({ ...DATA, freeBytes: 100 * MIB }), "warn", /^Only 100\.0 MiB are free/);
});

Deno.test("checkData() distinguishes a directory in use by the user's own server from another user's", () => {
  expect(checkData({ ...DATA, holder: "7" }), "fail", /in use by process 7$/, /stop that server/);
  expect(checkData({ ...DATA, holder: "" }), "fail", /in use by another process$/);
  expect(
    checkData({ ...DATA, holder: "7", ownServer: 7 }),
    "fail",
    /in use by minichat, process 7$/,
  );
});

const SERVER: RunningServerFacts = {
  path: "/run/8080.sock",
  pid: 7,
  listening: ["tcp:0.0.0.0:8080"],
  clients: 1,
  metrics: null,
  health: undefined,
  clock: null,
  certificates: [],
};
const METRICS = "http://127.0.0.1:9";

Deno.test("checkRunning() reports what answers, and its state", () => {
  expect(checkRunning([]), "ok", /^No server/);
  expect(checkRunning([SERVER]), "ok", /^Process 7 answers at tcp:0\.0\.0\.0:8080, 1 client$/);
  const well = { ...SERVER, metrics: METRICS, health: { kind: "well" } } as const;
  expect(checkRunning([well]), "ok", /healthy at http:\/\/127\.0\.0\.1:9\/healthz$/);
  const unreachable = { ...well, health: { kind: "unreachable" } } as const;
  expect(checkRunning([unreachable]), "warn", /but http.* does not$/);
  const unwell = { ...well, health: { kind: "unwell", problems: ["Late", "Full"] } } as const;
  expect(checkRunning([unwell]), "warn", /but: Late; Full$/);
  const ending = 'The certificate "a.pem" ends on 2026-12-01, in 9 h: renew it, then send SIGHUP';
  const expiring = { ...SERVER, certificates: [ending] };
  expect(checkRunning([SERVER, expiring]), "warn", /a\.pem" ends on 2026-12-01/, /^renew it/); // O7
  const doubtful = { ...SERVER, clock: "the clock has jumped" };
  expect(checkRunning([doubtful]), "warn", /but: the clock has jumped$/, /retain now/); // A4
});

Deno.test("checkRunning() shows the worst of several", () => {
  const silent = { path: "/run/9.sock", silent: true } as const;
  expect(checkRunning([SERVER, silent]), "fail", /9\.sock" does not answer \(and 1 more\)$/);
  expect(checkRunning([SERVER, SERVER, SERVER]), "ok", /\(and 2 more\)$/);
});
