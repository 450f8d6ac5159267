// The decisions of the build; .ci/run shows that it builds a program that runs.

import { assert, assertStrictEquals } from "@std/assert";
import { cacheFolder, compiled, V8_FLAGS } from "../../tools/compile.ts";

const NO_SITE = `Download https://example.test/denort.zip
error: Writing deno compile executable to temporary file 'minichat.tmp-26ccf5a0a509ea3e'

Caused by:
    0: Setting up base binary.
    1: error sending request for url: client error (Connect): dns error`;

Deno.test("compiled() distinguishes a missing runtime from a broken program", () => {
  assertStrictEquals(compiled(true, ""), "built");
  assertStrictEquals(compiled(false, NO_SITE), "no runtime");
  assertStrictEquals(compiled(false, 'error: Module not found "main.ts"'), "failed");
});

Deno.test("cacheFolder() is the user's, and follows XDG_CACHE_HOME when set", () => {
  assertStrictEquals(cacheFolder(new Map([["HOME", "/home/a"]])), "/home/a/.cache/minichat-build");
  assertStrictEquals(
    cacheFolder(new Map([["HOME", "/home/a"], ["XDG_CACHE_HOME", "/c"]])),
    "/c/minichat-build",
  );
  assertStrictEquals(
    cacheFolder(new Map([["HOME", "/home/a"], ["XDG_CACHE_HOME", ""]])),
    "/home/a/.cache/minichat-build",
  );
});

Deno.test("The tasks run the program with the flags it is compiled with", async () => {
  const { tasks } = JSON.parse(
    await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
  );
  for (const task of ["serve", "minichat"]) {
    assert(tasks[task].command.split(" ").includes(V8_FLAGS), tasks[task].command);
  }
});
