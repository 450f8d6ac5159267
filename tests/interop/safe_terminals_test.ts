// F15, F16 on real terminals: whatever is sent, by either side, what programs write to their
// terminals has no sequence but our own, no C1, no bidirectional control.

import { assert, assertNotMatch, assertStrictEquals } from "@std/assert";
import type { DialectName } from "../../protocol/dialect.ts";
import { frame } from "../../protocol/frames.ts";
import { TestClient } from "../test_client.ts";
import { ATTACKS, attempts, MARKS } from "../faults/terminal_attacks.ts";
import { DIALECT_PHRASES, phrasesOf } from "../dialect_phrases.ts";
import { foreignIn } from "../fuzz/hostile.ts";
import { utf8 } from "../fuzz/play_scenario.ts";
import { admin, makeWorld, type World } from "../harness.ts";
import { RecordedTerminal } from "./recorded_terminal.ts";

const ALL_ATTACKS = [...Object.values(ATTACKS), MARKS];
const DONE = "that-was-all";
const SHOWN = "\\x1b[2J";

/** Every kind of client and of operator's view, each on its own terminal. */
async function onlookers(world: World, port: string): Promise<RecordedTerminal[]> {
  const here = ["127.0.0.1", port];
  const started = [
    ...DIALECT_PHRASES.map(({ dialect }) =>
      RecordedTerminal.minichat(
        world,
        dialect,
        ...["connect", ...here, `${dialect}-ear`, "--dialect", dialect, "--no-bell"],
      )
    ),
    RecordedTerminal.start(world, "telnet", ["telnet", "127.0.0.1", port]),
    RecordedTerminal.start(world, "nc", ["nc", "127.0.0.1", port]),
    RecordedTerminal.minichat(world, "tail", "admin", "tail"),
    RecordedTerminal.minichat(world, "tail-json", "admin", "tail", "--json"),
  ];
  return await Promise.all(started);
}

/** A client of that dialect sends every attack in every way it can. */
async function attack(path: string, dialect: DialectName): Promise<void> {
  const book = phrasesOf(dialect);
  await using mallory = await TestClient.connect({ path }, book.reshape);
  await mallory.send(dialect === "plain" ? book.rename("mallory") : book.hello("mallory"));
  await mallory.lines.match(book.welcome);
  for (const text of ALL_ATTACKS) {
    for (const attempt of attempts(dialect, text)) await mallory.send(attempt);
  }
  await mallory.send(book.nonsense(DONE));
  await mallory.until((line) => line.includes(DONE));
}

Deno.test("F15: no byte of any client reaches a terminal, the console or the log unneutralised", async () => {
  using world = makeWorld();
  const path = `${world.directory}/room`;
  const log = `${world.directory}/log`;
  await using operatorConsole = await RecordedTerminal.minichat(
    world,
    "console",
    ...["serve", "--listen", `unix:${path},notices`],
    ...["--listen", "tcp:127.0.0.1:0,notices", "--log-file", log],
  );
  await operatorConsole.wrote("server> ");
  const port = /127\.0\.0\.1:(\d+)/.exec(operatorConsole.raw)?.[1] ?? "";
  await using stack = new AsyncDisposableStack();
  const ears = await onlookers(world, port);
  ears.forEach((ear) => stack.use(ear));
  await using witness = await TestClient.native({ path }, "witness");
  for (const { dialect } of DIALECT_PHRASES) await witness.sees(`${dialect}-ear`);
  const [telnet, nc] = ears.slice(DIALECT_PHRASES.length);
  assert(telnet && nc);
  await telnet.wrote("Type your name");
  await telnet.enter("telnet-ear");
  await nc.wrote("Type your name");
  await nc.enter("nc-ear");
  await witness.sees("telnet-ear");
  await witness.sees("nc-ear");

  for (const { dialect } of DIALECT_PHRASES) await attack(path, dialect);
  for (const [at, reason] of ALL_ATTACKS.entries()) {
    await using victim = await TestClient.native({ path }, `victim${at}`);
    if (reason.includes("\0")) continue;
    const order = at % 2 === 0 ? "kick" : "ban";
    assertStrictEquals((await admin(world, order, `victim${at}`, `x${reason}`)).code, 0);
    await victim.lines.match(/"closed"/);
  }
  await witness.request({ type: "say", text: DONE });
  for (const ear of [operatorConsole, ...ears]) await ear.wrote(DONE);

  for (const ear of [operatorConsole, ...ears]) {
    assert(ear.raw.includes(SHOWN) || ear.raw.includes(JSON.stringify(SHOWN).slice(1, -1)));
    ear.assertSafe();
  }
  for (const line of Deno.readTextFileSync(log).split("\n")) {
    assertStrictEquals(foreignIn(line), undefined);
  }
  for (const verb of ["who", "groups", "bans", "stats"]) {
    await using shown = await RecordedTerminal.minichat(world, `admin-${verb}`, "admin", verb);
    assertStrictEquals(await shown.terminal.exitStatus(), 0);
    shown.assertSafe();
  }
});

/**
 * What a hostile server sends: every attack as the dialect's own message, as a line and as it is.
 */
function hostileWords(dialect: DialectName): Uint8Array[] {
  const encoder = new TextEncoder();
  return ALL_ATTACKS.flatMap((text) => {
    if (dialect === "framed") {
      const layout = { headerBytes: 16, littleEndian: true } as const;
      return [
        frame(layout, 1, `bob: ${text}`),
        frame(layout, 1, text),
        encoder.encode(`${text}\n`),
      ];
    }
    if (dialect === "native") return nativeWords(text).map((event) => encoder.encode(event));
    const lines = [`${text}\n`, `MSG bob ${text}\n`, `MSG b${text} x\n`, `bob: ${text}\n`];
    return [...lines, `${text}\x03`, `-- You are now a${text}\n`].map((line) =>
      encoder.encode(line)
    );
  });
}

/** Every event, with an attack in each of its strings. */
function nativeWords(text: string): string[] {
  const at = text;
  const message = { type: "message", seq: 1, at, from: `b${text}`, to: `@${text}`, text };
  const events: unknown[] = [
    { type: "you", name: `alice${text}` },
    message,
    { ...message, to: `#${text}`, replay: true },
    { type: "history", messages: [message] },
    { type: "joined", name: text, group: text },
    { type: "left", name: text, reason: text },
    { type: "renamed", was: text, name: text },
    { type: "presence", joined: 1, left: 1, names: [text], gone: [text], total: 1 },
    { type: "who", users: [{ id: 1, name: text, groups: [text], since: text }], total: 1 },
    { type: "groups", groups: [{ name: text, members: [text] }], total: 1 },
    { type: "help", commands: [{ usage: text, help: text }] },
    { type: "notice", text },
    { type: "error", code: text, message: text },
    { type: text, [text]: text },
    { [text]: text },
  ];
  return [...events.map((event) => JSON.stringify(event) + "\n"), `${text}\n`];
}

/** A server that sends all that to every client, and then `DONE`; its port. */
function hostileServer(dialect: DialectName): { port: string } & AsyncDisposable {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const welcome = { id: 1, session: "s", seq: 0, users: ["a\x1b[2Jb"], groups: [], total: 1 };
  const hello = JSON.stringify({ type: "welcome", name: "alice", ...welcome }) + "\n";
  const done = dialect === "native"
    ? JSON.stringify({ type: "notice", text: DONE }) + "\n"
    : `${DONE}\n`;
  const conns: Deno.Conn[] = [];
  const serving = (async () => {
    for await (const conn of listener) {
      conns.push(conn);
      const write = async (bytes: Uint8Array): Promise<void> => {
        for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
      };
      try {
        if (dialect === "native") await write(new TextEncoder().encode(hello));
        for (const words of hostileWords(dialect)) await write(words);
        await write(new TextEncoder().encode(done));
      } catch {
        // the client has disconnected
      }
    }
  })().catch(() => {});
  return {
    port: String((listener.addr as Deno.NetAddr).port),
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const conn of conns) {
        try {
          conn.close();
        } catch {
          // disconnected already
        }
      }
      await serving;
    },
  };
}

for (const { dialect } of DIALECT_PHRASES) {
  Deno.test(`F15: no byte of a hostile server reaches the terminal of connect: ${dialect}`, async () => {
    using world = makeWorld();
    await using server = hostileServer(dialect);
    const args = ["connect", "127.0.0.1", server.port, "alice", "--dialect", dialect, "--no-bell"];
    await using alice = await RecordedTerminal.minichat(world, "alice", ...args);
    await alice.wrote(DONE);
    alice.assertSafe();
    await alice.terminal.type("@");
    await alice.terminal.press("Tab", "Tab"); // offers the names, or rings the bell
    await alice.terminal.press("C-u");
    await alice.terminal.press("C-d");
    await alice.terminal.exitStatus();
    assert(alice.raw.includes(SHOWN));
    alice.assertSafe("\x07");
  });
}

for (const flag of ["--turns", "--json"]) {
  Deno.test(`F15: no byte of a hostile server reaches the terminal of connect ${flag}`, async () => {
    using world = makeWorld();
    await using server = hostileServer("plain");
    await using shown = await RecordedTerminal.minichat(
      world,
      "shown",
      ...["connect", "127.0.0.1", server.port, flag],
      ...flag === "--json" ? ["--dialect", "plain"] : [],
    );
    await shown.wrote("bob");
    await shown.wrote(flag === "--json" ? DONE : "x08");
    assert(shown.raw.includes(SHOWN) || shown.raw.includes(JSON.stringify(SHOWN).slice(1, -1)));
    shown.assertSafe();
  });
}

Deno.test("F15: no byte of a hostile caller reaches the terminal of serve --turns", async () => {
  using world = makeWorld();
  const args = ["serve", "--turns", "--host", "127.0.0.1", "--port", "0"];
  await using bob = await RecordedTerminal.minichat(world, "bob", ...args);
  await bob.wrote("waiting for the other side to connect");
  const port = Number(/127\.0\.0\.1 (\d+)/.exec(bob.raw)?.[1]);
  await using mallory = await TestClient.connect({ port });
  for (const words of hostileWords("plain")) await mallory.send(words);
  await bob.wrote("x08");
  bob.assertSafe();
});

for (const verb of ["check", "bench"]) {
  Deno.test(`F15: no byte of a hostile server reaches the terminal of ${verb}, in any dialect`, async () => {
    using world = makeWorld();
    const flags = verb === "check"
      ? ["--timeout", "1"]
      : ["--clients", "3", "--senders", "1", "--seconds", "1"];
    await Promise.all(DIALECT_PHRASES.map(async ({ dialect }) => {
      await using server = hostileServer(dialect);
      await using shown = await RecordedTerminal.minichat(
        world,
        dialect,
        ...[verb, "127.0.0.1", server.port, "--dialect", dialect, ...flags],
      );
      await shown.ends();
      assertNotMatch(shown.raw, /^Usage:/m);
      assert(shown.raw.length > 200, shown.raw);
      shown.assertSafe();
    }));
  });
}

Deno.test("F15: no byte of a hostile client reaches the terminal of check --listen, in any dialect", async () => {
  using world = makeWorld();
  await Promise.all(DIALECT_PHRASES.map(async ({ dialect }) => {
    const words = `${world.directory}/words-${dialect}`;
    const { hello } = phrasesOf(dialect);
    const sent = ALL_ATTACKS.flatMap((text) => attempts(dialect, `a${text}`))
      .flatMap((attempt) => [...typeof attempt === "string" ? utf8(attempt) : attempt]);
    Deno.writeFileSync(words, Uint8Array.from([...hello("mallory"), ...sent]));
    // Shows on its own screen what it sends, too.
    const client = `cat ${words}; cat ${words} - | nc "$0" "$1"`;
    await using shown = await RecordedTerminal.minichat(
      world,
      dialect,
      ...["check", "--listen", "127.0.0.1:0", "--dialect", dialect, "--timeout", "1", "--"],
      ...["sh", "-c", client, "{host}", "{port}"],
    );
    await shown.ends();
    assertNotMatch(shown.raw, /^Usage:/m);
    assert(shown.raw.length > 200, shown.raw);
    shown.assertSafe();
  }));
});
