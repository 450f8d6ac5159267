// Commands of operators in the chat: answered in a dialect without words for them, and printed by
// the server.

import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { admin, makeWorld, startServer } from "../harness.ts";

const SECRET = "open sesame";

Deno.test("An operator's orders are answered in usermsg, and the console shows them but for secrets", async () => {
  using world = makeWorld();
  await using server = await startServer(world, ["--port", "0", "--host", "127.0.0.1"]);
  await using claimer = await TestClient.connect(server);
  await claimer.send(`alice\n/claim ${SECRET}\n`);
  await claimer.lines.match(/^-- alice is yours/);
  assertStrictEquals((await admin(world, "op", "alice")).code, 0);

  await using other = await TestClient.connect(server);
  await other.send("USER alice\nMSG hello\n");
  await other.lines.match(/^MSG server "alice" is claimed: .*; you are user\d+$/);
  await claimer.lines.match(/^user\d+: hello$/);

  await using alice = await TestClient.connect(server);
  await alice.send(`USER alice ${SECRET}\nMSG here\n`);
  await other.lines.match(/^MSG alice here$/);
  await alice.send("kick nobody\n");
  await alice.lines.match(/^MSG server .*nobody/);
  await alice.send("msg user2 the gold is buried\n");
  await other.lines.match(/the gold is buried/);
  await alice.send("kick user2 being silly\n");
  await alice.lines.match(/^MSG server Kicked user2/);
  await server.stdout.match(/alice \(operator\): \/kick user2 being silly$/);
  const seen = server.stdout.seen.join("\n");
  assertMatch(seen, /alice \(operator\): \/msg user2 \(not shown\)/);
  assert(!seen.includes("gold") && !seen.includes(SECRET), seen);
});
