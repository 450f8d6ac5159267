// Runs `minichat check` on a program and compares its verdict with the manifest's truth: exit code,
// the ids that failed, the words of the report, time and memory.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { exitOf, startProgram, type World } from "../harness.ts";
import type { WitnessRow } from "./witness_manifest.ts";

/** Longest run of a check, in milliseconds. */
const CHECK_MS = 120_000;
/** Longest run of a check of a server that takes no message, in milliseconds. */
const GIVES_UP_MS = 30_000;
/** The checker's memory stays below this, in KiB. */
const MEMORY_KIB = 1024 * 1024;

/** What a check reported. */
export interface WitnessReport {
  readonly code: number;
  /** Ids of the required checks that failed. */
  readonly failed: readonly string[];
  /** Ids of the advised checks that failed. */
  readonly warned: readonly string[];
  /** Everything it printed, white space as single blanks. */
  readonly words: string;
  readonly tookMs: number;
}

/** Runs `minichat check` with those arguments. */
export async function reportOf(world: World, args: readonly string[]): Promise<WitnessReport> {
  const started = performance.now();
  await using running = startProgram(world, ["check", ...args]);
  const status = `/proc/${running.pid}/status`;
  let peak = 0;
  const sampler = setInterval(() => {
    try {
      const [, kib] = /^VmHWM:\s+(\d+)/m.exec(Deno.readTextFileSync(status)) ?? [];
      peak = Math.max(peak, Number(kib ?? 0));
    } catch {
      // it has just ended
    }
  }, 100);
  await running.stdin.close();
  const { code } = await exitOf(running, CHECK_MS).finally(() => clearInterval(sampler));
  const tookMs = performance.now() - started;
  await Promise.all([running.stdout.ended(), running.stderr.ended()]);
  assert(peak < MEMORY_KIB, `the checker took ${peak} KiB of memory`);
  const findings = running.stdout.seen.map((line) => JSON.parse(line));
  const end = findings.findLast(({ type }) => type === "end");
  const spoken = findings.map(({ transcript: _, ...finding }) => JSON.stringify(finding));
  return {
    ...{ code, tookMs, failed: end?.failed ?? [], warned: end?.warned ?? [] },
    words: [...spoken, ...running.stderr.seen].join("\n").replaceAll(/[ \t]+/g, " "),
  };
}

/** Fails unless the report says what is true of that program. */
export function assertTrueReport(row: WitnessRow, report: WitnessReport): void {
  const { failed, warned, code, words, tookMs } = report;
  const { check = "pass", says } = row.expect;
  const seen = `exit code ${code}, failed: ${failed}, warned: ${warned}\n${failures(words)}`;
  const ids = typeof check === "string" ? [] : check;
  const advice = ids.flatMap((id) => id.startsWith("warn:") ? [id.slice("warn:".length)] : []);
  const either = /warn or fail/.test(row.truth) && ids.length > 0; // the truth leaves it open
  if (either) {
    const wanted = ids.map((id) => id.replace("warn:", ""));
    assert([...failed, ...warned].some((id) => wanted.includes(id)), seen);
    assertEquals(failed.filter((id) => !wanted.includes(id)), [], seen);
  } else if (check === "pass" || advice.length > 0) {
    assertEquals({ code, failed }, { code: 0, failed: [] }, seen);
    assert(advice.every((id) => warned.includes(id)), seen);
  } else if (check === "hostile") {
    assert(code === 0 || code === 1, seen);
  } else if (ids.includes("refused")) {
    assert(code === 1 || code === 2, seen);
    assert(tookMs < 5_000, `it took ${Math.round(tookMs)} ms`);
    assertMatch(words, /no server at|listen|refused/i, seen);
  } else if (ids.includes("ANY-unknown")) {
    assertEquals(code, 1, seen);
    assertMatch(failures(words), /unknown|not (?:here|there|connected)|not exist|KeyError/i, seen);
  } else {
    assertEquals(code, 1, seen);
    assert(failed.length > 0, seen);
    assertEquals(failed.filter((id) => !ids.includes(id)), [], seen);
    if (ids.includes("talk")) assert(tookMs < GIVES_UP_MS, `it took ${Math.round(tookMs)} ms`);
  }
  if (says !== undefined) assertMatch(words, new RegExp(says, "i"), seen);
}

/** The lines of the report that are about a failure, a warning or the end. */
function failures(words: string): string {
  return words.split("\n")
    .filter((line) => !/"result":"(?:pass|skip|not-tried)"/.test(line) && !/"begin"/.test(line))
    .join("\n");
}
