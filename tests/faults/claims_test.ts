// Claimed names: refused to others in every dialect, proven by their owners, taken back from dead
// connections; commands of operators; floods of attempts; restarts.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { openStore } from "../../server/store/store.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { absentOwner, owner, SECRET } from "./claimed_names.ts";
import { type Guest, ServerFixture } from "./server_fixture.ts";
import { DIALECT_PHRASES } from "../dialect_phrases.ts";
import { until } from "../until.ts";

for (const { dialect, hello, rename, welcome, refusal } of DIALECT_PHRASES) {
  Deno.test(`A claimed name, and what looks like it, is refused to others in ${dialect}`, async () => {
    await using fixture = await ServerFixture.open();
    await absentOwner(fixture, "alice");
    for (const name of ["alice", "ALICE", "\u0251lice"]) {
      const thief = await fixture.connect(dialect);
      await thief.send(hello(name));
      const line = await thief.match(new RegExp(`${welcome.source}|claimed`));
      assert(!/You are alice|"name":"alice"|\d alice$/i.test(line), line);
      assertStrictEquals(fixture.isHere("alice"), false);
    }
    const other = await fixture.join(dialect, "bob");
    await other.send(rename("alice"));
    assertMatch(await other.match(refusal), /claimed/);
    assertStrictEquals(fixture.isHere("alice"), false);
    await fixture.canary();
  });

  if (dialect === "native" || dialect === "etx") continue;

  Deno.test(`The owner of a name proves it in ${dialect}, after the name`, async () => {
    await using fixture = await ServerFixture.open();
    await absentOwner(fixture, "alice");
    const back = await fixture.connect(dialect);
    await back.send(hello(`alice ${SECRET}`));
    assertMatch(await back.match(welcome), /alice/);
    assert(fixture.isHere("alice"));
  });
}

Deno.test("In etx n NAME PASSPHRASE proves a name", async () => {
  await using fixture = await ServerFixture.open();
  await absentOwner(fixture, "alice");
  const back = await fixture.join("etx", "bob");
  await back.send(`n alice ${SECRET}\n`);
  await back.match(/You are now alice/);
});

Deno.test("In plain the passphrase is asked for, also in one go, and is never shown or a name", async () => {
  await using fixture = await ServerFixture.open({ limits: { greetAfterMs: 50 } });
  await absentOwner(fixture, "alice");
  const bystander = await fixture.join("native", "bystander");
  const once = await fixture.connect("plain");
  await once.send(`alice\n${SECRET}\nhello all\n/quit\n`);
  await once.match(/Type the passphrase of alice/);
  await once.match(/^-- You are alice/);
  await bystander.match(/"from":"alice","text":"hello all"/);
  await once.ended();

  const unsure = await fixture.connect("plain");
  await unsure.send("alice\nwrongword\n");
  await unsure.match(/^-! Wrong name or passphrase/);
  await unsure.send("\n");
  await unsure.match(/Type another name/);
  await unsure.send("carol\n");
  await unsure.match(/^-- You are carol/);
  const reported = JSON.stringify([fixture.watched, fixture.log, bystander.seen]);
  assert(!reported.includes(SECRET) && !reported.includes("wrongword"), reported);
});

Deno.test("A client that proves a name takes it over from the connection that has it", async () => {
  await using fixture = await ServerFixture.open();
  const ghost = await owner(fixture, "alice");
  const back = await fixture.join("plain", "bob");
  await back.send(`/login alice ${SECRET}\n`);
  await back.match(/^-- You are now alice/);
  assertMatch((await ghost.ended()).join("\n"), /"reason":"replaced"/);
  const third = await fixture.connect("native");
  await third.client.request({ type: "hello", name: "alice", passphrase: SECRET });
  await third.match(/"type":"welcome".*"name":"alice"/);
  await fixture.closes("replaced", 2);
});

Deno.test("A wrong passphrase and a name that is not claimed get the same text, and end in a close", async () => {
  await using fixture = await ServerFixture.open();
  await absentOwner(fixture, "alice");
  const answers: string[] = [];
  for (const name of ["alice", "nobody"]) {
    const guest = await fixture.join("native", `guest-${name}`);
    await guest.client.request({ type: "login", name, passphrase: "wrongword" });
    answers.push(await guest.match(/"type":"error"/));
  }
  assertStrictEquals(answers[0], answers[1]);
  assertMatch(answers[0] ?? "", /"code":"wrong_passphrase"/);
});

/** Moves time on until the server has ended every connection delayed by a wrong passphrase. */
async function untilGone(
  fixture: ServerFixture,
  clock: FakeClock,
  guests: readonly Guest[],
): Promise<void> {
  for (const guest of guests) guest.client.conn.close();
  const { sessions } = fixture.server;
  await until(() => {
    clock.advance(1_000);
    return sessions.size === 0;
  }, "all who were held up had gone");
}

Deno.test("Five wrong passphrases close a connection, each slower than the one before", async () => {
  const clock = new FakeClock();
  await using fixture = await ServerFixture.open({ clock });
  await absentOwner(fixture, "alice");
  const fool = await fixture.join("native", "fool");
  for (let attempt = 1; attempt <= 5; attempt++) {
    await fool.client.request({ type: "login", name: "alice", passphrase: `wrong ${attempt}` });
  }
  const answers = () =>
    fool.seen.filter((line) => line.includes(`"code":"wrong_passphrase"`)).length;
  for (const [at, ms] of [500, 1_000, 2_000, 4_000].entries()) {
    await until(() => answers() === at + 1, `answer ${at + 1}`);
    clock.advance(ms - 1);
    await fixture.canary();
    assertStrictEquals(answers(), at + 1, `the next one waits ${ms} ms`);
    clock.advance(2_000);
  }
  // The last attempt is slow because of the name: it was tried from there too often.
  await until(() => {
    clock.advance(1_000);
    return answers() === 5;
  }, "the last answer");
  await fool.ended();
  await fixture.closes("wrong_passphrase");
});

Deno.test("A flood of attempts leaves a canary answered and others able to log in", async () => {
  const clock = new FakeClock();
  await using fixture = await ServerFixture.open({ clock });
  await absentOwner(fixture, "alice");
  const flood: Guest[] = [];
  for (let at = 0; at < 40; at++) flood.push(await fixture.connect("native"));
  for (const [at, guest] of flood.entries()) {
    for (let attempt = 0; attempt < 5; attempt++) {
      const passphrase = `wrong ${at} ${attempt}`;
      await guest.client.request({ type: "hello", name: "alice", passphrase });
    }
  }
  await fixture.canary();
  const local = await fixture.connect("native", fixture.unix);
  await local.client.request({ type: "hello", name: "alice", passphrase: SECRET });
  await local.match(/"type":"welcome".*"name":"alice"/);
  await fixture.canary();
  await untilGone(fixture, clock, [...flood, local]);
});

Deno.test("An owner changes the passphrase and gives the name up; short ones are refused", async () => {
  await using fixture = await ServerFixture.open();
  const alice = await fixture.join("plain", "alice");
  for (const bad of ["short", "alice".repeat(60), "ALICE"]) {
    await alice.send(`/claim ${bad}\n`);
    await alice.match(/^-! Choose another passphrase/);
  }
  await alice.send("/unclaim\n");
  await alice.match(/^-! Nothing to give up/);
  await alice.send(`/claim ${SECRET}\n`);
  await alice.match(/^-- alice is yours/);
  await alice.send("/claim another one\n");
  await alice.match(/^-- The passphrase is changed/);
  const guest = await fixture.join("native", "bob");
  await guest.client.request({ type: "login", name: "alice", passphrase: SECRET });
  await guest.match(/wrong_passphrase/);
  await guest.client.request({ type: "join", group: "alice" });
  await guest.match(/name_claimed/);
  await alice.send("/unclaim\n");
  await alice.match(/^-- alice is no longer claimed/);
  assertEquals(fixture.operator.claims(), []);
  const nameless = await fixture.join("plain", "user7");
  await nameless.send(`/claim ${SECRET}\n`);
  await nameless.match(/^-! Choose a name of your own first/);
});

Deno.test("Bans, mutes, claims and operators are there after a restart", async () => {
  const directory = Deno.makeTempDirSync({ prefix: "minichat-" });
  const store = () => {
    const opened = openStore({ directory, durable: false });
    assert(!("error" in opened));
    return opened;
  };
  const first = store();
  {
    await using fixture = await ServerFixture.open({ store: first });
    await absentOwner(fixture, "alice");
    await fixture.join("plain", "loud");
    await fixture.join("plain", "short");
    assert(fixture.operator.mute("loud").ok);
    assert(fixture.operator.mute("short", { seconds: 3600 }).ok);
    assert(fixture.operator.ban("eve", { reason: "spam" }).ok);
    assert(fixture.operator.ban("192.0.2.9", { seconds: 600, reason: "" }).ok);
    assert(fixture.operator.setOperator("alice", true).ok);
  }
  first.close();
  const bytes = Deno.readFileSync(first.path);
  assert(!new TextDecoder("latin1").decode(bytes).includes(SECRET));
  const second = store();
  {
    await using fixture = await ServerFixture.open({ store: second });
    assertEquals(fixture.operator.bans().map(({ subject }) => subject), ["eve", "192.0.2.9"]);
    assertEquals(fixture.operator.mutes().map(({ name, until }) => [name, until === null]), [
      ["loud", true],
      ["short", false],
    ]);
    const loud = await fixture.join("plain", "loud");
    await loud.say("hello");
    await loud.match(/muted/);
    const thief = await fixture.connect("native");
    await thief.send(thief.book.hello("alice"));
    await thief.match(/name_claimed/);
    await thief.client.request({ type: "hello", name: "alice", passphrase: SECRET });
    await thief.match(/"welcome"/);
    await thief.client.request({ type: "admin", line: "unmute loud" });
    await thief.match(/Unmuted loud/);
    assert(fixture.operator.unban("eve").ok);
    assert(fixture.operator.unclaim("alice").ok);
  }
  second.close();
  const third = store();
  {
    await using fixture = await ServerFixture.open({ store: third });
    assertEquals(fixture.operator.bans().map(({ subject }) => subject), ["192.0.2.9"]);
    assertEquals(fixture.operator.mutes().map(({ name }) => name), ["short"]);
    assertEquals(fixture.operator.claims(), []);
  }
  third.close();
  Deno.removeSync(directory, { recursive: true });
});

Deno.test("A full disk is reported to operators and claimants; a ban is in force all the same", async () => {
  const directory = Deno.makeTempDirSync({ prefix: "minichat-" });
  const store = openStore({ directory, durable: false, maxPages: 16 });
  assert(!("error" in store));
  {
    await using fixture = await ServerFixture.open({ store });
    const filler = await fixture.join("native", "filler");
    while (fixture.operator.stats().messages < 1_000 && store.problem === undefined) {
      await filler.client.request({ type: "say", text: "x".repeat(4_000) });
      await filler.barrier();
    }
    assertStrictEquals(store.problem?.code, "storage_full");
    let outcome = fixture.operator.ban("first", { reason: "x".repeat(200) });
    for (let at = 0; at < 200 && outcome.ok; at++) {
      outcome = fixture.operator.ban(`name-${at}`, { reason: "x".repeat(200) });
    }
    assertMatch(outcome.ok ? "" : outcome.error, /only until the server ends.*disk is full/);
    const last = fixture.operator.bans().at(-1);
    assert(last && fixture.server.bans.find(last.subject, Date.now()), "it is in force");
    await filler.client.request({ type: "claim", passphrase: SECRET });
    await filler.match(/"type":"(error|notice)"/);
  }
  store.close();
  Deno.removeSync(directory, { recursive: true });
});
