// A second server at an address in use is refused immediately, whatever else the first one has
// open.

import { assertMatch, assertStrictEquals } from "@std/assert";
import { makeWorld, runProgram, startServer } from "../harness.ts";

Deno.test("serve names the minichat at its port before the data directory it holds", async () => {
  using world = makeWorld();
  const place = ["--host", "127.0.0.1", "--data", `${world.directory}/data`];
  await using first = await startServer(world, ["--port", "0", ...place]);
  const { port } = first;
  const again = ["serve", "--port", `${port}`];
  for (const flags of [place, ["--host", "127.0.0.1", "--data", `${world.directory}/other`]]) {
    const { code, stderr } = await runProgram(world, [...again, ...flags]);
    assertStrictEquals(code, 1);
    assertMatch(
      stderr,
      new RegExp(
        `^minichat serve: A minichat runs at port ${port} already: .*--port ${port} shutd`,
      ),
    );
    assertStrictEquals(stderr.trim().split("\n").length, 1);
  }
});

Deno.test("serve reports another program at its port", async () => {
  using world = makeWorld();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const { code, stderr } = await runProgram(world, [
    ...["serve", "--host", "127.0.0.1", "--no-history", "--port", `${port}`],
  ]);
  assertStrictEquals(code, 1);
  assertMatch(
    stderr,
    new RegExp(`Port ${port} is in use: stop the program .* another with --port`),
  );
});
