// Sheet 001's first client sends a line, then waits for an answer before it does anything else.

import { fail } from "@std/assert";
import { TestClient } from "../test_client.ts";
import { makeWorld, startServer } from "../harness.ts";

/** Lines that a user may type, sensible or not. */
const LINES: readonly string[] = [
  ...["hello", "", "   ", "é 界", "-- not news", "ko", "USER bob", "MSG hi", "{"],
  ...["@nina psst", "@nobody psst", "@nina", "@", "@tous hi", "#nina hi"],
  ...["/help", "/list", "/groups", "/name", "/name nina", "/name tim", "/msg", "/msg nina hi"],
  ...[
    "/join cooks",
    "/join cooks",
    "@cooks soup",
    "/leave cooks",
    "/leave cooks",
    "/me",
    "/me waves",
  ],
  ...["/reply hi", "/history", "/history 1", "/nonsense", "/", "//", "//x", "\x03", "\x1b[2J"],
];

Deno.test("serve answers every line of a plain client, so that it never waits for nothing (R27, D12)", async () => {
  using world = makeWorld();
  await using server = await startServer(world);
  await using _nina = await TestClient.native(server, "nina");
  await using tom = await TestClient.connect(server);
  for (const line of ["tom", ...LINES]) {
    await tom.send(`${line}\n`);
    await tom.lines.next().catch((problem) => fail(`${JSON.stringify(line)}: ${problem}`));
    await tom.plainBarrier(); // the rest of the answer
  }
});
