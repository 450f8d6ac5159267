// The terminal of a server closes (O4).

import { assertEquals } from "@std/assert";
import { makeWorld, programCommand } from "../harness.ts";
import { TestClient } from "../test_client.ts";
import { TmuxTerminal } from "./tmux.ts";

const SERVE = ["serve", "--host", "127.0.0.1", "--port", "0", "--no-history"];

/** Closes the terminal of a server, and returns how the server ended a client, if it did. */
async function closed(more: readonly string[], config = ""): Promise<string> {
  using world = makeWorld();
  const file = `${world.directory}/config.toml`;
  await Deno.writeTextFile(file, config);
  const args = [...SERVE, ...more, ...(config === "" ? [] : ["--config", file])];
  const terminal = await TmuxTerminal.start(programCommand(args).flat(), { ...world, rows: 60 });
  try {
    const row = await terminal.shows(/^Listening on /);
    await using ann = await TestClient.native({ port: Number(/:(\d+)\./.exec(row)?.[1]) }, "ann");
    await terminal.close();
    if (config === "") return await ann.lines.match(/"closed"/);
    assertEquals(await ann.barrier(), []);
    return "";
  } finally {
    await terminal[Symbol.asyncDispose]();
  }
}

Deno.test("a server stops when the terminal closes that it was started on (O4)", async () => {
  for (const more of [[], ["--log-file", "/dev/null"]]) await closed(more);
});

Deno.test("a server with a configuration file continues when its terminal closes (O4)", async () => {
  await closed([], "quiet = true\n");
});
