// F77: random operations of 3 to 6 clients in any dialect, on a whole server, against a model: each
// client must receive what the model says, to the byte. operation() lists them.

import { assert, assertEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { DIALECT_NAMES } from "../../protocol/dialects.ts";
import type { ServerEvent } from "../../protocol/events.ts";
import { Operator } from "../../server/operator/operator.ts";
import { Server } from "../../server/server.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import type { Operation } from "./operation.ts";
import { Reference, type ReferenceMember } from "./reference_model.ts";
import { FuzzConnection, untilIdle } from "./fuzz_connection.ts";
import { assertEventsReceived, encodeOperation } from "./dialect_operations.ts";

const name = fc.constantFrom(
  "ann",
  "ann",
  "bob",
  "bob",
  "BOB",
  "dev",
  "user2",
  "user2_2",
  "server",
);
const group = fc.constantFrom("dev", "dev", "Dev", "ops", "bob", "all");
const text = fc.constantFrom("one", "one", "two words", "é 🐟", "é 🐟", " ");
const reason = fc.constantFrom("spam", "too loud");
const to = fc.oneof(
  fc.record({
    sigil: fc.constantFrom("@" as const, "#" as const),
    name: fc.constantFrom("ann", "bob", "ANN", "dev", "DEV", "ops", "user1", "nobody"),
  }),
  fc.constant({ sigil: "@" as const, name: "all" }),
);

/** Random operations of that many clients. */
function operation(slots: number): fc.Arbitrary<Operation> {
  const slot = fc.nat(slots - 1);
  const does = <Does extends string>(...all: Does[]) => fc.constantFrom(...all);
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        does: does("connect"),
        slot,
        dialect: fc.constantFrom(...DIALECT_NAMES),
        name,
      }),
    },
    { weight: 4, arbitrary: fc.record({ does: does("say"), slot, text }) },
    { weight: 10, arbitrary: fc.record({ does: does("say"), slot, text, to }) },
    { weight: 1, arbitrary: fc.record({ does: does("reply"), slot, text }) },
    { weight: 3, arbitrary: fc.record({ does: does("rename"), slot, name }) },
    {
      weight: 8,
      arbitrary: fc.record({ does: does("join", "join", "join", "leave"), slot, group }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ does: does("history"), slot, limit: fc.integer({ min: 1, max: 9 }) }),
    },
    { weight: 3, arbitrary: fc.record({ does: does("stall", "read", "who", "groups"), slot }) },
    { weight: 2, arbitrary: fc.record({ does: does("bye", "end", "cut"), slot }) },
    {
      weight: 1,
      arbitrary: fc.record({ does: does("kick", "kick", "kick", "ban"), name, reason }),
    },
    { weight: 1, arbitrary: fc.record({ does: does("mute", "unmute"), name }) },
    { weight: 1, arbitrary: fc.record({ does: does("wall"), text: fc.constant("lunch") }) },
  );
}

/** A client that is or was connected, and the events it must get that were not compared yet. */
interface Client {
  readonly connection: FuzzConnection;
  owed: ServerEvent[];
  /** Bytes compared so far. */
  seen: number;
  isStalled: boolean;
  /** Reset, or never reading again: what it received is no longer compared. */
  isLost: boolean;
}

/** The real server, with a connection for each slot of the model. */
class Real {
  readonly clock = new FakeClock();
  readonly log: string[] = [];
  readonly server = new Server({
    clock: this.clock,
    log: ({ what, details }) => void (what === "fault" && this.log.push(String(details["fault"]))),
  });
  readonly #operator = new Operator(this.server, "model");
  readonly #tally = { count: 0 };
  readonly #clients = new Map<ReferenceMember, Client>();

  async do(op: Operation, model: Reference): Promise<void> {
    const before = "slot" in op ? model.people[op.slot] : undefined;
    const reported = model.apply(op);
    this.#act(op, before, model);
    await untilIdle(this.server, this.#tally);
    for (const [person, events] of reported) this.#clients.get(person)?.owed.push(...events);
    this.compare();
    assertEquals(this.log, []);
  }

  #act(op: Operation, before: ReferenceMember | undefined, model: Reference): void {
    const operator = this.#operator;
    if (!("slot" in op)) {
      if (op.does === "wall") operator.wall(op.text);
      else if (op.does === "kick") operator.kick(op.name, op.reason);
      else if (op.does === "ban") operator.ban(op.name, { reason: op.reason });
      else operator[op.does](op.name);
      return;
    }
    if (op.does === "connect") {
      const person = model.people[op.slot];
      assert(person);
      const notices = op.dialect !== "framed";
      const connection = new FuzzConnection(this.server, { kind: "unix", notices }, this.#tally);
      this.#clients.set(person, { connection, owed: [], seen: 0, isStalled: false, isLost: false });
      return connection.socket.send(encodeOperation(op.dialect, op) ?? "");
    }
    const client = before && this.#clients.get(before);
    assert(before && client);
    const { socket } = client.connection;
    if (op.does === "stall" || op.does === "read") {
      client.isStalled = op.does === "stall";
      return socket.take(client.isStalled ? 0 : Infinity);
    }
    if (op.does === "cut") {
      client.isLost = true;
      return socket.reset();
    }
    return op.does === "end"
      ? socket.end()
      : socket.send(encodeOperation(before.dialect, op) ?? "");
  }

  compare(): void {
    for (const [{ dialect }, client] of this.#clients) {
      if (client.isStalled || client.isLost) continue;
      const { bytes } = client.connection.socket;
      assertEventsReceived(dialect, client.owed, bytes.subarray(client.seen));
      client.seen = bytes.length;
      client.owed = [];
    }
  }

  /** Slow readers resume reading: no event is missing. */
  async finish(): Promise<void> {
    for (const client of this.#clients.values()) {
      client.isStalled = false;
      if (!client.isLost) client.connection.socket.take();
    }
    await untilIdle(this.server, this.#tally);
    this.compare();
    for (const { connection } of this.#clients.values()) connection.socket.end();
    await untilIdle(this.server, this.#tally);
    this.clock.advance(60_000);
    await untilIdle(this.server, this.#tally);
    const { sessions, chat } = this.server;
    assertEquals([sessions.size, chat.members.size, chat.groups.size, this.clock.pending], [
      0,
      0,
      0,
      0,
    ]);
  }
}

/** An operation in a form that fast-check can shrink. */
class Command implements fc.AsyncCommand<Reference, Real> {
  constructor(readonly op: Operation) {}

  check({ people }: Readonly<Reference>): boolean {
    const { op } = this;
    if (!("slot" in op)) return true;
    const person = people[op.slot];
    const isHere = person !== undefined && !person.gone;
    if (op.does === "connect") return !isHere;
    if (!isHere) return false;
    // Half-closed, it is a member until it has read what is queued, or for 5 s.
    if (op.does === "end" && person.isStalled) return false;
    const needsNoWords = ["end", "cut", "stall", "read"].includes(op.does);
    return needsNoWords || encodeOperation(person.dialect, op) !== undefined;
  }

  run(model: Reference, real: Real): Promise<void> {
    return real.do(this.op, model);
  }

  toString(): string {
    return JSON.stringify(this.op);
  }
}

for (const slots of [3, 6]) {
  Deno.test(`F77: what ${slots} clients of any dialect get is what the model says`, async () => {
    const first = fc.tuple(...Array.from({ length: slots }, (_, slot) =>
      fc.record({
        does: fc.constant("connect" as const),
        slot: fc.constant(slot),
        dialect: fc.constantFrom(...DIALECT_NAMES),
        name,
      })));
    const commands = fc.commands([operation(slots).map((op) => new Command(op))], {
      maxCommands: 80,
      size: "max",
    });
    await fc.assert(
      fc.asyncProperty(first, commands, async (newcomers, all) => {
        const real = new Real();
        const model = new Reference(slots, new Date(real.clock.now()).toISOString());
        for (const newcomer of newcomers) await real.do(newcomer, model);
        await fc.asyncModelRun(() => ({ model, real }), all);
        await real.finish();
      }),
      { numRuns: 150 },
    );
  });
}
