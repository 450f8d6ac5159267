// Extracting a runtime from an executable, on a small one.

import { assertEquals, assertStrictEquals } from "@std/assert";
import { runtimeIn, standInRuns } from "../../tools/denort.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** "abc" and its SHA-256, as FIPS 180-2 prints it. */
const ABC = {
  bytes: 3,
  sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
};

Deno.test("runtimeIn() takes the beginning of an executable, and only the expected one", async () => {
  assertEquals(await runtimeIn(bytes("abcdef"), ABC), bytes("abc"));
  assertEquals(await runtimeIn(bytes("abc"), ABC), bytes("abc"));
  assertStrictEquals(await runtimeIn(bytes("ab"), ABC), undefined);
  assertStrictEquals(await runtimeIn(bytes("abd"), ABC), undefined);
});

Deno.test("standInRuns() on Linux x86-64 only", () => {
  assertStrictEquals(standInRuns({ os: "linux", arch: "x86_64" }), true);
  assertStrictEquals(standInRuns({ os: "linux", arch: "aarch64" }), false);
  assertStrictEquals(standInRuns({ os: "darwin", arch: "x86_64" }), false);
});
