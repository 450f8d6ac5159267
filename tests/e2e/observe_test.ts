// Observing a running server: its metrics, its health, its log.

import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { TestClient } from "../test_client.ts";
import {
  admin,
  DEADLINE_MS,
  exitOf,
  makeWorld,
  runProgram,
  startProgram,
  startServer,
} from "../harness.ts";
import { until } from "../until.ts";
import { readExposition, type ReadFamily } from "../server/metrics/exposition_reader.ts";

const PLACE = ["--host", "127.0.0.1", "--port", "0"];

/** The address of a server's metrics, from what it printed. */
function urlOf(banner: readonly string[]): string {
  const url = /^Figures at (http:\S+)\/metrics$/m.exec(banner.join("\n"))?.[1];
  assert(url, banner.join("\n"));
  return url;
}

async function figures(url: string): Promise<{ text: string; families: Map<string, ReadFamily> }> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return { text, families: readExposition(text) };
}

function figure(families: Map<string, ReadFamily>, name: string, label?: string) {
  const samples = families.get(name)?.samples ?? [];
  return samples.find(({ labels }) => label === undefined || Object.values(labels).includes(label))
    ?.value;
}

Deno.test("--metrics shows what happens as figures, and never who or what", async () => {
  using world = makeWorld();
  await using server = await startServer(world, [...PLACE, "--metrics", "0"]);
  const url = urlOf(server.banner);
  {
    await using nina = await TestClient.native(server, "nina-was-here");
    await nina.request({ type: "say", text: "a-secret" });
    await nina.request({ type: "join", group: "a-group" });
    await nina.lines.match(/"ack"/);
    const { text, families } = await figures(url);
    assertStrictEquals(figure(families, "minichat_clients", "native"), 1);
    assertStrictEquals(figure(families, "minichat_registered_clients"), 1);
    assertStrictEquals(figure(families, "minichat_messages_total"), 1);
    assertStrictEquals(figure(families, "minichat_accepted_total"), 1);
    assertNotMatch(text, /nina|secret|a-group|127\.0\.0\.1/);
    await nina.request({ type: "bye" });
    await nina.lines.ended();
  }
  const deadline = Date.now() + DEADLINE_MS;
  let { families } = await figures(url);
  while (figure(families, "minichat_closed_total", "bye") !== 1) {
    assert(Date.now() < deadline, "the end of the connection was counted");
    ({ families } = await figures(url));
  }
  assertStrictEquals(figure(families, "minichat_clients", "native") ?? 0, 0);
  const healthy = await fetch(`${url}/healthz`);
  assertEquals([healthy.status, await healthy.text()], [200, "ok\n"]);
  server.kill("SIGTERM");
  assertStrictEquals((await exitOf(server)).code, 0);
  await assertRejects(() => fetch(`${url}/healthz`), TypeError);
});

Deno.test("--metrics with a port that is taken: one error message, exit 1, no files left", async () => {
  using world = makeWorld();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const { code, stderr } = await runProgram(world, ["serve", ...PLACE, "--metrics", `${port}`]);
  assertStrictEquals(code, 1);
  assertMatch(stderr, /^minichat serve: Metrics port \d+ is in use: .*\n$/);
  assertEquals([...Deno.readDirSync(world.directory)], []);
});

Deno.test("SIGHUP lets the log continue in a new file, and the chat does not notice", async () => {
  using world = makeWorld();
  const path = `${world.directory}/log`;
  await using server = await startServer(world, [...PLACE, "--log-file", path]);
  await using nina = await TestClient.native(server, "nina");
  Deno.renameSync(path, `${path}.1`);
  server.kill("SIGHUP");
  await nina.request({ type: "rename", name: "nora" });
  await nina.lines.match(/"renamed"/);
  await admin(world, "kick", "nora", "enough");
  await nina.lines.ended();
  // The client sees the end before the server has finished with the connection.
  await until(
    () => Deno.readTextFileSync(path).includes('"what":"closed"'),
    "the end of the connection in the log",
  );
  server.kill("SIGTERM");
  await exitOf(server);
  const entries = [`${path}.1`, path].map((file) =>
    Deno.readTextFileSync(file).trim().split("\n").map((line) => JSON.parse(line).what)
  );
  const all = entries.flat().filter((what) => what !== "reloaded");
  const expected = ["listening", "joined", "renamed", "order", "closed", "stopping", "stopped"];
  assertEquals(all, expected);
  assertEquals(entries[0]?.slice(0, 2), ["listening", "joined"]);
  assertStrictEquals(entries[1]?.at(-1), "stopped");
});

Deno.test("--log-file - writes to standard error, at the level that is asked for", async () => {
  using world = makeWorld();
  const path = `${world.directory}/s`;
  const flags = ["--listen", `unix:${path}`, "--log-file", "-", "--log-level", "debug"];
  await using server = startProgram(world, ["serve", ...flags]);
  assertStrictEquals(JSON.parse(await server.stderr.next()).what, "listening");
  await using _nina = await TestClient.native({ path }, "nina");
  assertStrictEquals(JSON.parse(await server.stderr.next()).what, "connected");
  assertStrictEquals(JSON.parse(await server.stderr.next()).what, "joined");
  server.kill("SIGTERM");
  assertStrictEquals((await exitOf(server)).code, 0);
});

Deno.test("--log-level without --log-file is wrong usage", async () => {
  using world = makeWorld();
  const { code, stderr } = await runProgram(world, ["serve", "--log-level", "debug"]);
  assertStrictEquals(code, 2);
  assertMatch(stderr, /--log-level needs --log-file/);
});
