// `minichat check` and a foreign server in C: the bytes that end it are found and named.

import { assert, assertMatch, assertStrictEquals } from "@std/assert";
import { makeWorld, runProgram } from "../harness.ts";
import { startOutside } from "./outside_program.ts";

const SOURCE = new URL("naive/sheet004_sigpipe.c", import.meta.url).pathname;

Deno.test("check finds a server of sheet 004 that dies of SIGPIPE, and nothing else wrong in it", async () => {
  using world = makeWorld();
  const program = `${world.directory}/server`;
  const { success, stderr } = await new Deno.Command("gcc", {
    args: ["-Wall", "-Wextra", "-Werror", "-O1", "-o", program, SOURCE],
    stdout: "null",
    stderr: "piped",
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  await using server = startOutside(program, []);
  const port = await server.stdout.next();
  const { code, stdout } = await runProgram(world, [
    ...["check", "127.0.0.1", port, "--dialect", "usermsg"],
  ]);
  assertStrictEquals(code, 1, stdout);
  assertMatch(stdout, /^FAIL {2}sigpipe /m, stdout);
  assertMatch(stdout, /Call signal\(SIGPIPE, SIG_IGN\)/, stdout.replaceAll(/\s+/g, " "));
  assertMatch(stdout, /^skip {2}last-words, closes, .* because the server has ended$/m);
  assertMatch(stdout, /1 failed \(sigpipe\)/, stdout);
  const { signal } = await server.exited;
  assertStrictEquals(signal, "SIGPIPE");
});
