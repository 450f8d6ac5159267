// A server with a password: a client that has not given it receives nothing and is not seen, in any
// dialect; mistakes are delayed and end in a close.

import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { DIALECT_PHRASES } from "../dialect_phrases.ts";
import { type Guest, ServerFixture } from "./server_fixture.ts";
import { until } from "../until.ts";

const PASSWORD = "correct horse";

/** How a client gives the password in each dialect, and what it sends before and after. */
function entrance(dialect: string, name: string): readonly (string | Uint8Array)[] {
  const book = DIALECT_PHRASES.find((one) => one.dialect === dialect);
  assert(book);
  switch (dialect) {
    case "native":
      return [`{"type":"hello","name":"${name}","password":"${PASSWORD}"}\n`];
    case "plain":
      return [`${PASSWORD}\n`, book.hello(name)];
    case "etx":
      return [book.hello(name), `${PASSWORD}\n`];
    default:
      return [book.hello(name), book.say(PASSWORD)];
  }
}

for (const { dialect, hello, say, welcome } of DIALECT_PHRASES) {
  Deno.test(`A password opens the door in ${dialect}, in one go or piece by piece`, async () => {
    await using fixture = await ServerFixture.open({ password: PASSWORD });
    const first = await fixture.connect(dialect);
    for (const part of entrance(dialect, "alice")) await first.send(part);
    await first.match(welcome);
    assert(fixture.isHere("alice"));
    const second = await fixture.connect(dialect);
    const parts = [...entrance(dialect, "bob"), say("hello there")];
    const bytes = parts.map((part) =>
      typeof part === "string" ? new TextEncoder().encode(part) : part
    );
    await second.send(Uint8Array.from(bytes.flatMap((part) => [...part])));
    await first.match(/hello there/);
    await fixture.canary();
  });

  Deno.test(`Without the password ${dialect} receives nothing and reaches no member`, async () => {
    await using fixture = await ServerFixture.open({
      password: PASSWORD,
      limits: { greetAfterMs: 50 },
    });
    const insider = await fixture.connect("native");
    await insider.send(entrance("native", "insider")[0] ?? "");
    await insider.match(/"welcome"/);
    const stranger = await fixture.connect(dialect);
    await stranger.send(hello("alice"));
    await stranger.send(say("spam spam"));
    await stranger.match(/[Pp]assword/);
    await insider.say("a secret");
    await insider.barrier();
    assertStrictEquals(fixture.isHere("alice"), false);
    const reported = JSON.stringify([...stranger.seen, ...insider.seen.slice(1)]);
    assert(!/insider is|people? (is|are) here|spam|joined/.test(reported), reported);
    assert(!JSON.stringify(stranger.seen).includes("insider"), reported);
    assert(!JSON.stringify(stranger.seen).includes("secret"), reported);
  });
}

Deno.test("Raw text on a Unix socket gives the password on its first line", async () => {
  await using fixture = await ServerFixture.open({ password: PASSWORD });
  const insider = await fixture.connect("native");
  await insider.send(entrance("native", "insider")[0] ?? "");
  await insider.match(/"welcome"/);
  const raw = await fixture.connect("plain", fixture.unix);
  await raw.send(`${PASSWORD}\nfrom a pipe`);
  await insider.match(/"text":"from a pipe"/);
});

Deno.test("A silent client is asked for the password first, and greeted only when it was right", async () => {
  await using fixture = await ServerFixture.open({
    password: PASSWORD,
    limits: { greetAfterMs: 50 },
  });
  const guest = await fixture.connect("plain");
  assertMatch(await guest.match(/./), /^-- This chat has a password: type it within 60 s/);
  await guest.send(`${PASSWORD}\n`);
  await guest.match(/^Welcome to minichat/);
  await guest.match(/^Type your name/);
  const leaver = await fixture.connect("plain");
  await leaver.send("/quit\n");
  await leaver.match(/Goodbye/);
});

Deno.test("Three wrong passwords close a connection, slower each time; others are not held up", async () => {
  const clock = new FakeClock();
  await using fixture = await ServerFixture.open({ password: PASSWORD, clock });
  const fool = await fixture.connect("plain");
  await fool.send("one\ntwo\nthree\nfour\n");
  const answers = () => fool.seen.filter((line) => line.includes("Wrong password")).length;
  for (const [at, ms] of [500, 1_000].entries()) {
    await until(() => answers() === at + 1, `answer ${at + 1}`);
    clock.advance(ms - 1);
    await fixture.canary();
    assertStrictEquals(answers(), at + 1);
    clock.advance(1);
  }
  await fool.match(/^-- Goodbye: gave a wrong password too often/);
  await fool.ended();
  await fixture.closes("wrong_password");
  assert(!JSON.stringify(fixture.log).includes("three"));
});

Deno.test("However many mistakes come from an address, a neighbour with the password gets in", async () => {
  const clock = new FakeClock();
  await using fixture = await ServerFixture.open({ password: PASSWORD, clock });
  for (let at = 0; at < 60; at++) {
    const fool = await fixture.connect("native");
    await fool.send('{"type":"hello","password":"wrong"}\n');
    await until(() => {
      clock.advance(1_000);
      return fool.seen.length > 0;
    }, "the fool was answered");
    await fool.client[Symbol.asyncDispose]();
  }
  const neighbour = await fixture.connect("native");
  await neighbour.send(entrance("native", "neighbour")[0] ?? "");
  await fixture.canary();
  clock.advance(5_000); // the longest delay for other clients' mistakes
  await neighbour.match(/"welcome"/);
  await until(() => {
    clock.advance(1_000);
    return fixture.server.sessions.size === 1;
  }, "the fools had gone");
});

Deno.test("A3, A8: of a flood ten guesses are judged; who knows the password waits and gets in", async () => {
  const clock = new FakeClock();
  await using fixture = await ServerFixture.open({
    password: PASSWORD,
    clock,
    limits: { registrationMs: 1_000, greetedMs: 1_000 },
  });
  const fools: Guest[] = [];
  for (let at = 0; at < 60; at++) {
    const fool = await fixture.connect("native");
    await fool.send('{"type":"hello","password":"wrong"}\n');
    fools.push(fool);
  }
  const answers = (code: string) =>
    fools.filter(({ seen }) => seen.join().includes(`"code":"${code}"`)).length;
  await until(() => answers("wrong_password") === 10, "ten were judged");
  const owner = await fixture.connect("native");
  await owner.send(entrance("native", "owner")[0] ?? "");
  await until(() => answers("too_many_guesses") === 1, "the oldest that waited made room");
  // The owner waits for 4.9 s, longer than a registration may take (A3).
  for (let at = 0; at < 50; at++) clock.advance(100);
  await owner.match(/"welcome"/);
  await until(() => answers("too_many_guesses") === 50, "the others got no judgement");
  assertStrictEquals(answers("wrong_password"), 10);
});

Deno.test("native gets password_required for whatever it asks before hello", async () => {
  await using fixture = await ServerFixture.open({ password: PASSWORD });
  const bot = await fixture.connect("native");
  for (const type of ["who", "groups", "history", "hello", "whoami", "help"]) {
    await bot.client.request({ type, ref: type });
    const line = await bot.match(new RegExp(`"ref":"${type}"`));
    assertMatch(line, /"code":"password_required"/);
  }
  await bot.client.request({ type: "ping", ref: 1 });
  await bot.match(/"pong"/);
});

Deno.test("Many requests before the password are all answered, a turn's worth at a time", async () => {
  await using fixture = await ServerFixture.open({ password: PASSWORD });
  const newcomer = await fixture.connect("native");
  const asked = 5 * fixture.server.limits.requestsPerTurn;
  await newcomer.send('{"type":"who"}\n'.repeat(asked));
  await until(() => newcomer.seen.length === asked, "every request was answered");
});
