// The runner of checks: verdicts of scripts, skipped checks, and a server that dies.

import { assert, assertEquals, assertMatch, assertStrictEquals, fail } from "@std/assert";
import { utf8Bytes } from "../../../check/bytes.ts";
import type { Finding } from "../../../check/finding.ts";
import { Mismatch } from "../../../check/server/mismatch.ts";
import { runServerChecks, type ServerCheck } from "../../../check/server/server_runner.ts";
import { visibleBytes } from "../../../check/visible.ts";
import { type Address, dial } from "../../../client/dial.ts";
import { EN } from "../../../texts/en.ts";
import { FastClock } from "../../fast_clock.ts";
import { sampleCheck } from "../sample_findings.ts";
import { type Behaviour, ToyServer } from "../toy_server.ts";

const TIMEOUT_MS = 200;
const ECHO: Behaviour = { chunk: (peer, bytes) => void peer.send(bytes) };

async function run(address: Address, checks: readonly ServerCheck[]): Promise<readonly Finding[]> {
  const result = await runServerChecks({
    address,
    dial: () => dial(address, EN.client),
    checks,
    firstNumber: 1,
    timeoutMs: TIMEOUT_MS,
    clock: new FastClock(5),
    show: visibleBytes,
    texts: EN.serverChecks,
    onBegin: () => {},
    onFinding: () => {},
  });
  assert(result.kind === "ran");
  return result.findings;
}

function row(id: string, run: ServerCheck["run"], more: Partial<ServerCheck> = {}): ServerCheck {
  return { check: sampleCheck(id), needs: [], run, ...more };
}

const FAILING = row("failing", () => {
  throw new Mismatch({ expected: "e", received: "r", hint: "h" });
});

Deno.test("runServerChecks() records both directions, with the ends that belong to the check", async () => {
  await using toy = new ToyServer(ECHO);
  const [finding] = await run(toy.address, [row("echo", async (probe) => {
    const ana = await probe.connect("ana");
    await ana.send(utf8Bytes("hi\n"));
    await ana.expect(/hi\n/, { expected: "hi", hint: "" });
    await ana.endSending();
    await ana.expectEnd({ expected: "the end", hint: "" });
  })]);
  assertEquals(finding?.verdict, { kind: "pass" });
  assertEquals(finding?.transcript.map(({ by, on, bytes }) => [by, on, visibleBytes(bytes)]), [
    ["us", "ana001", "hi\\n"],
    ["them", "ana001", "hi\\n"],
    ["us", "ana001", ""],
    ["them", "ana001", ""],
  ]);
});

Deno.test("runServerChecks() reports what came instead, within the time", async () => {
  await using toy = new ToyServer(ECHO);
  const waits = (pattern: RegExp) =>
    row("waits", async (probe) => {
      const ana = await probe.connect("ana");
      await ana.send(utf8Bytes("hello\x03"));
      await ana.expect(/he/, { expected: "he", hint: "" });
      await ana.expect(pattern, { expected: "more", hint: "mend it" });
    });
  const [met, unmet] = await run(toy.address, [waits(/llo/), waits(/hello/)]);
  assertStrictEquals(met?.verdict.kind, "pass");
  assertEquals(unmet?.verdict, {
    kind: "fail",
    expected: "ana002 gets more within 0.2 s",
    received: "llo\\x03",
    hint: "mend it",
    isLikely: true,
  });
  assert(unmet && unmet.took >= TIMEOUT_MS);
});

Deno.test("runServerChecks() reports that the connection was closed", async () => {
  await using toy = new ToyServer({ chunk: (peer) => peer.close() });
  const [finding] = await run(toy.address, [row("closed", async (probe) => {
    const ana = await probe.connect("ana");
    await ana.send(utf8Bytes("hello\n"));
    await ana.expect(/hello/, { expected: "hello", hint: "" });
  })]);
  const { verdict } = finding ?? {};
  assert(verdict?.kind === "fail");
  assertMatch(verdict.received, /^the connection was (closed|reset)$/);
});

Deno.test("runServerChecks() skips what needs a check that failed or was skipped", async () => {
  await using toy = new ToyServer(ECHO);
  let runs = 0;
  const count = () => Promise.resolve(void runs++);
  const findings = await run(toy.address, [
    FAILING,
    row("second", count, { needs: ["failing"] }),
    row("third", count, { needs: ["second"] }),
    row("fourth", count, { needs: ["unknown"] }),
  ]);
  const verdicts = findings.map(({ verdict }) => verdict);
  assertEquals(verdicts[1], { kind: "skip", because: "failing failed" });
  assertEquals(verdicts[2], { kind: "skip", because: "second was skipped" });
  assertEquals(verdicts[3], { kind: "pass" });
  assertStrictEquals(runs, 1);
});

Deno.test("runServerChecks() notices that the server died, and stops", async () => {
  await using toy = new ToyServer(ECHO);
  const dies = row("dies", () => Promise.resolve(toy.die()), {
    ifItDies: () => "SIGPIPE, perhaps",
  });
  const [first, second] = await run(toy.address, [dies, FAILING]);
  assertEquals(first?.verdict, {
    kind: "fail",
    expected: "the server still accepts connections afterwards",
    received: "the server no longer accepts connections",
    hint: "SIGPIPE, perhaps",
    isLikely: true,
  });
  assertEquals(second?.verdict, { kind: "skip", because: "the server has ended" });
});

Deno.test("runServerChecks() returns an error if no server answers", async () => {
  const toy = new ToyServer(ECHO);
  const { address } = toy;
  await toy[Symbol.asyncDispose]();
  const result = await runServerChecks({
    address,
    dial: () => dial(address, EN.client, "start yours"),
    checks: [FAILING],
    firstNumber: 1,
    timeoutMs: TIMEOUT_MS,
    show: visibleBytes,
    texts: EN.serverChecks,
    onBegin: () => fail("nothing begins"),
    onFinding: () => fail("nothing is found"),
  });
  assert(result.kind === "unreachable");
  assertMatch(result.error, /^No server at 127\.0\.0\.1:\d+: start yours$/);
});

Deno.test("runServerChecks() is not blocked by a server that stops reading", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await using toy = new ToyServer({ chunk: () => promise }); // reads once
  const [finding] = await run(toy.address, [row("flood", async (probe) => {
    const ana = await probe.connect("ana");
    for (let round = 0; round < 200; round++) await ana.send(new Uint8Array(256 * 1024), "read on");
  })]).finally(resolve);
  const { verdict } = finding ?? {};
  assert(verdict?.kind === "fail" && verdict.hint === "read on");
  assertStrictEquals(verdict.received, "its buffers are full");
  const kept = finding?.transcript.reduce((sum, { bytes }) => sum + bytes.length, 0) ?? 0;
  assert(kept <= 64 * 1024, String(kept));
});
