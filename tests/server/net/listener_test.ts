import { assert, assertEquals, assertMatch, assertStrictEquals, fail } from "@std/assert";
import type { Problem } from "../../../protocol/problem.ts";
import type { ListenAddress } from "../../../server/net/address.ts";
import { acceptLoop, bind, type BoundListener } from "../../../server/net/listener.ts";
import { EN } from "../../../texts/en.ts";
import { FakeClock } from "../../fake_clock_and_socket.ts";
import { turn, until } from "../../until.ts";

/** A listener whose calls of `accept()` the test answers. */
class FakeListener {
  readonly #waiting: PromiseWithResolvers<Deno.Conn>[] = [];
  accepts = 0;

  accept(): Promise<Deno.Conn> {
    this.accepts++;
    const settle = Promise.withResolvers<Deno.Conn>();
    this.#waiting.push(settle);
    return settle.promise;
  }

  connect(conn: Deno.Conn): void {
    this.#waiting.shift()?.resolve(conn);
  }

  fail(problem: Error): void {
    this.#waiting.shift()?.reject(problem);
  }
}

/** An accept loop on a fake listener. */
function looping() {
  const listener = new FakeListener();
  const clock = new FakeClock();
  const accepted: Deno.Conn[] = [];
  const problems: unknown[] = [];
  const ended = acceptLoop(listener, {
    clock,
    limits: { acceptBackoffMs: 100 },
    onConnection: (conn) => accepted.push(conn),
    onError: (problem) => problems.push(problem),
  });
  return { listener, clock, accepted, problems, ended };
}

/** A connection to be accepted; the loop only passes it on. */
function conn(): Deno.Conn {
  return {} as Deno.Conn;
}

Deno.test("acceptLoop() hands on every connection until the listener is closed", async () => {
  const { listener, accepted, problems, ended } = looping();
  const conns = [conn(), conn()];
  for (const one of conns) {
    listener.connect(one);
    await turn();
  }
  listener.fail(new Deno.errors.BadResource("Listener has been closed"));
  await ended;
  assertEquals(accepted, conns);
  assertEquals(problems, []);
});

Deno.test("acceptLoop() ends when the listener is closed while it waits", async () => {
  const { listener, problems, ended } = looping();
  listener.fail(new Deno.errors.Interrupted("operation canceled"));
  await ended;
  assertEquals(problems, []);
});

Deno.test("acceptLoop() continues immediately after a peer that reset before it was accepted (F23)", async () => {
  const { listener, clock, accepted, problems, ended } = looping();
  const { ConnectionReset, ConnectionAborted, NotConnected } = Deno.errors;
  for (const Problem of [ConnectionReset, ConnectionAborted, NotConnected]) {
    const before = listener.accepts;
    listener.fail(new Problem("gone"));
    await until(() => listener.accepts === before + 1, "the next accept");
  }
  assertStrictEquals(clock.pending, 0);
  listener.connect(conn());
  await turn();
  assertStrictEquals(accepted.length, 1);
  assertStrictEquals(problems.length, 3);
  listener.fail(new Deno.errors.BadResource("closed"));
  await ended;
});

Deno.test("acceptLoop() waits after exhausted descriptors, as often as it must, then accepts (F43)", async () => {
  const { listener, clock, accepted, problems, ended } = looping();
  for (let times = 1; times <= 3; times++) {
    listener.fail(new Error("Too many open files (os error 24)"));
    await until(() => clock.pending === 1, "the pause");
    clock.advance(99);
    await turn();
    assertStrictEquals(listener.accepts, times, "not before its time");
    clock.advance(1);
    await until(() => listener.accepts === times + 1, "the next accept");
  }
  listener.connect(conn());
  await turn();
  assertStrictEquals(accepted.length, 1);
  assertStrictEquals(problems.length, 3);
  listener.fail(new Deno.errors.BadResource("closed"));
  await ended;
});

const LIMITS = { tcpBacklog: 16 };

function at(host: string, port: number): ListenAddress {
  return { at: { kind: "tcp", host, port }, notices: false };
}

/** The listener; fails if it was not bound. */
function bound(answer: BoundListener | Problem): BoundListener {
  if ("error" in answer) fail(answer.error);
  return answer;
}

/** The error message; fails if the listener was bound. */
function problem(answer: BoundListener | Problem): string {
  if ("error" in answer) return answer.error;
  answer.listener.close();
  fail("It was bound");
}

/** Binds a port of the system's choice while `use` runs. */
async function onSomePort(
  use: (port: number, held: BoundListener) => Promise<void>,
): Promise<void> {
  const held = bound(await bind(at("127.0.0.1", 0), LIMITS, EN.serve.listen));
  try {
    const place = held.address.at;
    assert(place.kind === "tcp" && place.port > 0, "the port it got is told");
    await use(place.port, held);
  } finally {
    held.listener.close();
    held.release();
  }
}

Deno.test("bind() accepts connections, and returns the port if 0 was asked", async () => {
  await onSomePort(async (port, held) => {
    const [client, accepted] = await Promise.all([
      Deno.connect({ hostname: "127.0.0.1", port }),
      held.listener.accept(),
    ]);
    client.close();
    accepted.close();
  });
});

Deno.test("bind() says that a port is in use, and what to do (F60)", async () => {
  await onSomePort(async (port) => {
    assertStrictEquals(
      problem(await bind(at("127.0.0.1", port), LIMITS, EN.serve.listen)),
      `Port ${port} is in use: stop the program that listens there, or choose another with --port`,
    );
  });
});

Deno.test("bind() takes a port again immediately after it was served on (R47)", async () => {
  let used = 0;
  await onSomePort(async (port, held) => {
    used = port;
    const [client, accepted] = await Promise.all([
      Deno.connect({ hostname: "127.0.0.1", port }),
      held.listener.accept(),
    ]);
    // The server's side closes first, so that its half stays in TIME_WAIT.
    accepted.close();
    await client.read(new Uint8Array(1));
    client.close();
  });
  bound(await bind(at("127.0.0.1", used), LIMITS, EN.serve.listen)).listener.close();
});

Deno.test("bind() says that a host is no address of this machine", async () => {
  assertStrictEquals(
    problem(await bind(at("192.0.2.1", 0), LIMITS, EN.serve.listen)),
    "192.0.2.1 is no address of this machine: choose another --host, or leave it out",
  );
});

Deno.test("bind() returns an error message with a remedy if a host has no address", async () => {
  const words = problem(await bind(at("no..host", 0), LIMITS, EN.serve.listen));
  assertMatch(words, /^Cannot listen at no\.\.host:0: .*: choose another --host or --port$/);
  assert(!words.includes("\n"));
});
