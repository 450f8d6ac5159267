// Every reason for which a connection ends, provoked: what its client reads, what the others read,
// what the log records, what the counters show.

import { EN } from "../../texts/en.ts";
import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import type { DialectName } from "../../protocol/dialect.ts";
import type { CloseReason } from "../../protocol/failures.ts";
import { Operator } from "../../server/operator/operator.ts";
import type { LogEntry } from "../../server/server_options.ts";
import { Server } from "../../server/server.ts";
import { FakeClock, FakeSocket } from "../fake_clock_and_socket.ts";
import { concatBytes, phrasesOf } from "../dialect_phrases.ts";
import { turn, until } from "../until.ts";

const LISTENER = { at: { kind: "tcp", host: "192.0.2.1", port: 1 }, notices: true } as const;

/** A server with a witness, and the connection that is to end, the victim's. */
class Stage {
  readonly clock = new FakeClock();
  readonly log: LogEntry[] = [];
  readonly server = new Server({
    clock: this.clock,
    log: (entry) => this.log.push(entry),
    limits: { maxClients: 5, clientsPerAddress: 2, softQueueBytes: 100, hardQueueBytes: 10_000 },
  });
  readonly operator = new Operator(this.server, "test");
  readonly witness: FakeSocket;
  readonly victim: FakeSocket;
  #connected = 0;

  constructor(readonly dialect: DialectName) {
    this.witness = this.connect("192.0.2.9");
    this.witness.send(phrasesOf("native").hello("witness"));
    this.victim = this.connect("192.0.2.10");
  }

  /** Opens another connection, from that address (default a new one). */
  connect(address = `198.51.100.${++this.#connected}`): FakeSocket {
    const socket = new FakeSocket();
    this.server.serve({ socket, address }, this.server.sessionOptions(LISTENER));
    return socket;
  }

  /** What a socket sends first, in the dialect under test. */
  hello(name: string): Uint8Array {
    return phrasesOf(this.dialect).hello(name);
  }

  /** The victim registers. */
  async join(): Promise<void> {
    this.victim.send(this.hello("victim"));
    await until(() => this.server.chat.find("victim") !== undefined, "the victim was in the room");
    await until(() => /victim/.test(this.victim.text), "the victim was welcomed");
  }

  async close(): Promise<void> {
    const stopped = this.server.stop();
    await turn();
    for (let ms = 0; ms < 10_000; ms += 250) this.clock.advance(250);
    await stopped;
  }
}

/** How a connection is made to end for a reason. */
interface Provocation {
  /** Ends a connection; returns its socket (default the victim's). */
  readonly provoke: (stage: Stage) => Promise<FakeSocket | void> | FakeSocket | void;
  /** Whether it had a name, so that the others receive its leave. */
  readonly named: boolean;
  /** Whether its client gets a goodbye: not if it has gone, or does not read. */
  readonly reported: boolean;
  /** The dialect in which this is tried (default native and plain). */
  readonly only?: DialectName;
  /** The text of the goodbye (default that of the reason). */
  readonly words?: RegExp;
}

/** Tested with passwords and claims: password_test.ts, claims_test.ts. */
type OfSecrets = "replaced" | "wrong_passphrase" | "wrong_password";

const PROVOCATIONS: Readonly<Record<Exclude<CloseReason, OfSecrets>, Provocation>> = {
  bye: {
    named: true,
    reported: true,
    provoke: ({ victim, dialect }) => victim.send(phrasesOf(dialect).quit ?? ""),
  },
  eof: { named: true, reported: false, provoke: ({ victim }) => victim.end() },
  reset: { named: true, reported: false, provoke: ({ victim }) => victim.reset() },
  timeout: {
    named: true,
    reported: false,
    provoke: ({ victim }) => victim.fail(new Deno.errors.TimedOut("as the system says it")),
  },
  error: {
    named: true,
    reported: false,
    provoke({ server, victim, dialect }) {
      server.chat.messaging.send = () => {
        throw new Error("sabotaged by the test");
      };
      victim.send(phrasesOf(dialect).say("boom"));
    },
  },
  slow: {
    named: true,
    reported: false,
    async provoke({ victim, operator }) {
      victim.take(0);
      for (let at = 0; at < 20; at++) operator.tell("victim", "x".repeat(1_000));
      await turn();
    },
  },
  kicked: {
    named: true,
    reported: true,
    words: /kicked: be nice/,
    provoke: ({ operator }) => void operator.kick("victim", "be nice"),
  },
  banned: {
    named: true,
    reported: true,
    words: /banned: for good/,
    provoke: ({ operator }) => void operator.ban("victim", { reason: "for good" }),
  },
  shutdown: { named: false, reported: true, provoke: ({ server }) => void server.stop() },
  registration_timeout: {
    named: false,
    reported: true,
    provoke: ({ clock }) => clock.advance(60_000),
  },
  line_too_long: {
    named: true,
    reported: true,
    provoke: ({ victim }) => victim.send("x".repeat(70_000)),
  },
  binary_input: {
    named: true,
    reported: true,
    only: "framed",
    provoke: ({ victim }) => victim.send(phrasesOf("framed").sayBytes(concatBytes("a", [0], "b"))),
  },
  bad_frame: {
    named: true,
    reported: true,
    only: "framed",
    provoke: ({ victim }) =>
      victim.send(concatBytes([1, 0, 0, 0, 0, 0, 0, 0], Array(8).fill(0x7f))),
  },
  unsupported_protocol: {
    named: false,
    reported: true,
    words: /HTTP/,
    provoke: ({ victim }) => victim.send("GET / HTTP/1.1\r\n\r\n"),
  },
  resumed: {
    named: false, // the others receive no leave: the session may be resumed
    reported: true,
    only: "native",
    async provoke(stage) {
      const hello = { type: "hello", name: "victim", version: 1, hold: true };
      stage.victim.send(JSON.stringify(hello) + "\n");
      await until(() => stage.victim.text.includes('"session"'), "the victim was welcomed");
      const session = /"session":"([^"]+)"/.exec(stage.victim.text)?.[1];
      const again = { ...hello, resume: { session, since: 0 } };
      stage.connect().send(JSON.stringify(again) + "\n");
    },
  },
  server_full: {
    named: false,
    reported: true,
    words: /the server is full: 5 clients, try later/,
    provoke(stage) {
      for (let at = 0; at < 3; at++) stage.connect();
      const late = stage.connect();
      late.send(stage.hello("late"));
      return late;
    },
  },
  too_many_connections: {
    named: false,
    reported: true,
    words: /too many connections from your address: at most 2/,
    provoke(stage) {
      const [, , third] = [1, 2, 3].map(() => stage.connect("203.0.113.5"));
      assert(third);
      third.send(stage.hello("third"));
      return third;
    },
  },
};

/** The goodbye is in plain English, because the dialect is not known yet. */
const BEFORE_A_DIALECT: ReadonlySet<CloseReason> = new Set([
  "registration_timeout",
  "shutdown",
  "unsupported_protocol",
]);

for (const [name, { provoke, named, reported, only, words }] of Object.entries(PROVOCATIONS)) {
  const reason = name as keyof typeof PROVOCATIONS;
  for (const dialect of only === undefined ? ["native", "plain"] as const : [only]) {
    Deno.test(`A connection of ${dialect} ends as ${reason}: read, announced, logged and counted`, async () => {
      const stage = new Stage(dialect);
      const { server, log, witness } = stage;
      if (named) await stage.join();
      const socket = await provoke(stage) ?? stage.victim;
      await turn();
      await turn();
      if (reported) socket.end(); // it has read its goodbye
      await until(() => server.closed.has(reason), `one ended as ${reason}`);
      const expected = words ?? new RegExp(RegExp.escape(EN.closeReasons[reason]));
      if (reported) assertMatch(socket.text, expected);
      if (reported && dialect === "native" && !BEFORE_A_DIALECT.has(reason)) {
        const closed = socket.text.split("\n").find((line) => line.includes('"closed"')) ?? "";
        assertStrictEquals(JSON.parse(closed).reason, reason, socket.text);
      }
      if (!reported) {
        assert(!socket.text.includes("Goodbye") && !socket.text.includes('"closed"'));
      }
      if (named) await until(() => /"type":"left"/.test(witness.text), "the others were told");
      const left = /\{"type":"left".*\}/.exec(witness.text)?.[0];
      if (!named) assertStrictEquals(left, undefined, "nobody was there");
      else if (reason === "bye") assertStrictEquals(left, '{"type":"left","name":"victim"}');
      else assertMatch(JSON.parse(left ?? "").reason, expected);
      const logged = log.filter(({ what, details }) =>
        what === "closed" && details["reason"] === reason
      );
      assert(logged.length >= 1);
      await stage.close();
    });
  }
}
