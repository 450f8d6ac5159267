// `minichat connect` in the dialects of sheets 000 and 003 on a real terminal: what students see.

import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { makeWorld, programCommand, startServer, type World } from "../harness.ts";
import { TmuxTerminal } from "./tmux.ts";

async function connectOn(
  world: World,
  args: readonly string[],
  columns = 60,
): Promise<TmuxTerminal> {
  const [command, rest] = programCommand(["connect", ...args]);
  return await TmuxTerminal.start([command, ...rest], { env: world.env, columns, rows: 20 });
}

/** Fails unless the typed line is the last row, whole, followed by the cursor. */
async function assertTyping(terminal: TmuxTerminal, line: string): Promise<void> {
  const rows = await terminal.screen();
  assertStrictEquals(rows.at(-1), line.trimEnd());
  assertEquals(await terminal.cursor(), { column: line.length, row: rows.length - 1 });
}

Deno.test("etx on a terminal: the server's name is the prompt, again after each ETX (R58, R60, R63)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  const place = ["127.0.0.1", String(server.port)];
  await using alice = await connectOn(world, [...place, "--dialect", "etx"]);
  await alice.shows(/^user1>$/);
  await alice.type("l");
  await alice.press("Enter");
  await alice.shows(/1 user1$/);
  await assertTyping(alice, "user1> ");
  await alice.type("name alice");
  await alice.press("Enter");
  await alice.shows(/You are now alice/);
  await alice.shows(/^alice>$/);
  await alice.type("hippopotame");
  await alice.press("Enter");
  await alice.shows(/ q +leave the chat$/); // several lines, one flow (R75)
  await alice.shows(/^alice>$/);
});

Deno.test("etx on a terminal: no text mixes with the line being typed (R62, R94, D23)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  const place = ["127.0.0.1", String(server.port)];
  await using alice = await connectOn(world, [...place, "alice", "--dialect", "etx"]);
  await alice.shows(/^alice>$/);
  await alice.type("b half a thou");
  await alice.shows(/half a thou$/);
  for (let at = 1; at <= 3; at++) {
    await nina.request({ type: "say", text: `interruption ${at}` });
    await alice.shows(new RegExp(`nina: interruption ${at}$`));
    await assertTyping(alice, "alice> b half a thou");
  }
  await alice.resize(50, 20);
  await nina.request({ type: "say", text: "after the resize" });
  await alice.shows(/nina: after the resize$/);
  await assertTyping(alice, "alice> b half a thou");
  await alice.type("ght");
  await alice.press("Enter");
  assertStrictEquals(JSON.parse(await nina.lines.match(/"from":"alice"/)).text, "half a thought");
});

const EOTS = [
  {
    what: "q",
    end: async (alice: TmuxTerminal) => (await alice.type("q"), await alice.press("Enter")),
  },
  { what: "a server that stops", end: (_: TmuxTerminal, stop: () => void) => stop() },
] as const;

for (const { what, end } of EOTS) {
  Deno.test(`etx on a terminal: EOT after ${what} ends the session with 0 (R64)`, async () => {
    using world = makeWorld();
    await using server = await startServer(world);
    const place = ["127.0.0.1", String(server.port)];
    await using alice = await connectOn(world, [...place, "alice", "--dialect", "etx"]);
    await alice.shows(/^alice>$/);
    await end(alice, () => server.kill("SIGTERM"));
    assertStrictEquals(await alice.exitStatus(), 0);
    await server.stdout.match(/^(alice left|Stopped)/);
  });
}

Deno.test("two etx clients of one user on one machine do not collide (R68)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  const args = ["127.0.0.1", String(server.port), "--dialect", "etx"];
  await using one = await connectOn(world, args);
  await one.shows(/^user1>$/);
  await using two = await connectOn(world, args);
  await two.shows(/^user2>$/);
  await one.type("b to you");
  await one.press("Enter");
  await two.shows(/user1: to you$/);
  await one.press("C-d");
  assertStrictEquals(await one.exitStatus(), 0);
  await two.shows(/user1 left$/);
  await two.type("b still here");
  await two.press("Enter");
  await server.stdout.match(/^user2: still here$/);
});

Deno.test("framed on a terminal: ko above the line being typed (R14, R94, D1, D23)", async () => {
  using world = makeWorld();
  const path = `${world.directory}/soquette`;
  await using server = await startServer(world, ["--listen", `unix:${path}`]);
  await using nina = await TestClient.native({ path }, "nina");
  await using ana = await connectOn(world, [`unix:${path}`, "ana", "--dialect", "framed"]);
  await ana.shows(/^ana>$/);
  await ana.type("salut");
  await ana.press("Enter");
  await ana.type("half a thou");
  await ana.shows(/^\S* ?-- ko$/);
  assertMatch(await nina.lines.match(/"message"/), /"from":"ana","text":"salut"/);
  await ana.shows(/half a thou$/);
  await nina.request({ type: "say", text: "bonjour" });
  await ana.shows(/nina: bonjour$/);
  await assertTyping(ana, "ana> half a thou");
  await ana.press("Enter");
  await server.stdout.match(/^ana: half a thou$/);
});
