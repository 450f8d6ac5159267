import { assertEquals, assertStrictEquals } from "@std/assert";
import { tlsUnavailable } from "../../cli/tls_runtime.ts";

Deno.test("tlsUnavailable() names the runtime that cannot, and lets the pinned one", () => {
  assertStrictEquals(tlsUnavailable(), undefined);
  const error = `No TLS: it needs Deno 2.9 or later, and this runs on ${Deno.version.deno}`;
  assertEquals(tlsUnavailable({}), { error });
});
