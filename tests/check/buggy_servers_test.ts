// Each classic bug of a server is found by the checks for it, and by no others.

import { assertEquals, assertMatch } from "@std/assert";
import { type FramedBugs, framedServer, type UsermsgBugs, usermsgServer } from "./buggy_servers.ts";
import { cheapChecks, failedIds, firstHint, runChecks, runConcurrently } from "./run_checks.ts";
import { type Behaviour, ToyServer } from "./toy_server.ts";

/** Long enough for an answer from a loaded machine, short enough to wait for no answer. */
const TIMEOUT_MS = 1_000;
const LAYOUT = { headerBytes: 16, littleEndian: true } as const;

/** A bug, the checks that fail because of it, and the hint of the first of them. */
type Row<Bugs> = readonly [bugs: Bugs, fails: readonly string[], hint: RegExp];

const USERMSG: readonly Row<UsermsgBugs>[] = [
  [{}, [], /^$/],
  [{ noBuffer: true }, ["two-pieces"], /short read/],
  [{ oneLineARead: true }, ["two-pieces", "one-packet"], /short read/],
  [{ echoes: true }, ["no-copy"], /leave out the sender/],
  [{ noNewline: true }, ["newline"], /Without a newline/],
  [{ noNames: true }, ["talk"], /without the sender's name/],
  [{ sharesNames: true }, ["taken-name"], /refuse the name/],
  [{ splitsAtSpaces: true }, ["unchanged"], /do not take it apart at spaces/],
  [{ maxTextBytes: 250 }, ["long"], /longer than a buffer/],
  [{ maxTextBytes: 4000 }, ["very-long"], /longer than a buffer/],
  [{ leftovers: true }, ["short-after-long", "newline"], /end of an earlier, longer message/],
  [{ waitsForLine: true }, ["half-said"], /waits for one client/],
  [{ waitsForReader: true }, ["deaf"], /waits in write\(\)/],
  [{ neverCloses: true }, ["closes"], /close its socket/],
  [{ blamesSender: true }, ["sigpipe"], /because it cannot write to another.*BrokenPipeError/],
  [{ turnsAway: true }, ["talk"], /before it has sent anything/],
  [{ diesOfReset: true }, ["reset"], /SIGPIPE/],
  [{ diesOfNonsense: true }, ["no-name"], /not expected ends the server/],
];

const FRAMED: readonly Row<FramedBugs>[] = [
  [{}, [], /^$/],
  [{ wholeHeaders: true }, ["byte-by-byte", "split-header", "split-length"], /short read/],
  [{ wholeFrames: true }, ["two-pieces", "header-alone"], /short read/],
  [{ oneFrameARead: true }, ["one-packet"], /several messages/],
  [{ noOk: true }, ["ok"], /two bytes ok/],
  [{ oneOkARead: true }, ["ok-for-each"], /after each of its messages/],
  [{ okWithNul: true }, ["bare-ok"], /exactly two bytes/],
  [{ leavesOutSender: true }, ["own-copy"], /do not leave out the sender/],
  [{ rawBroadcast: true }, ["broadcast-frame"], /send broadcasts as frames/],
  [{ trustsLength: true }, ["huge-length"], /before you call malloc/],
  [{ neverCloses: true }, ["closes"], /close its socket/],
];

/** Runs the checks against a server with each of the bugs; each bug is a step of the test. */
function test<Bugs extends object>(
  dialect: "usermsg" | "framed",
  rows: readonly Row<Bugs>[],
  behaviour: (bugs: Bugs) => Behaviour,
): void {
  Deno.test(`Each bug of a ${dialect} server fails the checks that are about it`, async (t) => {
    const results = await runConcurrently(rows.map(([bugs, fails]) => async () => {
      await using toy = new ToyServer(behaviour(bugs));
      const only = cheapChecks(dialect, fails);
      return await runChecks(toy.address, { dialect, timeoutMs: TIMEOUT_MS, only });
    }));
    for (const [at, [bugs, fails, hint]] of rows.entries()) {
      const bug = Object.keys(bugs).join() || "no bug";
      await t.step(`${bug}: ${fails.join(", ") || "nothing"}`, () => {
        assertEquals(failedIds(results[at] ?? []), fails);
        assertMatch(firstHint(results[at] ?? []), hint);
      });
    }
  });
}

test("usermsg", USERMSG, usermsgServer);
test("framed", FRAMED, (bugs) => framedServer(LAYOUT, bugs));

Deno.test("A framed server that loses what follows a frame is not blamed for SIGPIPE", async () => {
  await using toy = new ToyServer(framedServer(LAYOUT, { oneFrameARead: true }));
  const findings = await runChecks(toy.address, {
    dialect: "framed",
    timeoutMs: 500,
    only: ["talk", "one-packet", "sigpipe"],
  });
  assertEquals(findings.map(({ verdict }) => verdict.kind), ["pass", "fail", "skip"]);
});
