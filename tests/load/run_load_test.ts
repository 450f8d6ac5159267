import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { dial, type DialResult } from "../../client/dial.ts";
import { dialectNamed, DIALECTS } from "../../protocol/dialects.ts";
import type { LoadTiming } from "../../load/timing.ts";
import { framed } from "../../protocol/framed.ts";
import { native } from "../../protocol/native.ts";
import { usermsg } from "../../protocol/usermsg.ts";
import type { Limits } from "../../server/limits/limits.ts";
import { Server } from "../../server/server.ts";
import { loadOn, Relay, type Spoil, TEST_TIMING } from "./faulty_server.ts";
import { EN } from "../../texts/en.ts";

/** Runs `test` with the port of a minichat server. */
async function withServer(
  test: (port: number) => Promise<void>,
  limits: Partial<Limits> = {},
): Promise<void> {
  // Rate limits are not under test here.
  const server = new Server({ limits: { messageRate: 1_000_000, ...limits } });
  const at = { kind: "tcp", host: "127.0.0.1", port: 0 } as const;
  assertStrictEquals(await server.start([{ at, notices: false }]), undefined);
  const bound = server.addresses[0]?.at;
  assert(bound?.kind === "tcp");
  try {
    await test(bound.port);
  } finally {
    await server.stop();
  }
}

for (const dialect of DIALECTS) {
  Deno.test(`runLoad() finds our own server flawless in ${dialect.name}`, async () => {
    await withServer(async (port) => {
      const report = await loadOn(port, dialect, { clients: 25 });
      assertEquals(report.problems, []);
      assert(report.ok);
      assertEquals(report.join.steps.map(({ clients }) => clients), [10, 20, 25]);
      assertStrictEquals(report.join.hearsItself, dialect.echo);
      const receivers = dialect.echo ? 25 : 24;
      const { completed = 0, messages, deliveries } = report.latency ?? {};
      assert(completed > 100, `${completed}`);
      assertEquals([messages, deliveries], [completed, completed * receivers]);
      assertStrictEquals(report.fanout?.completed, 600);
      assertStrictEquals(report.fanout?.deliveries, 600 * receivers);
      assertStrictEquals(report.fanout?.toEach.count, 600 * receivers);
      assertEquals(report.faults.first, []);
    });
  });
}

for (const headerBytes of [12, 8] as const) {
  Deno.test(`runLoad() speaks frames with headers of ${headerBytes} bytes`, async () => {
    await withServer(async (port) => {
      const report = await loadOn(port, framed, { headerBytes });
      assertEquals(report.problems, []);
      assertStrictEquals(report.fanout?.deliveries, 6000);
    });
  });
}

Deno.test("runLoad() does not count what strangers say", async () => {
  await withServer(async (port) => {
    const other = loadOn(port, native, { run: "oth3", clients: 3 });
    const report = await loadOn(port, usermsg);
    assertEquals(report.problems, []);
    assertStrictEquals(report.fanout?.deliveries, 600 * 9);
    assertEquals((await other).problems, []);
  });
});

/** The test waits for each lost message: short limits that still find the loss. */
const LITTLE: LoadTiming = { ...TEST_TIMING, latencyMs: 200, fanoutMs: 500 };

/** Deliveries before the first fault, so that all clients can join. */
const HEALTHY = 40;

const one = (bytes: Uint8Array): readonly Uint8Array[] => [bytes];
const held = new Map<number, Uint8Array>();

const SPOILERS: readonly (readonly ["lost" | "duplicated" | "reordered" | "torn", Spoil])[] = [
  ["lost", ({ bytes, before }) => before > HEALTHY && before % 100 === 0 ? [] : one(bytes)],
  [
    "duplicated",
    ({ bytes, before }) => before > HEALTHY && before % 100 === 0 ? [bytes, bytes] : one(bytes),
  ],
  ["reordered", ({ bytes, before, receiver }) => {
    // Two of one sender in a row: only the order within one sender is promised.
    if (before < HEALTHY) return one(bytes);
    if (before % 100 === 0) {
      held.set(receiver, bytes);
      return [];
    }
    const late = before % 100 === 1 ? held.get(receiver) : undefined;
    return late === undefined ? one(bytes) : [bytes, late];
  }],
  [
    "torn",
    ({ bytes, before }) => before > HEALTHY && before % 100 === 0 ? one(cut(bytes)) : one(bytes),
  ],
];

/** The delivery without ten bytes from its middle. */
function cut(bytes: Uint8Array): Uint8Array {
  const middle = bytes.length - 30;
  return Uint8Array.from([...bytes.subarray(0, middle), ...bytes.subarray(middle + 10)]);
}

for (const dialect of DIALECTS) {
  for (const [kind, spoil] of SPOILERS) {
    Deno.test(`runLoad() finds what is ${kind} in ${dialect.name}`, async () => {
      held.clear();
      await using relay = new Relay({ dialect, spoil });
      const report = await loadOn(relay.port, dialect, { senders: 1, timing: LITTLE });
      assertStrictEquals(report.ok, false);
      assert(report.faults[kind] > 0, JSON.stringify(report.faults));
      assert(report.problems.some((problem) => problem.includes(kind)), `${report.problems}`);
      const example = report.faults.first.find((fault) => fault.kind === kind);
      assert(example !== undefined && example.receiver >= 1 && example.receiver <= 10);
    });
  }
}

Deno.test("runLoad() distinguishes a healthy relay from a spoiled one", async () => {
  await using relay = new Relay({ dialect: usermsg });
  const report = await loadOn(relay.port, usermsg);
  assertEquals(report.problems, []);
});

Deno.test("runLoad() reports a server that sends own messages back now and then", async () => {
  await using relay = new Relay({ dialect: usermsg, echoAfter: 100 });
  const report = await loadOn(relay.port, usermsg);
  assertStrictEquals(report.join.hearsItself, false);
  assertStrictEquals(report.problems.length, 1);
  assertMatch(report.problems[0] ?? "", /^Senders got [\d,]+ own messages, though not at first/);
});

Deno.test("runLoad() runs with the clients that could join when the server is full", async () => {
  await using relay = new Relay({ dialect: usermsg, most: 7, full: "MSG server no more room\n" });
  const report = await loadOn(relay.port, usermsg);
  assertStrictEquals(report.join.end, "refused");
  assertStrictEquals(report.join.held, 7);
  assertEquals(report.problems, [
    'Only 7 of 10 clients could join ("server: no more room"): try --clients 7',
  ]);
  assertStrictEquals(report.fanout?.deliveries, 600 * 6);
});

Deno.test("runLoad() with max clients ends where our own server is full, which is no problem", async () => {
  await withServer(async (port) => {
    const report = await loadOn(port, usermsg, { clients: "max" });
    assertStrictEquals(report.join.end, "refused");
    assertStrictEquals(report.join.held, 64);
    assertMatch(report.join.detail ?? "", /server is full: 64 clients/);
    assertEquals(report.problems, []);
    assert(report.ok);
  }, { maxClients: 64 });
});

Deno.test("runLoad() with max clients ends at the descriptors it may use", async () => {
  await withServer(async (port) => {
    const report = await loadOn(port, usermsg, { clients: "max", mayOpen: 30 });
    assertStrictEquals(report.join.end, "descriptors");
    assertStrictEquals(report.join.held, 30);
    assert(report.ok);
  });
});

Deno.test("runLoad() reports a server that accepts and sends nothing", async () => {
  await using relay = new Relay({ dialect: usermsg, spoil: () => [] });
  const report = await loadOn(relay.port, usermsg);
  assertStrictEquals(report.join.end, "stalled");
  assertStrictEquals(report.problems.length, 1);
  assertMatch(
    report.problems[0] ?? "",
    /^No message of one client reached another, nothing came: .*usermsg/,
  );
  assertStrictEquals(report.fanout, null);
});

/** `bytes` with `end` in place of the last byte, the dialect's own end. */
function endedBy(bytes: Uint8Array, end: string): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, -1), ...new TextEncoder().encode(end)]);
}

for (const name of ["usermsg", "plain", "etx", "native"] as const) {
  for (
    const [what, end, messageEnd, note] of [
      ["a NUL", "\0", "nul", /^Its messages end with a NUL/],
      ["nothing", "", "none", /^Its messages come without an end/],
      ["a blank", " ", "none", /^Its messages come without an end/],
    ] as const
  ) {
    Deno.test(`runLoad() checks messages of ${name} that end with ${what} (K10)`, async () => {
      const dialect = dialectNamed(name) ?? usermsg;
      await using relay = new Relay({ dialect, spoil: ({ bytes }) => [endedBy(bytes, end)] });
      const report = await loadOn(relay.port, dialect);
      assertEquals(report.problems, []);
      assertStrictEquals(report.join.messageEnd, messageEnd);
      assertMatch(report.notes[0] ?? "", note);
      assertStrictEquals(report.fanout?.deliveries, 600 * (dialect.echo ? 10 : 9));
    });
  }
}

Deno.test("runLoad() takes NULs after the line end for padding (D25)", async () => {
  const pad = new Uint8Array(100);
  const spoil: Spoil = ({ bytes }) => [Uint8Array.from([...bytes, ...pad])];
  await using relay = new Relay({ dialect: usermsg, spoil });
  const report = await loadOn(relay.port, usermsg);
  assertEquals([report.problems, report.join.messageEnd], [[], "dialect"]);
});

Deno.test("runLoad() finds what is lost and torn without line ends", async () => {
  const spoil: Spoil = ({ bytes, before }) =>
    before < HEALTHY || before % 100 > 1
      ? [endedBy(bytes, "")]
      : before % 100 === 0
      ? []
      : [endedBy(cut(bytes), "")];
  await using relay = new Relay({ dialect: usermsg, spoil });
  const report = await loadOn(relay.port, usermsg, { senders: 1, timing: LITTLE });
  assert(report.faults.lost > 0 && report.faults.torn > 0, JSON.stringify(report.faults));
});

Deno.test("runLoad() shows what arrives damaged when no message arrives whole", async () => {
  await using relay = new Relay({ dialect: usermsg, spoil: ({ bytes }) => [cut(bytes)] });
  const { problems } = await loadOn(relay.port, usermsg);
  assertStrictEquals(problems.length, 1);
  assertMatch(
    problems[0] ?? "",
    /^What one client says reaches the others damaged, this came: MSG u0 ~test/,
  );
});

Deno.test("runLoad() shows what else arrives when no message does", async () => {
  const chatter = new TextEncoder().encode("welcome\r\n");
  await using relay = new Relay({ dialect: usermsg, spoil: () => [chatter] });
  const { problems } = await loadOn(relay.port, usermsg);
  assertMatch(problems[0] ?? "", /^No message of one client reached another, this came: welcome/);
});

Deno.test("runLoad() reports a server that ends when its clients disconnect (K10)", async () => {
  await using relay = new Relay({ dialect: usermsg, endsWithClients: true });
  const report = await loadOn(relay.port, usermsg);
  assertStrictEquals(report.survived, false);
  assertStrictEquals(report.problems.length, 1);
  assertMatch(report.problems[0] ?? "", /^The server takes no new connection .*SIGPIPE/);
});

Deno.test("runLoad() reports a server that serves no new client when its clients have left", async () => {
  await using relay = new Relay({ dialect: usermsg, mostEver: 10, full: "MSG server full\n" });
  const report = await loadOn(relay.port, usermsg);
  assertEquals(report.problems, [
    "The server serves no new clients after all others have disconnected: it ends their " +
    'connections ("server: full")',
  ]);
});

Deno.test("runLoad() reports a server that freezes in the middle, and does not wait for it", async () => {
  await using relay = new Relay({ dialect: usermsg, freezeAfter: 250 });
  const report = await loadOn(relay.port, usermsg, { timing: LITTLE, seconds: 1 });
  assertStrictEquals(
    report.problems[0],
    "The server fell silent in the fan-out phase: nothing came for 0.5 s",
  );
  assert(report.faults.lost > 0);
  assertStrictEquals(report.problems.length, 2);
});

Deno.test("runLoad() reports a server that froze in the latency phase, and the timeout", async () => {
  await using relay = new Relay({ dialect: usermsg, freezeAfter: 170 });
  const report = await loadOn(relay.port, usermsg, {
    timing: { ...LITTLE, latency: { ...LITTLE.latency, seconds: 1 } },
    seconds: 1,
  });
  assertStrictEquals(
    report.problems[0],
    "The server fell silent in the latency phase: nothing came for 0.5 s",
  );
  const { messages = 0, completed = 0, waitedInVain = 0 } = report.latency ?? {};
  assert(completed > 100 && messages < 150, `${completed} of ${messages}`);
  assert(waitedInVain >= LITTLE.latencyMs / 1000, `${waitedInVain}`);
});

Deno.test("runLoad() waits until the timeout for a lost message alone", async () => {
  const spoil: Spoil = ({ bytes, before }) => before === 150 ? [] : [bytes];
  await using relay = new Relay({ dialect: usermsg, spoil });
  // Long enough that a busy machine does not need a second wait.
  const latencyMs = 500;
  const report = await loadOn(relay.port, usermsg, { timing: { ...LITTLE, latencyMs } });
  assertStrictEquals(report.latency?.waitedInVain, latencyMs / 1000);
  assert(!report.problems.some((problem) => problem.includes("silent")), `${report.problems}`);
});

Deno.test("runLoad() reports a server that stops accepting, and runs with the connected clients", async () => {
  await using relay = new Relay({ dialect: usermsg });
  const address = { kind: "tcp", host: "127.0.0.1", port: relay.port } as const;
  const never = Promise.withResolvers<DialResult>();
  let dials = 0;
  const report = await loadOn(relay.port, usermsg, {
    dial: () => ++dials <= 15 ? dial(address, EN.client) : never.promise,
    clients: 20,
    timing: LITTLE,
  });
  never.resolve({ ok: false, error: "too late" });
  assertEquals([report.join.end, report.join.held], ["stalled", 15]);
  assertEquals(report.problems, [
    "Only 15 of 20 clients could join, then it stalled: no more connections were accepted: " +
    "try --clients 15",
  ]);
  assertStrictEquals(report.fanout?.deliveries, 600 * 14);
});

Deno.test("runLoad() reports a server that vanishes, with what there was before", async () => {
  await using relay = new Relay({ dialect: usermsg, vanishAfter: 300 });
  const report = await loadOn(relay.port, usermsg);
  assertEquals(report.problems, ["The server ended all 10 connections during the fan-out"]);
  assert((report.latency?.completed ?? 0) > 100);
  assert((report.fanout?.deliveries ?? 0) > 0);
});

Deno.test("runLoad() reports that there is no server", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const report = await loadOn(port, usermsg);
  assertStrictEquals(report.problems.length, 1);
  assertMatch(report.problems[0] ?? "", /^No server at 127\.0\.0\.1:\d+: start one/);
});

Deno.test("runLoad() reports what there is when it is stopped", async () => {
  await withServer(async (port) => {
    const stop = new AbortController();
    const report = await loadOn(port, usermsg, {
      stop: stop.signal,
      messages: Infinity,
      onProgress: ({ phase, text }) => {
        if (phase === "fan-out" && !text.startsWith("0 ")) stop.abort();
      },
    });
    assert(report.interrupted);
    assertStrictEquals(report.ok, false);
    assertEquals(report.problems, []);
    assert((report.latency?.completed ?? 0) > 100);
    assert((report.fanout?.deliveries ?? 0) > 0);
  });
});

Deno.test("runLoad() lets no wait outlast its stop", async () => {
  const stop = new AbortController();
  await using relay = new Relay({ dialect: usermsg, spoil: () => [] });
  const address = { kind: "tcp", host: "127.0.0.1", port: relay.port } as const;
  const report = await loadOn(relay.port, usermsg, {
    dial: () => {
      queueMicrotask(() => stop.abort());
      return dial(address, EN.client);
    },
    stop: stop.signal,
  });
  assert(report.interrupted);
  assertStrictEquals(report.join.end, "interrupted");
});
