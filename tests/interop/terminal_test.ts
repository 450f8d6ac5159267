// `minichat connect` and the operator's console on a real terminal: what a user sees.

import { assertEquals, assertMatch, assertStrictEquals, assertThrows } from "@std/assert";
import { frame } from "../../protocol/frames.ts";
import { ByteClient } from "../byte_client.ts";
import { TestClient } from "../test_client.ts";
import { makeWorld, programCommand, startServer, type World } from "../harness.ts";
import { TmuxTerminal } from "./tmux.ts";

async function connectOn(
  world: World,
  args: readonly string[],
  size: { columns?: number; rows?: number } = {},
): Promise<TmuxTerminal> {
  const [command, rest] = programCommand(["connect", ...args]);
  return await TmuxTerminal.start([command, ...rest], { env: world.env, ...size });
}

Deno.test("the line being typed survives messages, wrapping and a resize (R94, D23)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  const place = ["127.0.0.1", String(server.port)];
  await using alice = await connectOn(world, [...place, "alice"], { columns: 40, rows: 20 });
  await alice.shows(/You are alice/);
  await alice.type("a line that is longer than the forty columns of this terminal");
  await alice.press("Left", "Left", "Left", "Left", "Left", "Left", "Left", "Left");
  await alice.shows(/of this terminal/);
  for (let at = 1; at <= 3; at++) {
    await nina.request({ type: "say", text: `interruption ${at}` });
    await alice.shows(new RegExp(`nina: interruption ${at}`));
  }
  await alice.type("narrow ");
  await alice.shows(/this narrow/);
  await alice.resize(60, 20);
  await nina.request({ type: "say", text: "after the resize" });
  await alice.shows(/after the resize/);
  const rows = await alice.screen();
  assertStrictEquals(rows.at(-2), "alice> a line that is longer than the forty columns of this");
  await alice.press("Enter");
  const sent = JSON.parse(await nina.lines.match(/"from":"alice"/));
  assertStrictEquals(
    sent.text,
    "a line that is longer than the forty columns of this narrow terminal",
  );
});

Deno.test("connect asks for a name, and again while it is taken (R92)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  await using alice = await connectOn(world, ["127.0.0.1", String(server.port)]);
  await alice.shows(/name/i);
  await alice.type("Nina");
  await alice.press("Enter");
  await alice.shows(/taken/);
  await alice.type("alice");
  await alice.press("Enter");
  await alice.shows(/You are alice/);
  await nina.lines.match(/"joined","name":"alice"/);
});

Deno.test("connect completes commands, names and groups with Tab", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "ninabella");
  await using alice = await connectOn(world, ["127.0.0.1", String(server.port), "alice"]);
  await alice.shows(/You are alice/);
  await alice.type("@nin");
  await alice.press("Tab");
  await alice.type("hi");
  await alice.press("Enter");
  assertStrictEquals(JSON.parse(await nina.lines.match(/"message"/)).to, "@ninabella");
  await alice.type("/gro");
  await alice.press("Tab", "Enter");
  await alice.shows(/no groups/);
});

/** Each way to end `connect` on a terminal, and its exit status. */
const ENDINGS = [
  { how: "CTRL-D", status: 0, end: (alice: TmuxTerminal) => alice.press("C-d") },
  { how: "CTRL-C", status: 130, end: (alice: TmuxTerminal) => alice.press("C-c") },
  { how: "SIGTERM", status: 130, end: (_: TmuxTerminal, pid: number) => Deno.kill(pid, "SIGTERM") },
  { how: "SIGHUP", status: 130, end: (_: TmuxTerminal, pid: number) => Deno.kill(pid, "SIGHUP") },
] as const;

/**
 * `connect` as alice, in a shell that prints its process and fails if the terminal is not restored.
 */
async function connectChecked(world: World, port: number): Promise<TmuxTerminal> {
  const [command, args] = programCommand(["connect", "127.0.0.1", String(port), "alice"]);
  const script = 'cd "$XDG_RUNTIME_DIR" && stty -g >before && ' +
    `sh -c 'echo $$ >pid; exec "$@"' sh "$@"; code=$?; ` +
    "stty -g >after; cmp before after && exit $code";
  return await TmuxTerminal.start(["sh", "-c", script, "sh", command, ...args], { env: world.env });
}

function pidIn(world: World): number {
  return Number(Deno.readTextFileSync(`${world.directory}/pid`));
}

for (const { how, status, end } of ENDINGS) {
  Deno.test(`${how} ends connect with ${status}, and the terminal is as before (R34, F73)`, async () => {
    using world = makeWorld();
    await using server = await startServer(world);
    await using alice = await connectChecked(world, server.port);
    await alice.shows(/alice>/);
    await alice.type("half a line");
    if (how === "CTRL-D") await alice.press("C-u");
    await end(alice, pidIn(world));
    assertStrictEquals(await alice.exitStatus(), status);
    await server.stdout.match(/alice left/);
  });

  Deno.test(`${how} ends connect with ${status} while it asks for the password`, async () => {
    using world = makeWorld();
    const passwordFile = `${world.directory}/password`;
    Deno.writeTextFileSync(passwordFile, "sesame open\n", { mode: 0o600 });
    const options = ["--port", "0", "--host", "127.0.0.1", "--password-file", passwordFile];
    await using server = await startServer(world, options);
    await using alice = await connectChecked(world, server.port);
    await alice.shows(/^Password:/);
    await end(alice, pidIn(world));
    assertStrictEquals(await alice.exitStatus(), status);
  });
}

Deno.test("connect prints clearly that the server disconnected, and exits 1", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  const place = ["127.0.0.1", String(server.port)];
  await using alice = await connectOn(world, ["--no-reconnect", ...place, "alice"]);
  await alice.shows(/alice>/);
  server.kill("SIGKILL");
  await alice.shows(/connection|server/i);
  assertStrictEquals(await alice.exitStatus(), 1);
});

Deno.test("connect keeps the line being typed until the server is back (F74)", async () => {
  using world = makeWorld();
  const first = await startServer(world);
  const place = ["--port", String(first.port), "--host", "127.0.0.1"];
  await using alice = await connectOn(world, ["127.0.0.1", String(first.port), "alice"]);
  await alice.shows(/alice>/);
  await alice.type("half a thou");
  await alice.shows(/^alice> half a thou/);
  first.kill("SIGKILL");
  await first[Symbol.asyncDispose]();
  await alice.shows(/^\(attempt \d+( in \d+ s)?\) alice> half a thou/);
  await alice.type("ght");
  await alice.press("Enter");
  await alice.type("and the next");
  await using second = await startServer(world, place);
  assertStrictEquals(await second.stdout.match(/half/, 20_000), "alice: half a thought");
  await alice.shows(/^-- Back after \d+ s/);
  await alice.shows(/^-- Sent: the message that had to wait/);
  await alice.shows(/^alice> and the next/);
  await alice.press("Enter");
  assertStrictEquals(await second.stdout.match(/next/), "alice: and the next");
  await alice.press("C-d");
  assertStrictEquals(await alice.exitStatus(), 0);
});

Deno.test("no escape sequence of a peer reaches the terminal (F15)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  await using alice = await connectOn(world, ["127.0.0.1", String(server.port), "alice"]);
  await alice.shows(/alice>/);
  await nina.request({ type: "say", text: "\x1b[2J\x1b]0;owned\x07\x9b31m gone \b\b\b\u202e" });
  const row = await alice.shows(/gone/);
  assertMatch(row, /\\x1b\[2J\\x1b\]0;owned\\x07\\x9b31m gone \\x08\\x08\\x08\\u202e/);
  await alice.shows(/You are alice/); // the screen was not cleared
});

Deno.test("the operator's console takes commands and lines, and CTRL-C stops the server", async () => {
  using world = makeWorld();
  const path = `${world.directory}/s`;
  const [command, args] = programCommand(["serve", "--listen", `unix:${path}`]);
  await using operatorConsole = await TmuxTerminal.start([command, ...args], {
    env: world.env,
    rows: 60,
  });
  await operatorConsole.shows(/^Operator's commands/);
  await operatorConsole.shows(/^server>/);
  await using nina = await TestClient.native({ path }, "nina");
  await operatorConsole.shows(/nina joined/);
  await operatorConsole.type("half a thou");
  await nina.request({ type: "say", text: "good day" });
  await operatorConsole.shows(/^nina: good day$/);
  await operatorConsole.type("ght");
  await operatorConsole.press("Enter");
  const sent = JSON.parse(await nina.lines.match(/half a thought/));
  assertEquals([sent.from, sent.text], ["server", "half a thought"]);
  await operatorConsole.type("/kick nina bye");
  await operatorConsole.press("Enter");
  assertMatch(await nina.lines.match(/"closed"/), /"text":"kicked: bye"/);
  await operatorConsole.press("C-c");
  assertStrictEquals(await operatorConsole.exitStatus(), 0);
});

Deno.test("a line typed at the console reaches everyone, in each dialect, as soon as possible (R53)", async () => {
  using world = makeWorld();
  const path = `${world.directory}/s`;
  const [command, args] = programCommand(["serve", "--listen", `unix:${path}`]);
  await using operatorConsole = await TmuxTerminal.start([command, ...args], {
    env: world.env,
    rows: 60,
  });
  await operatorConsole.shows(/^server>/);
  const place = { path };
  await using nina = await TestClient.native(place, "nina");
  await using ulla = await TestClient.usermsg(place, "ulla", nina);
  await using tom = await TestClient.connect(place);
  await tom.send("/name tom\n");
  await using etta = await ByteClient.connect(place);
  await etta.send("hello etta\n");
  const layout = { headerBytes: 16, littleEndian: true } as const;
  await using frida = await ByteClient.connect(place);
  await frida.send(frame(layout, 0, "frida"));
  for (const name of ["tom", "etta", "frida"]) {
    await operatorConsole.shows(new RegExp(`${name}$|${name} joined`));
  }
  // Either side may send at any time: the server twice in a row, then a client twice in a row.
  for (const text of ["lunch is ready", "é, at noon"]) {
    await operatorConsole.type(text);
    await operatorConsole.press("Enter");
    assertStrictEquals(JSON.parse(await nina.lines.match(/"message"/)).text, text);
    assertStrictEquals(await ulla.lines.match(/^MSG /), `MSG server ${text}`);
    assertStrictEquals(await tom.lines.match(/^server: /), `server: ${text}`);
    await etta.match(`server: ${text}\n\x03`);
    await frida.match(frame(layout, 1, `server: ${text}`));
  }
  await ulla.send("MSG one\nMSG two\n");
  await operatorConsole.shows(/^ulla: one$/);
  await operatorConsole.shows(/^ulla: two$/);
});

Deno.test("shutdown typed at the console counts down and ends the program", async () => {
  using world = makeWorld();
  const path = `${world.directory}/s`;
  const [command, args] = programCommand(["serve", "--listen", `unix:${path}`]);
  await using operatorConsole = await TmuxTerminal.start([command, ...args], {
    env: world.env,
    rows: 60,
  });
  await operatorConsole.shows(/^server>/);
  await using nina = await TestClient.native({ path }, "nina");
  await operatorConsole.type("/shutdown 2");
  await operatorConsole.press("Enter");
  await nina.lines.match(/"shutdown","in":2/);
  await operatorConsole.shows(/stops in 1 s/);
  await nina.lines.match(/"closed","reason":"shutdown"/);
  assertStrictEquals(await operatorConsole.exitStatus(), 0);
  assertThrows(() => Deno.lstatSync(path), Deno.errors.NotFound);
});
