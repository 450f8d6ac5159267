import { assertEquals } from "@std/assert";
import {
  countersBetween,
  idleChecks,
  parseNetstat,
  stormChecks,
  type StormFigure,
} from "../../../benchmarks/scale/scale_figures.ts";

const NETSTAT = `TcpExt: SyncookiesSent ListenOverflows TCPSynRetrans
TcpExt: 1 20 300
IpExt: InNoRoutes TCPSynRetrans
IpExt: 7 8
`;

Deno.test("parseNetstat() finds counters by their names, each in its own group", () => {
  assertEquals(parseNetstat(NETSTAT), { synRetransmits: 300, listenOverflows: 20 });
  assertEquals(parseNetstat(""), { synRetransmits: 0, listenOverflows: 0 });
});

Deno.test("countersBetween() counts what came in between", () => {
  const before = parseNetstat(NETSTAT);
  const after = { synRetransmits: 302, listenOverflows: 20 };
  assertEquals(countersBetween(before, after), { synRetransmits: 2, listenOverflows: 0 });
});

Deno.test("idleChecks() takes the empty server off and allows 4 KiB for each client", () => {
  const idle = (fullKib: number) => ({
    wire: "usermsg",
    clients: 10_000,
    emptyKib: 50_000,
    fullKib,
  });
  const [small, large] = idleChecks([idle(90_000), idle(91_000)]);
  assertEquals([small?.got, small?.met], ["4.0 KiB each", true]);
  assertEquals([large?.got, large?.met], ["4.1 KiB each", false]);
});

function storm(clients: number, lines: number, joinedMs = 500): StormFigure {
  const network = { synRetransmits: 0, listenOverflows: 0 };
  const times = { connectedMs: 100, joinedMs, quietMs: joinedMs };
  return { ...times, clients, lines, bytes: lines * 40, greeted: 0, network };
}

Deno.test("stormChecks() calls a storm whose lines grow as its square missed", () => {
  const met = (storms: StormFigure[]) => stormChecks(storms).map((check) => check.met);
  const square = [storm(500, 500 * 500 / 2), storm(2_000, 2_000 * 2_000 / 2)];
  assertEquals(met(square), [true, true, true, false]);
  const batched = [storm(500, 500 * 20), storm(2_000, 2_000 * 30)];
  assertEquals(met(batched), [true, true, true, true]);
});

Deno.test("stormChecks() wants all in within a second, no SYN twice, no program greeted", () => {
  const bad: StormFigure = {
    ...storm(2_000, 2_000, 1_001),
    greeted: 1,
    network: { synRetransmits: 3, listenOverflows: 0 },
  };
  const checks = stormChecks([storm(500, 500), bad]);
  assertEquals(checks.map(({ met }) => met), [false, false, false, true]);
  assertEquals(checks.map(({ got }) => got), ["1001 ms", "3", "1", "1.0 times"]);
  assertEquals(stormChecks([]), []);
});
