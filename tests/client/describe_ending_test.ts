import { assertMatch, assertStrictEquals } from "@std/assert";
import type { Address } from "../../client/dial.ts";
import { endText, isGoodEnd } from "../../client/describe_ending.ts";
import type { ConnectionEnd } from "../../client/client_connection.ts";
import type { CloseReason } from "../../protocol/failures.ts";
import { EN } from "../../texts/en.ts";

const HERE: Address = { kind: "tcp", host: "localhost", port: 8080 };
const LOST: ConnectionEnd = { kind: "lost", detail: "reset by peer" };

function closed(reason: CloseReason): ConnectionEnd {
  return { kind: "closed", event: { type: "closed", reason, text: "why" } };
}

Deno.test("isGoodEnd() distinguishes a goodbye from a failure", () => {
  assertStrictEquals(isGoodEnd(closed("bye"), false), true);
  assertStrictEquals(isGoodEnd(closed("shutdown"), false), true);
  assertStrictEquals(isGoodEnd({ kind: "here" }, false), true);
  assertStrictEquals(isGoodEnd(closed("kicked"), true), false);
  assertStrictEquals(isGoodEnd(closed("slow"), false), false);
  for (const end of [LOST, { kind: "eof" }] as const) {
    assertStrictEquals(isGoodEnd(end, false), false);
    assertStrictEquals(isGoodEnd(end, true), true); // the server stopped, as it had announced
  }
});

Deno.test("endText() names the reason and the command that reconnects", () => {
  assertStrictEquals(
    endText(LOST, { address: HERE, again: "minichat connect localhost 8080 bob" }, EN.client),
    "Lost the connection to localhost:8080: reset by peer; " +
      "to come back: minichat connect localhost 8080 bob",
  );
  assertStrictEquals(
    endText(closed("kicked"), { address: HERE, again: "" }, EN.client),
    "The server closed the connection: why",
  );
});

Deno.test("endText() names no way back where there is none", () => {
  const again = "minichat connect localhost 8080 bob";
  for (const reason of ["banned", "kicked", "replaced", "resumed"] as const) {
    assertStrictEquals(
      endText(closed(reason), { address: HERE, again: again }, EN.client),
      "The server closed the connection: why",
    );
  }
  assertMatch(
    endText(closed("slow"), { address: HERE, again: again }, EN.client),
    /to come back/,
  );
});
