// F35: a kick ends exactly one membership, once, whatever the member or another operator does at
// that moment; it does not hit a client that has no name yet, or is still proving one.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import type { DialectName } from "../../protocol/dialect.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { absentOwner, owner, SECRET } from "./claimed_names.ts";
import { DIALECT_PHRASES } from "../dialect_phrases.ts";
import { type Guest, ServerFixture } from "./server_fixture.ts";
import { until } from "../until.ts";

/** Kicks of one test, and messages sent in each, in one write. */
const ROUNDS = 20;
const SAID = 200;
const HASTE = { messageRate: 10_000_000, messageBurst: 1_000_000 };

/** The members whose leaving the operator's console showed, in order. */
function left(fixture: ServerFixture): (string | undefined)[] {
  return fixture.watched.flatMap((event) => event.type === "left" ? [event.name] : []);
}

/** Fails if a handler threw, or if the server does not answer. */
async function isSound(fixture: ServerFixture): Promise<void> {
  assertEquals(fixture.log.filter(({ level }) => level === "error"), []);
  await fixture.canary();
}

/** An operator in a chat client. */
async function chatOperator(
  fixture: ServerFixture,
  dialect: DialectName,
  name: string,
): Promise<Guest> {
  await absentOwner(fixture, name);
  assert(fixture.operator.setOperator(name, true).ok);
  const guest = dialect === "etx"
    ? await fixture.join(dialect, "doorman")
    : await fixture.connect(dialect);
  if (dialect === "native") {
    await guest.client.request({ type: "hello", name, passphrase: SECRET });
  } else if (dialect === "etx") await guest.send(`n ${name} ${SECRET}\n`);
  else await guest.send(guest.book.hello(`${name} ${SECRET}`));
  await until(() => fixture.isHere(name), `${name} was in`);
  return guest;
}

for (const { dialect, say } of DIALECT_PHRASES) {
  Deno.test(`F35: who speaks ${dialect} is kicked in the middle of a write`, async () => {
    await using fixture = await ServerFixture.open({ limits: HASTE });
    const witness = await fixture.join("native", "witness");
    for (let round = 0; round < ROUNDS; round++) {
      const name = `victim-${round}`;
      const victim = await fixture.join(dialect, name);
      const words = Array.from({ length: SAID }, (_, number) => `word ${number}.`);
      const flood = Uint8Array.from(words.flatMap((word) => [...say(word)]));
      const sent = victim.send(flood).catch(() => {}); // the server closes before it has read all
      // In some rounds before the first word has arrived, in others with some of them stored.
      if (round % 2 === 1) await witness.match(new RegExp(`"from":"${name}"`));
      assert(fixture.operator.kick(name, "too loud").ok);
      assert(!fixture.operator.kick(name, "").ok, "nobody of that name is left");
      await sent;
      const lines = await victim.ended();
      await witness.barrier();
      const reported = witness.seen.map((line) => JSON.parse(line))
        .filter((event) => event.from === name || event.name === name);
      const received = reported.filter(({ type }) => type === "message").map(({ text }) => text);
      assertEquals(received, words.slice(0, received.length));
      assertEquals(
        reported.slice(received.length + 1).map(({ type, reason }) => [type, reason]),
        [
          ["left", "kicked: too loud"],
        ],
        "the last that is heard of it is that it was kicked",
      );
      if (dialect === "native") answered(lines, received.length);
    }
    await fixture.closes("kicked", ROUNDS);
    await isSound(fixture);
  });
}

/**
 * Fails unless exactly the messages that were received are acknowledged, followed by one goodbye.
 */
function answered(lines: readonly string[], received: number): void {
  const events = lines.map((line) => JSON.parse(line));
  const expected = [...Array(received).fill("ack"), "closed"];
  // A reset may have cost the client what it had not read; what it has read is in order.
  const types = events.map(({ type }) => type).filter((type) => type !== "message"); // its echo
  assertEquals(types, expected.slice(0, types.length));
  if (types.at(-1) === "closed") assertStrictEquals(events.at(-1).reason, "kicked");
}

for (
  const [dialect, typed] of [["plain", "/"], ["etx", "/"], ["usermsg", ""], ["native", ""]] as const
) {
  Deno.test(`F35: an operator who speaks ${dialect} kicks itself`, async () => {
    await using fixture = await ServerFixture.open();
    const witness = await fixture.join("plain", "witness");
    const alice = await chatOperator(fixture, dialect, "alice");
    const order = (line: string) =>
      dialect === "native" ? `${JSON.stringify({ type: "admin", line })}\n` : `${typed}${line}\n`;
    // What follows it in the same write is ignored.
    await alice.send(order("kick alice enough") + order("wall still here"));
    assertMatch((await alice.ended()).join("\n"), /kicked: enough/);
    const lines = (await witness.barrier()).filter((line) => /alice left|still here/.test(line));
    assertStrictEquals(lines.length, 2, lines.join("\n")); // the absent owner's leaving was the first
    assertMatch(lines.at(-1) ?? "", /^-- alice left \(kicked: enough\)/);
    await fixture.closes("kicked");
    await isSound(fixture);
  });
}

Deno.test("F35: operators who kick one member at the same time, or each other, kick once", async () => {
  await using fixture = await ServerFixture.open({ limits: HASTE });
  const kickers = [
    await chatOperator(fixture, "native", "alice"),
    await chatOperator(fixture, "plain", "bob"),
  ];
  const order = (kicker: Guest, line: string) =>
    kicker.book.dialect === "native"
      ? kicker.client.request({ type: "admin", line })
      : kicker.send(`/${line}\n`);
  for (let round = 0; round < ROUNDS; round++) {
    const name = `victim-${round}.`;
    const victim = await fixture.join("native", name);
    const turns = round % 2 === 0 ? kickers : kickers.toReversed();
    await Promise.all(turns.map((kicker) => order(kicker, `kick ${name}`)));
    const answers = await Promise.all(
      kickers.map((kicker) => kicker.match(new RegExp(`Kicked ${name}|No member called`))),
    );
    assertStrictEquals(answers.filter((answer) => answer.includes("Kicked")).length, 1);
    await victim.ended();
    assertStrictEquals(left(fixture).filter((one) => one === name).length, 1);
  }
  const before = left(fixture).length;
  await Promise.all([
    order(kickers[0] as Guest, "kick bob"),
    order(kickers[1] as Guest, "kick alice"),
  ]);
  await until(() => left(fixture).length > before, "one of them was kicked");
  const survivor = kickers.find((_, at) => fixture.isHere(at === 0 ? "alice" : "bob"));
  assert(survivor, "whoever came second was gone and not heard");
  await survivor.match(/Kicked (alice|bob)/);
  assertStrictEquals(left(fixture).length, before + 1);
  await fixture.closes("kicked", ROUNDS + 1);
  await isSound(fixture);
});

Deno.test("F35: a kick does not hit who has no name yet, whatever is asked of it", async () => {
  await using fixture = await ServerFixture.open({ password: "letmein" });
  for (const { dialect, hello, say, welcome } of DIALECT_PHRASES) {
    const newcomer = await fixture.connect(dialect);
    assert(!fixture.operator.kick("", "").ok);
    await newcomer.send(dialect === "plain" ? "/who\n" : hello(dialect));
    await newcomer.match(/[Pp]assword/);
    assert(!fixture.operator.kick(dialect, "").ok, "it is nobody");
    if (dialect === "native") {
      await newcomer.client.request({ type: "hello", name: dialect, password: "letmein" });
    } else if (dialect === "plain") await newcomer.send(`letmein\n${dialect}\n`);
    else await newcomer.send(dialect === "etx" ? "letmein\n" : say("letmein"));
    await newcomer.match(welcome);
    assertEquals(left(fixture), []);
    assert(fixture.operator.kick(dialect, "").ok, "now it is somebody");
    await newcomer.ended();
    assertEquals(left(fixture), [dialect]);
    fixture.watched.splice(0);
  }
  await isSound(fixture);
});

Deno.test("F35: a kick while a passphrase is proven hits the name that is there, once", async () => {
  await using fixture = await ServerFixture.open();
  await absentOwner(fixture, "alice");
  fixture.watched.splice(0);
  const proof = { name: "alice", passphrase: SECRET };

  // A new connection: it has no name until it has proven it.
  const newcomer = await fixture.connect("native");
  await newcomer.client.request({ type: "hello", ...proof });
  await until(() => fixture.server.sessions.size > 0, "it was there");
  const kicked = fixture.operator.kick("alice", "").ok;
  if (kicked) await newcomer.ended();
  else await newcomer.match(/"type":"welcome".*"name":"alice"/);
  assertEquals(left(fixture), kicked ? ["alice"] : []);
  if (!kicked) assert(fixture.operator.kick("alice", "").ok);
  await newcomer.ended();
  assertEquals(left(fixture), ["alice"]);

  // A member that is kicked by its name in the turn in which a proof of another name begins.
  for (let round = 0; round < ROUNDS; round++) {
    fixture.watched.splice(0);
    const bob = await fixture.join("native", "bob");
    const began = bob.client.request({ type: "login", ...proof });
    if (round % 2 === 1) await began;
    const was = fixture.isHere("bob") ? "bob" : "alice";
    assert(fixture.operator.kick(was, "").ok);
    await began;
    await bob.ended();
    assertEquals(left(fixture), [was]);
    assertStrictEquals(fixture.isHere("alice") || fixture.isHere("bob"), false);
  }
  await until(() => fixture.server.sessions.size === 0, "nobody was left");
  await isSound(fixture);
});

Deno.test("F35: a member kicked while disconnected leaves once, and cannot resume", async () => {
  const clock = new FakeClock();
  await using fixture = await ServerFixture.open({ clock });
  const witness = await fixture.join("native", "witness");
  const away = await fixture.connect("native");
  await away.client.request({ type: "hello", name: "away", hold: true });
  const { session } = JSON.parse(await away.match(/"type":"welcome"/));
  away.client.conn.close();
  await until(() => fixture.server.chat.find("away")?.isDisconnected === true, "it was missed");
  assert(fixture.operator.kick("away", "for good").ok);
  assert(!fixture.operator.kick("away", "").ok);
  clock.advance(fixture.server.limits.graceMs + 1_000);
  const again = await fixture.connect("native");
  await again.client.request({ type: "hello", hold: true, resume: { session, since: 0 } });
  await again.match(/"code":"no_such_session"/);
  await witness.barrier();
  const reported = witness.seen.map((line) => JSON.parse(line)).filter(({ type }) =>
    type === "left"
  );
  assertEquals(reported.map(({ name, reason }) => [name, reason]), [[
    "away",
    "kicked: for good",
  ]]);
  await isSound(fixture);
});

Deno.test("F35: a kick of a name that is being taken over ends one of the two, and the name", async () => {
  await using fixture = await ServerFixture.open();
  const ghost = await owner(fixture, "alice");
  const heir = await fixture.connect("native");
  await heir.client.request({ type: "hello", name: "alice", passphrase: SECRET });
  assert(fixture.operator.kick("alice", "").ok);
  assertMatch((await ghost.ended()).join("\n"), /"reason":"kicked"/);
  await heir.match(/"type":"welcome".*"name":"alice"/);
  await heir.barrier();
  assertEquals(left(fixture), ["alice"]);
  await isSound(fixture);
});
