// The clients in the documents, as printed there, run by python3 against a real server.

import { assertEquals, assertMatch, assertNotMatch, assertStrictEquals } from "@std/assert";
import { explanation } from "../../cli/explain/command.ts";
import type { DialectName } from "../../protocol/dialect.ts";
import { TestClient } from "../test_client.ts";
import { makeWorld, runProgram, startServer, type World } from "../harness.ts";
import { type OutsideProgram, startOutside } from "./outside_program.ts";

/** The path of the program in a dialect's document, saved as the document says. */
function clientOf(dialect: DialectName, world: World): string {
  const programs = [...explanation(dialect).matchAll(/^```python\n([^]*?)^```$/gm)];
  assertStrictEquals(programs.length, 1, `programs in the document about ${dialect}`);
  const path = `${world.directory}/client.py`;
  Deno.writeTextFileSync(path, programs[0]?.[1] ?? "");
  return path;
}

/** The arguments of a client, what is typed, and what it shows. */
interface Documented {
  readonly dialect: DialectName;
  args(where: { host?: string; port: string; path: string }): string[];
  readonly types: string;
  readonly shows: readonly RegExp[];
}

const DOCUMENTED: readonly Documented[] = [
  {
    dialect: "framed",
    args: ({ path }) => [path, "pia"],
    types: "salut é\n",
    shows: [/^pia: salut é$/, /^ko$/],
  },
  {
    dialect: "usermsg",
    args: ({ host = "localhost", port }) => [host, port],
    types: "pia\nsalut é\n",
    shows: [],
  },
  {
    dialect: "etx",
    args: ({ host = "localhost", port }) => [host, port, "pia"],
    types: "b salut é\nlist\n",
    shows: [/^You are pia, number 2\./, /^pia> 1 nina$/, /^2 pia$/],
  },
  {
    dialect: "plain",
    args: ({ host = "localhost", port }) => [host, port],
    types: "pia\nsalut é\n",
    shows: [/^connected to: \('localhost', \d+\)$/, /^-- sent to everyone/],
  },
];

/** Starts a client as its document says. */
function start(
  client: Documented,
  place: { port: number; path: string },
  world: World,
): OutsideProgram {
  const where = { port: String(place.port), path: place.path };
  return startOutside("python3", [clientOf(client.dialect, world), ...client.args(where)]);
}

for (const documented of DOCUMENTED) {
  Deno.test(`the documented client of ${documented.dialect} chats with a real server`, async () => {
    using world = makeWorld();
    const path = `${world.directory}/soquette`;
    const listen = ["--port", "0", "--host", "127.0.0.1", "--listen", `unix:${path}`];
    await using server = await startServer(world, listen);
    await using nina = await TestClient.native(server, "nina");
    await using pia = start(documented, { port: server.port, path }, world);
    await pia.type(documented.types);
    assertMatch(await nina.lines.match(/salut/), /"from":"pia","text":"salut é"/);
    for (const shown of documented.shows) await pia.stdout.match(shown);
    await nina.request({ type: "say", text: "bonjour à tous" });
    assertMatch(await pia.stdout.match(/bonjour/), /nina: bonjour à tous$/);
    await pia.endInput();
    assertStrictEquals((await pia.exited).code, 0);
    await nina.lines.match(/"left","name":"pia"/);
  });

  Deno.test(`the documented client of ${documented.dialect} ends when the server does`, async () => {
    using world = makeWorld();
    const path = `${world.directory}/soquette`;
    const listen = ["--port", "0", "--host", "127.0.0.1", "--listen", `unix:${path}`];
    await using server = await startServer(world, listen);
    await using pia = start(documented, { port: server.port, path }, world);
    await pia.type(documented.types);
    await server.stdout.match(/^pia: salut é$/);
    server.kill("SIGTERM");
    await pia.stdout.match(/Goodbye: the server stopped/);
    await pia.stdout.ended();
  });
}

Deno.test("minichat check passes the documented clients", async () => {
  // All at the same time: most of the time is spent waiting.
  await Promise.all(DOCUMENTED.map(async ({ dialect, args }) => {
    using world = makeWorld();
    // That of sheet 000 is for a Unix socket, as its arguments show.
    const where = { host: "{host}", port: "{port}", path: "{path}" };
    const words = args(where);
    const listen = words.includes(where.path) ? `unix:${world.directory}/s` : "127.0.0.1:0";
    const { code, stdout, stderr } = await runProgram(world, [
      ...["check", "--listen", listen, "--dialect", dialect, "--timeout", "10"],
      ...["--", "python3", clientOf(dialect, world), ...words],
    ]);
    assertStrictEquals(code, 0, stdout + stderr);
    // Clients of 30 lines leave the line being typed to the terminal, and the welcome to the server.
    assertNotMatch(stdout, /^(?:FAIL|warn {2}(?!line-redrawn |welcome ))/m);
    assertMatch(stdout, /^Passed: all that is required and was tried works$/m);
  }));
});

Deno.test("the documented bot of native echoes private messages", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  await using _bot = startOutside("python3", [
    ...[clientOf("native", world), "localhost", String(server.port)],
  ]);
  await nina.lines.match(/"joined","name":"echo"/);
  await nina.request({ type: "say", text: "not for you" });
  await nina.request({ type: "say", to: "@echo", text: "répète" });
  const answer = JSON.parse(await nina.lines.match(/"from":"echo"/));
  assertEquals([answer.to, answer.text], ["@nina", "répète"]);
});
