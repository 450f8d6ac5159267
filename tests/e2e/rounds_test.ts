// `serve --rounds N`: the finite loop of sheet 000, exercise 5 (R15, D7).

import { assertEquals, assertStrictEquals } from "@std/assert";
import { frame } from "../../protocol/frames.ts";
import { ByteClient } from "../byte_client.ts";
import { exitOf, makeWorld, startProgram, startServer } from "../harness.ts";

const C_STRUCT = { headerBytes: 16, littleEndian: true } as const;

Deno.test("serve --rounds 10 ends after ten events with clients of sheet 000, and cleans up (R15)", async () => {
  using world = makeWorld();
  const path = `${world.directory}/soquette`;
  await using server = await startServer(world, ["--listen", `unix:${path}`, "--rounds", "10"]);
  await using ana = await ByteClient.connect({ path }); // 1
  await ana.send(frame(C_STRUCT, 0, "ana")); // 2
  await server.stdout.match(/^ana joined/);
  {
    await using eve = await ByteClient.connect({ path }); // 3
    await eve.send(frame(C_STRUCT, 0, "eve")); // 4
    await server.stdout.match(/^eve joined/);
  } // 5
  await server.stdout.match(/^eve left/);
  for (const round of [6, 7, 8, 9, 10]) await ana.send(frame(C_STRUCT, 1, `round ${round}`));
  for (const round of [6, 7, 8, 9, 10]) {
    assertStrictEquals(await server.stdout.match(/round/), `ana: round ${round}`);
  }
  assertStrictEquals((await exitOf(server)).code, 0);
  await server.stdout.ended();
  assertStrictEquals(server.stdout.seen.at(-1), "Stopped: the 10 rounds are over");
  assertStrictEquals((await ana.ended()).match(/ok/g)?.length, 5); // the last message was acknowledged too
  assertEquals([...Deno.readDirSync(world.directory)].map(({ name }) => name).sort(), [
    "minichat",
    "state", // the messages stay stored
  ]);
});

Deno.test("serve --json --rounds 1 says why it stopped", async () => {
  using world = makeWorld();
  const path = `${world.directory}/s`;
  const args = ["serve", "--json", "--rounds", "1", "--listen", `unix:${path}`];
  await using server = startProgram(world, args);
  await server.stdout.match(/"listening"/);
  await using _ = await ByteClient.connect({ path });
  assertStrictEquals((await exitOf(server)).code, 0);
  await server.stdout.ended();
  assertEquals(JSON.parse(server.stdout.seen.at(-1) ?? ""), {
    type: "stopped",
    reason: "The one round is over",
  });
});
