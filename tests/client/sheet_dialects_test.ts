// The client on a terminal against servers for sheets 000 and 003.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { etx } from "../../protocol/etx.ts";
import { framed } from "../../protocol/framed.ts";
import type { Request } from "../../protocol/requests.ts";
import type { TestPeer } from "./client_fakes.ts";
import { withInteractiveChat } from "./interactive_fixture.ts";
import { until } from "../until.ts";

/** A server of sheet 003 for one client that only handles names. */
function namesOnly(peer: TestPeer, request: Request | "end"): void {
  if (request === "end") return;
  if (request.verb === "hello") return peer.raw("7 7\n");
  if (request.verb === "rename") return peer.raw("done\x03");
  if (request.verb === "whoami") return peer.raw("zoe\x03");
  if (request.verb === "bye") return peer.raw("\x04");
}

Deno.test("runInteractive() speaks etx: name and prompt from the server, raw lines, q (R57-R69)", () =>
  withInteractiveChat({ dialect: etx, name: null, onRequest: namesOnly }, async (fixture) => {
    const { code, prompt, prompted, printed, server } = fixture;
    await prompted("7> ");
    prompt.type("n zoe");
    await printed("done");
    prompt.type("whoever");
    await prompted("zoe> ");
    server.peer().raw("bob: hi zoe\x03bob@cooks: so");
    await printed("23:59 bob: hi zoe");
    server.peer().raw("up\x03");
    await printed("23:59 bob@cooks: soup");
    assertStrictEquals(fixture.rings.length, 1);
    prompt.press("eof");
    assertStrictEquals(await code, 0);
    const verbs = server.peer().requests.map(({ verb }) => verb);
    assertEquals(verbs, ["hello", "rename", "whoami", "bye"]);
  }));

for (const answer of ["alice\x03", "0\x03"]) {
  const isKnown = answer.startsWith("alice");
  const what = isKnown ? "where it has the name" : "by changing it";
  Deno.test(`runInteractive() keeps its name at an etx server that answers an id alone, ${what} (C6)`, () => {
    const onRequest = (peer: TestPeer, request: Request | "end"): void => {
      if (request === "end") return;
      if (request.verb === "hello") peer.raw("0\n");
      if (request.verb === "whoami") peer.raw(answer);
      if (request.verb === "bye") peer.raw("\x04");
    };
    return withInteractiveChat({ dialect: etx, onRequest }, async (fixture) => {
      const { code, prompt, prompted, server } = fixture;
      await prompted("alice> ");
      const verbs = () => server.peer().requests.map(({ verb }) => verb);
      const last = isKnown ? "whoami" : "rename";
      await until(() => server.peers[0] !== undefined && verbs().includes(last), last);
      prompt.press("eof");
      assertStrictEquals(await code, 0);
      const expected = isKnown ? ["hello", "whoami", "bye"] : ["hello", "whoami", "rename", "bye"];
      assertEquals(verbs(), expected);
      assertStrictEquals(prompt.prompt, "alice> ");
    });
  });
}

Deno.test("runInteractive() ends with a session of etx, though the server keeps the socket (R64)", () =>
  withInteractiveChat(
    { dialect: etx, onRequest: namesOnly },
    async ({ code, prompt, prompted, server }) => {
      await prompted("alice> ");
      server.peer().raw("-- Goodbye: the server stopped\x03\x04");
      assertStrictEquals(await code, 0);
      assert(prompt.text.includes("closed the connection: the server stopped"), prompt.text);
    },
  ));

Deno.test("runInteractive() speaks framed: ko for each ok, frames, and text without any (R14, D1)", () =>
  withInteractiveChat({ dialect: framed, onRequest: () => {} }, async (fixture) => {
    const { prompt, prompted, printed, server } = fixture;
    await prompted("alice> ");
    prompt.type("hello");
    await until(() => server.peer().requests.length === 2, "the message");
    assertEquals(server.peer().requests, [
      { verb: "hello", name: "alice" },
      { verb: "say", text: "hello" },
    ]);
    server.peer().raw("ok");
    await printed("-- ko");
    server.peer().raw("bienvenue");
    await printed("-- bienvenue");
    server.peer().send({ type: "message", seq: 1, at: "", from: "alice", text: "hello" });
    server.peer().send({
      type: "message",
      seq: 2,
      at: "",
      from: "bob",
      text: "psst",
      to: "@alice",
    });
    await printed("23:59 bob (private): psst");
    assert(!prompt.text.includes("alice: hello"), "one's own words are where they were typed");
    prompt.type("/join cooks");
    await printed("-! framed has no groups");
  }));
