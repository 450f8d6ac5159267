// nc, telnet and socat one by one, used as their users use them.

import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { DEADLINE_MS, makeWorld, startProgram, startServer } from "../harness.ts";
import { startOutside } from "./outside_program.ts";
import { TmuxTerminal } from "./tmux.ts";

Deno.test("echo -n mon premier message | nc -U SOCKET shows the message (R6, D3)", async () => {
  using world = makeWorld();
  const path = `${world.directory}/soquette`;
  await using server = await startServer(world, ["--listen", `unix:${path}`]);
  await using nc = startOutside("nc", ["-U", path]);
  await nc.type("mon premier message");
  await nc.endInput();
  assertMatch(await server.stdout.match(/premier/), /^user\d+: mon premier message$/);
});

Deno.test("nc -N gets its answers although its input has ended (R26, D13)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nc = startOutside("nc", ["-N", "127.0.0.1", String(server.port)]);
  await nc.type("paul\n/list");
  await nc.endInput();
  await nc.stdout.match(/^-- 1 person is here: paul$/);
  await nc.stdout.ended();
  await server.stdout.match(/paul left/);
});

Deno.test("socat joins through TCP and through a Unix socket (R48)", async () => {
  using world = makeWorld();
  const path = `${world.directory}/s`;
  await using server = await startServer(world, [
    ...["--host", "127.0.0.1", "--port", "0", "--listen", `unix:${path}`],
  ]);
  await using tcp = startOutside("socat", ["-", `TCP:127.0.0.1:${server.port}`]);
  await tcp.type("sam\n");
  await tcp.stdout.match(/^-- You are sam/);
  await using unix = startOutside("socat", ["-", `UNIX-CONNECT:${path}`]);
  await unix.type("USER uma\nMSG from the file\n");
  assertStrictEquals(await tcp.stdout.match(/from the file/), "uma: from the file");
  await tcp.type("from the net\n");
  assertStrictEquals(await unix.stdout.match(/from the net/), "MSG sam from the net");
  assertStrictEquals(await server.stdout.match(/from the net/), "sam: from the net");
});

Deno.test("connect and socat as the server exchange lines as soon as they are typed (R46, R49, R53)", async () => {
  using world = makeWorld();
  const path = `${world.directory}/socat`;
  await using socat = startOutside("socat", ["-", `UNIX-LISTEN:${path}`]);
  await isThere(path);
  await using ana = startProgram(world, ["connect", `unix:${path}`, "ana", "--dialect", "plain"]);
  const type = (text: string) => ana.stdin.write(new TextEncoder().encode(text));
  assertStrictEquals(await socat.stdout.next(), "ana"); // the name is the first line (D8)
  await type("one\n");
  assertStrictEquals(await socat.stdout.next(), "one");
  await type("two\nthree, ");
  assertStrictEquals(await socat.stdout.next(), "two"); // before anything was received
  await socat.type("from the other side\n");
  assertStrictEquals(await ana.stdout.next(), "from the other side"); // in the middle of a line
  await type("whole\n");
  assertStrictEquals(await socat.stdout.next(), "three, whole");
  await socat.endInput();
});

Deno.test("telnet on a terminal: greeting, CTRL-C leaves cleanly (R29, R34, F11)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  const command = ["telnet", "127.0.0.1", String(server.port)];
  await using telnet = await TmuxTerminal.start(command, { env: world.env, rows: 40 });
  await telnet.shows(/Welcome to minichat/);
  await telnet.shows(/\/list/);
  await telnet.type("Tèo");
  await telnet.press("Enter");
  await telnet.shows(/You are Tèo/);
  await nina.request({ type: "say", text: "schön, dass du da bist" });
  assertStrictEquals(await telnet.shows(/schön/), "nina: schön, dass du da bist");
  await telnet.press("C-c");
  assertMatch(await nina.lines.match(/"left"/), /"name":"Tèo"/);
});

Deno.test("telnet leaves with CTRL-] and quit (R23)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  const command = ["telnet", "127.0.0.1", String(server.port)];
  await using telnet = await TmuxTerminal.start(command, { env: world.env, rows: 40 });
  await telnet.shows(/Type your name/);
  await telnet.type("tim");
  await telnet.press("Enter");
  await nina.lines.match(/"joined","name":"tim"/);
  await telnet.press("C-]");
  await telnet.shows(/telnet>/);
  await telnet.type("quit");
  await telnet.press("Enter");
  assertMatch(await nina.lines.match(/"left"/), /"name":"tim"/);
});

Deno.test("telnet on a terminal: text of any script comes through and telnet keeps reading", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  const command = ["telnet", "127.0.0.1", String(server.port)];
  await using telnet = await TmuxTerminal.start(command, { env: world.env, rows: 40 });
  await telnet.shows(/Type your name/);
  await telnet.type("tomo");
  await telnet.press("Enter");
  // Telnet mistakes bytes inside these for CTRL-\ and CTRL-C. (A closing ” it takes for its own
  // CTRL-], which never reaches us.)
  for (const text of ["日本語", "Ü wie Überzug", "“quoted“", "у нас", "ăsta"]) {
    await telnet.type(text);
    await telnet.press("Enter");
    assertStrictEquals(JSON.parse(await nina.lines.match(/"message"/)).text, text);
  }
  await nina.request({ type: "say", text: "still listening?" });
  await telnet.shows(/^nina: still listening\?$/);
});

/** Waits until a file of that name exists. */
async function isThere(path: string): Promise<void> {
  const until = performance.now() + DEADLINE_MS;
  while (!await Deno.lstat(path).then(() => true, () => false)) {
    assert(performance.now() < until, `no ${path} after ${DEADLINE_MS} ms`);
  }
}
