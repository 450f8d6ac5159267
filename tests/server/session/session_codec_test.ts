// What a codec may change for its own connection: shown by a dialect whose requests are JSON, and
// that a line of its own switches to another encoding.

import { EN } from "../../../texts/en.ts";
import {
  assertEquals,
  assertMatch,
  assertNotStrictEquals,
  assertStrictEquals,
  fail,
} from "@std/assert";
import type { Answer, Dialect, Encoder, ServerCodec } from "../../../protocol/dialect.ts";
import type { ServerEvent } from "../../../protocol/events.ts";
import { LineDecoder } from "../../../protocol/line_decoder.ts";
import { native } from "../../../protocol/native.ts";
import type { Request } from "../../../protocol/requests.ts";
import { Connection } from "../../../server/net/connection.ts";
import { Flusher } from "../../../server/net/flusher.ts";
import { Server } from "../../../server/server.ts";
import { Session } from "../../../server/session/session.ts";
import { TurnBudget } from "../../../server/session/turn_budget.ts";
import { FakeClock, FakeSocket } from "../../fake_clock_and_socket.ts";
import { turn } from "../../until.ts";

const TEXT = new TextEncoder();

/** Two encodings that many connections share. */
const SHORT: Encoder<ServerEvent> = { encode: (event, out) => out.text(`${shown(event)}\n`) };
const LONG: Encoder<ServerEvent> = { encode: (event, out) => out.text(`LONG ${shown(event)}\n`) };

function shown(event: ServerEvent | Answer): string {
  if (event.type === "answer") return `answer ${new TextDecoder().decode(event.bytes)}`;
  const sent = event.type === "message" ? ` ${event.from} ${event.text}` : "";
  const name = event.type === "left" ? ` ${event.name} (${event.reason})` : "";
  return event.type + sent + name + ("ref" in event ? ` #${event.ref}` : "");
}

/** A line is a request as JSON, or `long` or `echo`, which switches the encoding or the echo. */
function chameleon(): ServerCodec {
  let isLong = false;
  let echo = false;
  let count = 0;
  // The change takes effect with the answer that announces it, in its turn.
  const own: Encoder<ServerEvent | Answer> = {
    encode(event, out) {
      const text = shown(event);
      if (text === "answer long") isLong = true;
      if (text === "answer echo") echo = true;
      out.text(`${++count} ${text}\n`);
    },
  };
  const read = (line: Uint8Array): Request => {
    const text = new TextDecoder().decode(line);
    if (!text.startsWith("{")) return { verb: "answer", bytes: TEXT.encode(text) };
    return JSON.parse(text);
  };
  const decoder = new LineDecoder<Request>(1_024, read, (failure) => ({
    verb: "invalid",
    failure,
    fatal: true,
  }));
  return {
    decoder,
    own,
    get encoder() {
      return isLong ? LONG : SHORT;
    },
    get echo() {
      return echo;
    },
    get flagsReplay() {
      return echo;
    },
  };
}

const CHAMELEON: Dialect = { ...native, echo: false, flagsReplay: false, server: chameleon };

/** A server, and connections that speak {@linkcode CHAMELEON}. */
class Place {
  readonly clock = new FakeClock();
  readonly server = new Server({ clock: this.clock });
  readonly #flusher = new Flusher(100);
  readonly #sessions: Session[] = [];

  connect(): { readonly session: Session; ask(...lines: string[]): Promise<string[]> } {
    const { chat, clock, fanout: delivery, limits, rounds } = this.server;
    const socket = new FakeSocket();
    const onFault = (fault: unknown) => fail(`${fault}`);
    const connection = new Connection(socket, { clock, limits, flusher: this.#flusher, onFault });
    const listener = { at: { kind: "unix", path: "/s" }, notices: false } as const;
    const turn = new TurnBudget(Infinity, () => {});
    const options = { chat, clock, delivery, limits, listener, rounds, texts: EN, turn };
    const session = new Session(connection, options, { address: "unix", refusal: undefined });
    this.#sessions.push(session);
    session.run(() => {});
    session.adopt(CHAMELEON, true);
    let seen = 0;
    const ask = async (...lines: string[]): Promise<string[]> => {
      session.feed(TEXT.encode(lines.map((line) => `${line}\n`).join("")));
      await settled();
      const text = socket.text.slice(seen);
      seen += text.length;
      return text.split("\n").slice(0, -1);
    };
    return { session, ask };
  }

  /** A registered client that has read its welcome. */
  async join(name: string): Promise<ReturnType<Place["connect"]>> {
    const person = this.connect();
    const [welcome] = await person.ask(JSON.stringify({ verb: "hello", name, hold: true }));
    assertMatch(welcome ?? "", /^1 welcome$/);
    return person;
  }

  end(): void {
    this.server.chat.muteDepartures();
    for (const session of this.#sessions) session.destroy("shutdown");
  }
}

/** Waits until everything queued has been written. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 3; turns++) await turn();
}

const say = (text: string) => JSON.stringify({ verb: "say", text, ref: text });

Deno.test("Session: what is for one connection its own encoder writes, what is for many the shared one", async () => {
  const place = new Place();
  const ana = await place.join("ana");
  const bob = await place.join("bob");
  assertEquals(await ana.ask(), ["joined"]);
  await ana.ask(say("hi"));
  assertEquals(await bob.ask(), ["message ana hi"]);
  assertEquals(await ana.ask('{"verb":"ping"}'), ["3 pong"], "it counts what it wrote");
  place.end();
});

Deno.test("Session: a decoder's answers come in order with what the chat answers", async () => {
  const place = new Place();
  const ana = await place.join("ana");
  const reported = await ana.ask("one", '{"verb":"ping"}', say("hi"), "two", '{"verb":"ping"}');
  assertEquals(reported, ["2 answer one", "3 pong", "4 ack #hi", "5 answer two", "6 pong"]);
  place.end();
});

Deno.test("Session: whose encoder changes after registration follows the log of the new one", async () => {
  const place = new Place();
  const ana = await place.join("ana");
  const bob = await place.join("bob");
  await ana.ask();
  const { log } = ana.session.outbox;
  await bob.ask(say("before"));
  const reported = await ana.ask("long");
  assertEquals(
    reported,
    ["message bob before", "2 answer long"],
    "nothing is lost or written twice",
  );
  assertNotStrictEquals(ana.session.outbox.log, log);
  await bob.ask(say("after"));
  assertEquals(await ana.ask(), ["LONG message bob after"]);
  await ana.ask(say("mine"));
  assertEquals(await bob.ask(), ["message ana mine"], "the others read as before");
  place.end();
});

Deno.test("Session: an encoder that changes before there is a name lets no client in early", async () => {
  const place = new Place();
  const ana = await place.join("ana");
  const bob = place.connect();
  await bob.ask("long");
  assertStrictEquals(bob.session.outbox.log, undefined);
  await ana.ask(say("not for bob"));
  const reported = await bob.ask(JSON.stringify({ verb: "hello", name: "bob" }));
  assertEquals(reported, ["2 welcome"]);
  await ana.ask(say("hi"));
  assertEquals(await bob.ask(), ["LONG message ana hi"]);
  place.end();
});

Deno.test("Session: each connection says whether it gets its own messages, and a replay", async () => {
  const place = new Place();
  const ana = await place.join("ana");
  assertEquals(await ana.ask(say("quiet")), ["2 ack #quiet"]);
  const reported = await ana.ask("echo", say("aloud"));
  assertEquals(reported, ["3 answer echo", "4 message ana aloud #aloud", "5 ack #aloud"]);
  const bob = place.connect();
  const welcomed = await bob.ask("echo", JSON.stringify({ verb: "hello", name: "bob" }));
  const replayed = ["3 message ana quiet", "4 message ana aloud"];
  assertEquals(welcomed, ["1 answer echo", "2 welcome", ...replayed]);
  place.end();
});

Deno.test("Session: a hangup ends the connection and holds the name; a bye says why it goes", async () => {
  const place = new Place();
  const [ana, bob, eve] = [
    await place.join("ana"),
    await place.join("bob"),
    await place.join("eve"),
  ];
  await eve.ask();
  assertStrictEquals((await ana.ask('{"verb":"hangup"}')).at(-1), "2 closed");
  assertEquals(await eve.ask(), [], "the name is held");
  assertStrictEquals(place.server.chat.find("ana")?.isDisconnected, true);
  await bob.ask(JSON.stringify({ verb: "bye", reason: "lunch" }));
  assertEquals(await eve.ask(), ["left bob (lunch)"]);
  place.end();
});
