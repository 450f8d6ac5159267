// Finding out what a server speaks, against servers in memory on a fast clock. Each records what it
// received, so that nothing that other people would see is sent twice.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import type { Wire } from "../../../client/client_connection.ts";
import {
  negotiate,
  type Negotiated,
  type NegotiationOptions,
} from "../../../client/negotiation/negotiate.ts";
import { nextNumberedName } from "../../../client/other_names.ts";
import { frame } from "../../../protocol/frames.ts";
import { EN } from "../../../texts/en.ts";
import { FastClock } from "../../fast_clock.ts";
import { FakeWire } from "../../fake_wire.ts";

/** A server: what it says first, what it answers to each line, `null` to hang up. */
interface Program {
  readonly greeting?: string;
  readonly greetsAfterMs?: number;
  readonly answer?: (received: string) => string | null | undefined;
}

/** One connection to it. */
class ProgramWire extends FakeWire {
  readonly received: string[] = [];
  readonly #program: Program;

  constructor(program: Program, clock: FastClock) {
    super();
    this.#program = program;
    const { greeting, greetsAfterMs = 0 } = program;
    if (greeting === undefined) return;
    if (greetsAfterMs === 0) this.send(greeting);
    else clock.after(greetsAfterMs, () => this.send(greeting));
  }

  override write(bytes: Uint8Array): Promise<number> {
    const text = new TextDecoder("latin1").decode(bytes);
    this.received.push(text);
    const answer = this.#program.answer?.(text);
    if (answer === null) this.end();
    else if (answer !== undefined) this.send(answer);
    return Promise.resolve(bytes.length);
  }
}

interface Found {
  readonly negotiated: Negotiated;
  /** What each connection received. */
  readonly received: readonly (readonly string[])[];
  /** How long it took, in milliseconds of the clock. */
  readonly tookMs: number;
  /** What the client reads then. */
  readonly left: string;
}

function settings(wires: ProgramWire[], program: Program, clock: FastClock): NegotiationOptions {
  return {
    asked: undefined,
    layout: undefined,
    name: "alice",
    otherName: undefined,
    failsIfTaken: true,
    greets: true,
    dial() {
      const wire = new ProgramWire(program, clock);
      wires.push(wire);
      return Promise.resolve({ ok: true, wire });
    },
    clock,
    texts: EN.client,
  };
}

async function find(program: Program, more: Partial<NegotiationOptions> = {}): Promise<Found> {
  const clock = new FastClock();
  const began = clock.monotonic();
  const wires: ProgramWire[] = [];
  const negotiated = await negotiate({ ...settings(wires, program, clock), ...more });
  assert(negotiated.ok, negotiated.ok ? "" : negotiated.error);
  const tookMs = clock.monotonic() - began;
  const left = new TextDecoder().decode(await readFrom(negotiated.wire));
  negotiated.wire.close();
  return { negotiated, received: wires.map(({ received }) => received), tookMs, left };
}

/** What is read without waiting. */
async function readFrom(wire: Negotiated["wire"]): Promise<Uint8Array> {
  if (wire.received.length === 0) return new Uint8Array(0);
  const buffer = new Uint8Array(4096);
  return buffer.slice(0, await wire.read(buffer) ?? 0);
}

const byName = (text: string) => text === "alice\n" ? "Bonjour alice\n" : undefined;

Deno.test("negotiate() answers a question for the name, once, and hands on all that was received (C5)", async () => {
  const program = { greeting: "Quel est ton pseudo ? ", answer: byName };
  const { negotiated, received, tookMs, left } = await find(program);
  assertStrictEquals(negotiated.dialect, "plain");
  assertStrictEquals(negotiated.hasJoined, true);
  assertEquals(received, [["alice\n"]]);
  assertStrictEquals(left, "Quel est ton pseudo ? \nBonjour alice\n");
  assert(tookMs < 1_000, `${tookMs} ms`);
});

Deno.test("negotiate() gives the name by the command of the greeting, or not at all (C5)", async () => {
  const byCommand = await find({ greeting: "Bienvenue, /nick NOM choisit un pseudo\n" });
  assertEquals(byCommand.received, [["/nick alice\n"]]);
  const byServer = await find({ greeting: "Vous etes user1. Commandes : /list\n" });
  assertEquals(byServer.received, [[]]);
  assertStrictEquals(byServer.negotiated.name, "user1");
  assertStrictEquals(byServer.negotiated.isNamedByServer, true);
});

Deno.test("negotiate() gives the name of plain in the same way where it was asked for (C5)", async () => {
  const { negotiated, received } = await find({ greeting: "Use /nick NAME\n" }, {
    asked: "text",
  });
  assertStrictEquals(negotiated.dialect, "plain");
  assertEquals(received, [["/nick alice\n"]]);
  const silent = await find({}, { asked: "text" });
  assertEquals(silent.received, [["alice\n"]]);
});

Deno.test("negotiate() leaves a greeting without a name to the person, who sees the prompt (C5)", async () => {
  const { negotiated, received, tookMs, left } = await find({ greeting: "Login : " }, {
    name: undefined,
  });
  assertEquals([negotiated.dialect, negotiated.hasJoined], ["plain", false]);
  assertEquals(received, [[]]);
  assertStrictEquals(left, "Login : ");
  assert(tookMs < 100, `${tookMs} ms`);
});

Deno.test("negotiate() finds minichat by its greeting and speaks native, plain where that is pinned", async () => {
  const greeting = "Welcome to minichat. Nobody is here now.\nType your name (Enter ...):\n";
  const own = { greeting, greetsAfterMs: 300, answer: () => '{"type":"pong"}\n' };
  const { negotiated, received, tookMs, left } = await find(own);
  assertEquals([negotiated.dialect, negotiated.hasJoined], ["native", false]);
  assertEquals(received, [['{"type":"ping"}\n']]);
  assertStrictEquals(left, "");
  assert(tookMs < 500, `${tookMs} ms`);
  const answer = (text: string) => text === "alice\n" ? "-- You are alice.\n" : "-! Bad name\n";
  const pinned = await find({ ...own, answer });
  assertStrictEquals(pinned.negotiated.dialect, "plain");
  assertStrictEquals(pinned.left, `${greeting}-- You are alice.\n`);
});

Deno.test("negotiate() tells silent servers apart by their answer to the name (C5)", async () => {
  const plain = await find({ answer: byName });
  assertEquals([plain.negotiated.dialect, plain.negotiated.hasJoined], ["plain", true]);
  assertEquals(plain.received, [["alice\n"]]);
  const etx = await find({ answer: () => "1 1\n" });
  assertEquals([etx.negotiated.dialect, etx.negotiated.hasJoined], ["etx", true]);
  assertStrictEquals(etx.left, "1 1\n");
  const usermsg = await find({});
  assertEquals([usermsg.negotiated.dialect, usermsg.negotiated.hasJoined], ["usermsg", true]);
  assertEquals(usermsg.received, [["alice\n", "USER alice\n"]]);
  const strict = await find({ answer: () => "ERR unknown command\n" });
  assertEquals([strict.negotiated.dialect, strict.negotiated.hasJoined], ["usermsg", false]);
  assertEquals(strict.received.length, 1);
  for (const { tookMs } of [plain, etx, usermsg, strict]) assert(tookMs < 2_000, `${tookMs} ms`);
});

Deno.test("negotiate() says hello to a server that hangs up on a name, then tries frames (C5)", async () => {
  const onlyHello = (text: string) => text === "hello alice\n" ? "0 alice\n" : null;
  const etx = await find({ answer: onlyHello });
  assertEquals([etx.negotiated.dialect, etx.negotiated.hasJoined], ["etx", true]);
  assertEquals(etx.received, [["alice\n"], ["hello alice\n"]]);
  const isFrame = (text: string) => text.startsWith("\0") ? undefined : null;
  const framed = await find({ answer: isFrame });
  assertEquals([framed.negotiated.dialect, framed.negotiated.hasJoined], ["framed", true]);
  // It waits for a whole header first.
  const late = await find({ answer: (text) => text === "alice\n" ? undefined : isFrame(text) });
  assertEquals([late.negotiated.dialect, late.negotiated.hasJoined], ["framed", true]);
  assertEquals(late.received.length, 3);
});

Deno.test("negotiate() connects again to a server that refuses the name in words and closes (C5)", async () => {
  const clock = new FastClock();
  const wires: FakeWire[] = [];
  const answers = new TextEncoder().encode("ERREUR: commande inconnue\n");
  const negotiated = await negotiate({
    ...settings([], {}, clock),
    dial() {
      const wire = new FakeWire();
      if (wires.length === 0) clock.after(750, () => (wire.send(answers), wire.end()));
      wires.push(wire);
      return Promise.resolve({ ok: true, wire });
    },
  });
  assert(negotiated.ok);
  assertEquals([negotiated.dialect, negotiated.hasJoined, wires.length], ["usermsg", false, 2]);
  assertStrictEquals(negotiated.wire.received.length, 0);
  negotiated.wire.close();
});

Deno.test("negotiate() says hello on a connection of its own where the name was a command (C5)", async () => {
  const answers = [
    (text: string) => text.startsWith("USER") ? "?\x03" : undefined,
    () => "Unknown command\x03",
  ];
  for (const answer of answers) {
    const { negotiated, received, left } = await find({ answer });
    assertEquals([negotiated.dialect, negotiated.hasJoined], ["etx", false]);
    assertEquals([received.length, received[1], left], [2, [], ""]);
  }
});

Deno.test("negotiate() leaves out what a silent native server answers to the name", async () => {
  const answer = () => '{"type":"error","code":"bad_request","message":"Not JSON"}\n';
  const { negotiated, left } = await find({ answer });
  assertEquals([negotiated.dialect, negotiated.hasJoined, left], ["native", false, ""]);
});

Deno.test("negotiate() tries the headers of frames until the server does not hang up (C5)", async () => {
  const latin1 = (headerBytes: 16 | 12 | 8, name = "alice") =>
    new TextDecoder("latin1").decode(frame({ headerBytes, littleEndian: true }, 0, name));
  for (const headerBytes of [16, 12, 8] as const) {
    const answer = (text: string) => text === latin1(headerBytes) ? undefined : null;
    const asked = await find({ answer }, { asked: "frames" });
    assertEquals(asked.negotiated.layout, { headerBytes, littleEndian: true });
    const onUnixSocket = await find({ answer }, { greets: false });
    assertEquals(onUnixSocket.negotiated.layout, { headerBytes, littleEndian: true });
    assertStrictEquals(onUnixSocket.negotiated.hasJoined, true);
  }
  // A name so short that a server waits for the rest of a longer header.
  let tried = 0;
  const reads12 = (text: string) => {
    if (text === latin1(12, "bo")) return undefined;
    return text === latin1(8, "bo") && ++tried === 1 ? undefined : null;
  };
  const short = await find({ answer: reads12 }, { asked: "frames", name: "bo" });
  assertEquals(short.received.map((texts) => texts.length), [1, 2, 2]);
  const layout = { headerBytes: 16, littleEndian: true } as const;
  const options = { asked: "frames", layout } as const;
  const wires: ProgramWire[] = [];
  const clock = new FastClock();
  const program = { answer: () => null };
  const failed = await negotiate({ ...settings(wires, program, clock), ...options });
  assert(!failed.ok);
  assertMatch(failed.error, /hung up on the header.*--header 16, 12 or 8/);
});

Deno.test("negotiate() finds minichat on a Unix socket by an error, which joins no chat (C5)", async () => {
  const { negotiated, received, left } = await find(
    { answer: () => '{"type":"error"}\n' },
    { greets: false },
  );
  assertEquals([negotiated.dialect, negotiated.hasJoined], ["native", false]);
  assertEquals(received, [[`{}${"\0".repeat(14)}`]]);
  assertStrictEquals(left, "");
});

Deno.test("negotiate() says that a server ended of what was tried, and the flag that tries nothing", async () => {
  for (
    const [more, flag] of [
      [{ greets: false }, /no longer accepts.*add --dialect framed to/],
      [{}, /no longer accepts.*add --dialect to/],
      [{ asked: "frames" }, /no longer accepts.*add --header 16, 12 or 8 to/],
    ] as const
  ) {
    const clock = new FastClock();
    const options = { ...settings([], { answer: () => null }, clock), ...more };
    let hasEnded = false;
    const once = (): ReturnType<typeof options.dial> => {
      if (hasEnded) return Promise.resolve({ ok: false, error: "No server" });
      hasEnded = true;
      return options.dial();
    };
    const failed = await negotiate({ ...options, dial: once });
    assert(!failed.ok);
    assertMatch(failed.error, flag);
    const absent = await negotiate({ ...options, dial: once });
    assert(!absent.ok);
    assertStrictEquals(absent.error, "No server");
  }
});

Deno.test("negotiate() reads other first bytes: frames, MSG, flows (C5)", async () => {
  const cases = [["\x01\0\0\0", "framed"], ["MSG bob hi\n", "usermsg"], ["hi\x03", "etx"]] as const;
  for (const [greeting, dialect] of cases) {
    const { negotiated, received, left } = await find({ greeting });
    assertEquals([negotiated.dialect, negotiated.hasJoined], [dialect, false]);
    assertEquals(received, [[]]);
    assertStrictEquals(left, greeting);
  }
});

Deno.test("negotiate() takes another name where one is refused, or says why not (C4)", async () => {
  const answer = (text: string) => text === "alice_3\n" ? "Bonjour !\n" : "Pseudo deja pris\n";
  const program = { greeting: "Votre pseudo :\n", answer };
  const { negotiated, received } = await find(program, { otherName: nextNumberedName });
  assertStrictEquals(negotiated.name, "alice_3");
  assertEquals(received, [["alice\n", "alice_2\n", "alice_3\n"]]);
  const wires: ProgramWire[] = [];
  const failed = await negotiate(settings(wires, program, new FastClock()));
  assert(!failed.ok);
  assertStrictEquals(failed.error, 'The server does not take the name "alice": Pseudo deja pris');
  assertStrictEquals(wires[0]?.closed, 1);
  const asking = await find(program, { failsIfTaken: false });
  assertStrictEquals(asking.left, "Votre pseudo :\nPseudo deja pris\n");
});

Deno.test("negotiate() fails with what a server sends before it closes immediately (C5)", async () => {
  const wire: Wire = new FakeWire(new TextEncoder().encode("Welcome\nServer full\n"), null);
  const options = settings([], {}, new FastClock());
  const dial = () => Promise.resolve({ ok: true, wire } as const);
  const negotiated = await negotiate({ ...options, dial });
  assert(!negotiated.ok);
  assertStrictEquals(negotiated.error, "The server closed the connection: Server full");
});
