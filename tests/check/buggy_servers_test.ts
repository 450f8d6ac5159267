// Each classic bug of a server is found by the checks for it, and by no others.

import { assertEquals, assertMatch } from "@std/assert";
import { joinBytes, utf8Bytes } from "../../check/bytes.ts";
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
  [{ takesAnyLine: true }, ["only-msg"], /compare the first word with MSG/],
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
  [{ separator: " dit : " }, [], /^$/],
  [{ separator: " > " }, [], /^$/],
  [{ separator: "\n" }, [], /^$/],
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

Deno.test("A framed server that counts its rounds is found, with the exercise that mends it", async () => {
  let rounds = 10;
  const { chunk, ...server } = framedServer(LAYOUT, {});
  await using toy = new ToyServer({
    ...server,
    chunk(peer, bytes, toy) {
      if (--rounds === 0) toy.die();
      return chunk(peer, bytes, toy);
    },
  });
  const findings = await runChecks(toy.address, { dialect: "framed", timeoutMs: 500 });
  assertEquals(failedIds(findings), ["everyone"]);
  assertMatch(firstHint(findings), /after about \d+ events .*exercise 5 asks for\. For exercise 6/);
});

Deno.test("A framed server that passes frames on unread fails talk for that, in any layout", async () => {
  for (const headerBytes of [16, 12, 8] as const) {
    await using toy = new ToyServer({
      chunk(from, bytes, { peers }) {
        for (const peer of peers) {
          peer.send(joinBytes(utf8Bytes(`${[...peers].indexOf(from)}> `), bytes));
        }
      },
    });
    const run = { dialect: "framed", headerBytes, timeoutMs: 500, only: ["talk"] } as const;
    const findings = await runChecks(toy.address, run);
    assertEquals(failedIds(findings), ["talk"]);
    assertMatch(firstHint(findings), /takes no header off/);
  }
});

Deno.test("A server that serves one client alone is found", async () => {
  let first: unknown;
  await using toy = new ToyServer({
    chunk(peer) {
      first ??= peer;
      if (peer === first) peer.send(utf8Bytes("ok"));
    },
  });
  const findings = await runChecks(toy.address, {
    dialect: "framed",
    timeoutMs: 500,
    only: ["talk"],
  });
  assertMatch(firstHint(findings), /^Only the first client is served/);
});
