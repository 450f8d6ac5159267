// F15, F16: no character that moves a cursor, changes a colour, reorders a line or hides in one
// reaches another client, the operator's screen or the log.

import { EN } from "../../texts/en.ts";
import { assert, AssertionError, assertStrictEquals, assertThrows } from "@std/assert";
import type { ServerEvent } from "../../protocol/events.ts";
import { describeEvent } from "../../protocol/describe_event.ts";
import { openLog } from "../../cli/serve/json_log.ts";
import { TestClient } from "../test_client.ts";
import { ATTACKS, attempts, MARKS } from "./terminal_attacks.ts";
import { DIALECT_PHRASES } from "../dialect_phrases.ts";
import { type Guest, ServerFixture } from "./server_fixture.ts";
import { until } from "../until.ts";

// Controls but tab, line and paragraph separators, formats but the joiners that scripts need,
// floods of marks.
const UNSAFE_REGEXP = /[^\P{Cc}\t]|[\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}|\p{M}{10}/u;

function assertSafe(text: string, where: string): void {
  const found = UNSAFE_REGEXP.exec(text);
  assertStrictEquals(found, null, `${where}: ${JSON.stringify(text.slice(0, 200))}`);
}

/** Every string in a parsed JSON value, except a `ref`, which the reader sent itself. */
function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === "ref" ? [] : [key, ...strings(part)]
  );
}

/** Fails if anything that a client of this server received matches {@linkcode UNSAFE_REGEXP}. */
async function assertServerSafe(fixture: ServerFixture, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    assertSafe(line.replace(/"ref":"[^"]*"/, ""), "a line");
    if (line.startsWith("{")) strings(JSON.parse(line)).forEach((text) => assertSafe(text, "JSON"));
  }
  for (const event of fixture.watched) {
    for (const text of strings(event)) assertSafe(text, "a watched event");
    assertSafe(describeEvent(event, EN.events), "the console");
  }
  assertSafe(await logFile(fixture), "the log file");
}

/** What the server logged, as the log file has it, without the line end of each entry. */
async function logFile({ log }: ServerFixture): Promise<string> {
  const path = Deno.makeTempFileSync();
  const file = openLog(path, "debug");
  log.forEach((entry) => file.write(entry));
  await file.close();
  const text = Deno.readTextFileSync(path);
  Deno.removeSync(path);
  const lines = text.split("\n");
  assertStrictEquals(lines.length, log.length + 1);
  return lines.join("");
}

/** One listener of each dialect. */
async function listeners(fixture: ServerFixture): Promise<Guest[]> {
  return await Promise.all(
    DIALECT_PHRASES.map(({ dialect }) => fixture.join(dialect, `${dialect}-ear`)),
  );
}

for (const { dialect } of DIALECT_PHRASES) {
  Deno.test(`F15: no listener sees an escape that ${dialect} sends`, async () => {
    await using fixture = await ServerFixture.open();
    const ears = await listeners(fixture);
    const attacker = await fixture.join(dialect, "mallory");
    for (const attack of [...Object.values(ATTACKS), MARKS]) {
      for (const attempt of attempts(dialect, attack)) await attacker.send(attempt);
    }
    await attacker.barrier();
    const lines = [...attacker.seen];
    for (const ear of ears) {
      const received = await ear.received();
      assert(received.length >= Object.keys(ATTACKS).length, `${received.length} heard`);
      assert(received.some(({ text }) => text.includes("\\x1b[2J")), "shown, not swallowed");
      lines.push(...ear.seen);
    }
    await assertServerSafe(fixture, lines);
    await fixture.canary();
  });

  Deno.test(`F15: a name of escapes is not taken from ${dialect}`, async () => {
    await using fixture = await ServerFixture.open();
    const ears = await listeners(fixture);
    // A `hello` followed by a control character is a text and no command of sheet 003.
    const notInName = dialect === "etx" ? /[ \p{Cc}]/u : / /;
    const names = Object.values(ATTACKS).filter((name) => !notInName.test(name));
    assert(names.length > 5);
    for (const attack of names) {
      const newcomer = await fixture.connect(dialect);
      await newcomer.send(newcomer.book.hello(`a${attack}`));
      await newcomer.say("here I am");
      await newcomer.barrier();
      ears.push(newcomer);
    }
    for (const { name } of fixture.server.chat.members) assertSafe(name, "a name");
    for (const ear of ears) await ear.barrier();
    await assertServerSafe(fixture, ears.flatMap((ear) => [...ear.seen]));
  });
}

Deno.test("F15: sheet 004's own usermsg, without notices, gets no escape either", async () => {
  await using fixture = await ServerFixture.open();
  const { server } = fixture;
  assertStrictEquals(
    await server.start([{ at: { kind: "tcp", host: "127.0.0.1", port: 0 }, notices: false }]),
    undefined,
  );
  const last = server.addresses.at(-1);
  assert(last?.at.kind === "tcp");
  const witness = await fixture.join("native", "witness");
  await using student = await TestClient.usermsg(last.at, "student", witness.client);
  const attacker = await fixture.join("plain", "mallory");
  for (const attack of Object.values(ATTACKS)) await attacker.say(`x${attack}`);
  await attacker.say("last");
  await student.lines.match(/ last$/);
  // Backspaces have left nothing of one of them.
  assertStrictEquals(student.lines.seen.length, Object.keys(ATTACKS).length);
  await assertServerSafe(fixture, student.lines.seen);
});

Deno.test("F15: the operator's texts and reasons carry no escape either", async () => {
  await using fixture = await ServerFixture.open();
  const ears = await listeners(fixture);
  let victims = 0;
  for (const attack of [...Object.values(ATTACKS), MARKS]) {
    fixture.operator.wall(`wall ${attack}`);
    const kicked = await fixture.join("plain", `kicked-${++victims}`);
    fixture.operator.kick(`kicked-${victims}`, attack);
    const banned = await fixture.join("native", `banned-${++victims}`);
    fixture.operator.ban(`banned-${victims}`, { reason: attack });
    const late = await fixture.connect("plain");
    await late.send(`banned-${victims}\n`);
    for (const guest of [kicked, banned, late]) {
      await guest.ended();
      ears.push(guest);
    }
  }
  for (const ear of ears.slice(0, DIALECT_PHRASES.length)) await ear.barrier();
  await until(() => fixture.log.length >= victims, "the kicked were logged");
  await assertServerSafe(fixture, ears.flatMap((ear) => [...ear.seen]));
  fixture.operator.bans().flatMap(strings).forEach((text) => assertSafe(text, "a ban"));
});

Deno.test("F15: what the checks above look for is what was sent", () => {
  for (const [what, attack] of [...Object.entries(ATTACKS), ["marks", MARKS] as const]) {
    assertThrows(() => assertSafe(attack, what), AssertionError);
  }
  const event: ServerEvent = { type: "notice", text: "\x1b" };
  assertThrows(() => assertSafe(describeEvent(event, EN.events), "console"), AssertionError);
});
