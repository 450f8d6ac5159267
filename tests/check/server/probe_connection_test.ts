// A client of a check, in front of a server whose stream never ends: how much it reads and keeps.

import { assert, assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { Mismatch } from "../../../check/server/mismatch.ts";
import { ProbeConnection } from "../../../check/server/probe_connection.ts";
import { CHECK_TIMING } from "../../../check/timing.ts";
import { visibleBytes } from "../../../check/visible.ts";
import { EN } from "../../../texts/en.ts";
import { FakeWire } from "../../fake_wire.ts";
import { FastClock } from "../../fast_clock.ts";

const MIB = 1024 ** 2;
const WANTED = { expected: "hello", hint: "" };

/** A server that sends x, up to `bytes` of it, as fast as it is read; then it closes. */
class FloodWire extends FakeWire {
  given = 0;
  readonly #bytes: number;

  constructor(bytes: number) {
    super();
    this.#bytes = bytes;
  }

  override async read(buffer: Uint8Array): Promise<number | null> {
    await new Promise((turn) => setTimeout(turn));
    if (this.closed > 0) throw new Deno.errors.BadResource("closed");
    if (this.given >= this.#bytes) return null;
    this.given += buffer.fill(0x78).length;
    return buffer.length;
  }
}

function connect(wire: FakeWire): ProbeConnection {
  return new ProbeConnection(wire, {
    name: "ana",
    timeoutMs: 1_000,
    clock: new FastClock(10),
    timing: CHECK_TIMING,
    show: visibleBytes,
    texts: EN.serverChecks,
    record: () => {},
  }).read();
}

Deno.test("ProbeConnection stops reading an endless line, and looks at it a few times only", async () => {
  const wire = new FloodWire(Infinity);
  const ana = connect(wire);
  let looks = 0;
  await ana.wait(() => void looks++);
  assertStrictEquals(wire.given, 2 * MIB);
  assertStrictEquals(ana.rest.length, 2 * MIB);
  assert(looks < 40, `${looks}`);
  const failure = await assertRejects(() => ana.expect(/hello/, WANTED), Mismatch);
  assertMatch(failure.difference.received, /^x{96} \.\.\.\+2097016 B\.\.\. x{40}$/);
  await ana.leave();
});

Deno.test("ProbeConnection reads on after a match, and after forget()", async () => {
  const wire = new FloodWire(4 * MIB + 65_536);
  const ana = connect(wire);
  await ana.expect(/x{65536}/, WANTED);
  await ana.wait(() => ana.rest.length === 2 * MIB || undefined);
  ana.forget();
  await ana.wait(() => ana.rest.length === 2 * MIB || undefined);
  assertStrictEquals(wire.given, 4 * MIB + 65_536);
  ana.forget();
  await ana.wait(() => undefined);
  assertEquals([ana.rest, ana.hasEnded], ["", true]);
  await ana.leave();
});

Deno.test("ProbeConnection finds the end after more than it keeps", async () => {
  const ana = connect(new FloodWire(4 * MIB));
  await ana.expectEnd(WANTED);
  assertEquals([ana.rest.length, ana.hasEnded], [2 * MIB, true]);
  await ana.leave();
});
