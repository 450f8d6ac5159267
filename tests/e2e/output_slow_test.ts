// The server's own output: a reader that stops reading it cannot disturb the chat.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { exitOf, makeWorld, programCommand, startServer } from "../harness.ts";

Deno.test("a server whose stdout is closed keeps serving (F58)", async () => {
  using world = makeWorld();
  const path = `${world.directory}/s`;
  const [command, args] = programCommand(["serve", "--listen", `unix:${path}`]);
  const child = new Deno.Command(command, {
    args,
    env: world.env,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  await using nina = await TestClient.native({ path }, "nina");
  for (let round = 0; round < 3; round++) {
    await nina.request({ type: "say", text: `round ${round}` });
    await nina.lines.match(/"ack"/);
  }
  Deno.kill(child.pid, "SIGTERM");
  assertStrictEquals((await child.status).code, 0);
});

Deno.test("--log-file records how connections ended, one JSON object a line (F67)", async () => {
  using world = makeWorld();
  const log = `${world.directory}/chat.log`;
  await using server = await startServer(world, [
    ...["--host", "127.0.0.1", "--port", "0", "--log-file", log],
  ]);
  await using nina = await TestClient.native(server, "nina");
  await nina.request({ type: "say", text: "tidy\u2028\nlog" });
  await nina.request({ type: "bye" });
  await nina.lines.ended();
  server.kill("SIGTERM");
  await exitOf(server);
  const lines = Deno.readTextFileSync(log).trim().split("\n");
  const entries = lines.map((line) => JSON.parse(line));
  assert(entries.some((entry) => entry.reason === "bye" && entry.name === "nina"), lines[0]);
  for (const entry of entries) assertMatch(entry.time, /^\d{4}-\d\d-\d\dT/);
});

Deno.test("admin prints one error message if its output cannot be written, exit 1", async () => {
  using world = makeWorld();
  await using _server = await startServer(world);
  const [command, args] = programCommand(["admin", "who"]);
  const { code, stderr } = await new Deno.Command("sh", {
    args: ["-c", '"$@" >/dev/full', "sh", command, ...args],
    env: world.env,
  }).output();
  assertStrictEquals(code, 1);
  const sent = new TextDecoder().decode(stderr).trim();
  assertMatch(sent, /^minichat admin: Cannot write to standard output: No space left.*$/);
});

Deno.test("connect refuses a line that is not UTF-8 and says which, exit 1", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using nina = await TestClient.native(server, "nina");
  const place = ["127.0.0.1", String(server.port)];
  const [command, args] = programCommand(["connect", ...place, "bot"]);
  const { code, stderr } = await new Deno.Command("sh", {
    args: ["-c", `printf 'caf\\351\\nfine\\n' | "$@"`, "sh", command, ...args],
    env: world.env,
  }).output();
  assertStrictEquals(code, 1);
  assertMatch(new TextDecoder().decode(stderr), /^Line 1: Not UTF-8/m);
  const texts = (await nina.events()).filter(({ type }) => type === "message");
  assertEquals(texts.map(({ text }) => text), ["fine"]);
});
