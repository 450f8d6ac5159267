// Runs the checks against our own server: a failure is a check that is too strict, or a bug of
// ours.

import { assertEquals } from "@std/assert";
import type { Address } from "../../client/dial.ts";
import type { Layout } from "../../protocol/frame_layouts.ts";
import { DIALECT_NAMES } from "../../protocol/dialects.ts";
import { DEFAULT_LIMITS } from "../../server/limits/limits.ts";
import type { TestAddress } from "../test_client.ts";
import { FastClock } from "../fast_clock.ts";
import { ServerFixture } from "../faults/server_fixture.ts";
import { runChecks } from "./run_checks.ts";

const TIMEOUT_MS = 5_000;

type Name = typeof DIALECT_NAMES[number];

/** The dialect, the header and the kind of socket. */
type Case = readonly [Name, Layout["headerBytes"], "tcp" | "unix"];

export const CASES: readonly Case[] = [
  ...DIALECT_NAMES.map((name) => [name, 16, "tcp"] as const),
  ["framed", 12, "tcp"],
  ["framed", 8, "tcp"],
  ["framed", 16, "unix"],
];

/** A case as part of a test's name. */
export function caseText([dialect, headerBytes, socket]: Case): string {
  const header = dialect === "framed" ? ` with headers of ${headerBytes} bytes` : "";
  return `${dialect}${header}, ${socket}`;
}

/** Fails unless all checks of a case pass (default all, or those in `only`). */
export async function passesChecks(
  [dialect, headerBytes, socket]: Case,
  only?: readonly string[],
): Promise<void> {
  // With the default limits: no check may call a server broken that slows a flooder down.
  const clock = new FastClock();
  const { messageRate } = DEFAULT_LIMITS;
  await using fixture = await ServerFixture.open({ clock, limits: { messageRate } });
  const findings = await runChecks(addressOf(fixture[socket]), {
    dialect,
    headerBytes,
    timeoutMs: TIMEOUT_MS,
    clock,
    ...(only === undefined ? {} : { only }),
  });
  const problems = findings.filter(({ verdict }) => verdict.kind !== "pass");
  assertEquals(problems.map(({ check, verdict }) => [check.id, verdict]), []);
}

function addressOf(place: TestAddress): Address {
  return "path" in place
    ? { kind: "unix", path: place.path }
    : { kind: "tcp", host: "127.0.0.1", port: place.port };
}
