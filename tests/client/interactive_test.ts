import { EN } from "../../texts/en.ts";
import {
  assert,
  assertEquals,
  assertMatch,
  assertNotStrictEquals,
  assertStrictEquals,
} from "@std/assert";
import { plain } from "../../protocol/plain.ts";
import { helpIn } from "../../protocol/slash_commands.ts";
import { type Request, withRef } from "../../protocol/requests.ts";
import { usermsg } from "../../protocol/usermsg.ts";
import { message, nativeChat, type TestPeer } from "./client_fakes.ts";
import { withInteractiveChat } from "./interactive_fixture.ts";
import { until } from "../until.ts";

/** Does nothing but close when the client leaves. */
function letGo(peer: TestPeer, request: Request | "end"): void {
  if (request === "end") peer.close();
}

Deno.test("runInteractive() joins, shows its name in the prompt, and says what is typed", () =>
  withInteractiveChat({}, async ({ code, server, prompt, prompted }) => {
    await prompted("alice> ");
    const { port } = server.address;
    assertEquals(prompt.printed.slice(1), [
      `-- connected to: (127.0.0.1, ${port})`,
      "-- You are alice. Here: bob.",
    ]);
    prompt.type("hello");
    prompt.type("first\n\nsecond"); // a paste
    prompt.press("eof");
    assertStrictEquals(await code, 0);
    assertStrictEquals(prompt.state, "closed");
    assertStrictEquals(prompt.printed.length, 3); // the client's own messages are not printed again
    assertEquals(server.peer().asked, [
      { verb: "hello", name: "alice", version: 1 },
      { verb: "say", text: "hello" },
      { verb: "say", text: "first" },
      { verb: "say", text: "second" },
      { verb: "bye" },
    ]);
  }));

Deno.test("runInteractive() shows a welcome and the commands first (R29)", () =>
  withInteractiveChat({ name: null }, ({ prompt, server }) => {
    assertStrictEquals(server.peers.length, 0); // printed before the connection
    assertMatch(prompt.printed[0] ?? "", /^-- Welcome to minichat\..*\n {3}Also: \/help /);
    return Promise.resolve();
  }));

Deno.test("runInteractive() shows what others say, and rings when it is for this person", () =>
  withInteractiveChat({}, async ({ server, prompt, prompted, printed, rings }) => {
    await prompted("alice> ");
    server.peer().send(message("bob", "hi", { at: "" }));
    await printed("23:59 bob: hi");
    assertStrictEquals(rings.length, 0);
    server.peer().send(message("bob", "hi alice", { at: "" }));
    server.peer().send(message("bob", "psst", { at: "", to: "@alice" }));
    await printed("23:59 bob (private): psst");
    assertStrictEquals(rings.length, 2);
    prompt.type("/reply what");
    await until(() => server.peer().requests.length === 2, "the reply");
    assertEquals<unknown>(server.peer().asked[1], {
      verb: "say",
      to: { sigil: "@", name: "bob" },
      text: "what",
    });
  }));

Deno.test("runInteractive() asks for the name first, and again when it is refused", () =>
  withInteractiveChat({ name: null }, async ({ server, prompt, prompted, printed }) => {
    await prompted("Your name: ");
    assertStrictEquals(server.peers.length, 0); // the server does not wait for a name to be typed
    prompt.type("two words");
    await printed("Bad name");
    prompt.type("taken");
    await printed("-! That name is taken");
    await prompted("Your name: ");
    prompt.type(" zoe ");
    prompt.type("typed too early");
    await prompted("zoe> ");
    await until(() => server.peer(1).requests.length === 2, "the early line");
    assertEquals<unknown>(server.peer(1).asked[1], { verb: "say", text: "typed too early" });
    assertStrictEquals(prompt.text.match(/connected to/g)?.length, 1);
  }));

Deno.test("runInteractive() takes the name the server gives for Enter alone", () =>
  withInteractiveChat({ name: null }, async ({ server, prompt, prompted }) => {
    await prompted("Your name: ");
    prompt.type("");
    await prompted("user1> ");
    assertEquals<unknown>(server.peer().asked, [{ verb: "hello", version: 1 }]);
  }));

Deno.test("runInteractive() asks again when the name given at the start is taken", () =>
  withInteractiveChat({ name: "taken" }, async ({ prompt, prompted }) => {
    await prompted("Your name: ");
    assert(prompt.text.includes("That name is taken"));
    prompt.type("zoe");
    await prompted("zoe> ");
  }));

Deno.test("runInteractive() does not ask for another name when the server is full", () =>
  withInteractiveChat({
    onRequest: (peer, request) => {
      if (request === "end") return;
      peer.send({ type: "error", code: "banned", message: "The server is full" });
      peer.send({ type: "closed", reason: "server_full", text: "the server is full" });
      peer.close();
    },
  }, async ({ code, prompt }) => {
    assertStrictEquals(await code, 1);
    assert(prompt.text.includes("-! The server is full"));
    assertNotStrictEquals(prompt.prompt, "Your name: ");
  }));

Deno.test("runInteractive() shows its new name in the prompt", () =>
  withInteractiveChat({
    onRequest: (peer, request) => {
      if (request === "end" || request.verb !== "rename") return nativeChat(peer, request);
      peer.send({ type: "renamed", was: "alice", name: request.name, you: true });
    },
  }, async ({ prompt, prompted }) => {
    await prompted("alice> ");
    prompt.type("/name al");
    await prompted("al> ");
  }));

Deno.test("runInteractive() answers /help and mistakes by itself", () =>
  withInteractiveChat({}, async ({ server, prompt, prompted }) => {
    await prompted("alice> ");
    prompt.type("/help");
    prompt.type("/lsit");
    prompt.type("x".repeat(8193));
    prompt.type("/quit");
    await until(() => server.peer().requests.length === 2, "the goodbye");
    assertMatch(prompt.text, /\/join GROUP {2}/);
    assertMatch(prompt.text, /^-! Unknown command "\/lsit": did you mean \/list\?$/m);
    assertMatch(prompt.text, /^-! Not sent: at most 8192 bytes a message$/m);
    assertStrictEquals(server.peer().requests[1]?.verb, "bye");
  }));

Deno.test("runInteractive() completes commands, names and groups", () =>
  withInteractiveChat({}, async ({ prompted, complete }) => {
    await prompted("alice> ");
    assertEquals(complete("/q").candidates, ["/quit "]);
    assertEquals(complete("hi @").candidates, ["@bob ", "@cooks "]);
    assertEquals(complete("#").candidates, ["#cooks "]);
  }));

Deno.test("runInteractive() talks to a USER/MSG server and says what that cannot do", () =>
  withInteractiveChat({ dialect: usermsg, onRequest: () => {} }, async (fixture) => {
    const { server, prompt, prompted, printed } = fixture;
    await prompted("alice> ");
    prompt.type("hello");
    prompt.type("@bob psst");
    prompt.type("/join cooks");
    await until(() => server.peers[0]?.requests.length === 2, "the message");
    assertEquals<unknown>(server.peer().asked, [
      { verb: "hello", name: "alice" },
      { verb: "say", text: "hello" },
    ]);
    await printed("-! usermsg has no private messages");
    await printed("-! usermsg has no groups");
    server.peer().raw("MSG bob hi\nwhat is this\n");
    await printed("23:59 bob: hi");
    await printed("-- what is this");
    assertEquals(fixture.complete("@").candidates, ["@bob "]);
    prompt.press("eof");
    await until(() => server.peer().ended, "the half-close");
    server.peer().close();
    assertStrictEquals(await fixture.code, 0);
  }));

Deno.test("runInteractive() shows what a namesake says where no server confirms the name", () =>
  withInteractiveChat({ dialect: usermsg, onRequest: letGo }, async (fixture) => {
    const { server, prompt, prompted, printed } = fixture;
    await prompted("alice> ");
    await until(() => server.peers[0]?.requests.length === 1, "the hello");
    server.peer().raw("MSG alice I am the other one\n");
    await printed("23:59 alice: I am the other one");
    prompt.type("/name al");
    await prompted("al> ");
    server.peer().raw("MSG al me too\n");
    await printed("23:59 al: me too");
  }));

Deno.test("runInteractive() takes the lines of a paste for text, and a typed one for a command", async () => {
  await withInteractiveChat({}, async ({ server, prompt, prompted }) => {
    await prompted("alice> ");
    prompt.type("/quit\n@bob psst\n  @bob all\n//x");
    prompt.type("  /list");
    prompt.type("/groups\n"); // one line, pasted with its line end
    await until(() => server.peer().requests.length === 7, "all of it");
    assertEquals(server.peer().asked.slice(1), [
      { verb: "say", text: "/quit" },
      { verb: "say", to: { sigil: "@", name: "bob" }, text: "psst" },
      { verb: "say", text: "  @bob all" },
      { verb: "say", text: "//x" },
      { verb: "who" },
      { verb: "groups" },
    ]);
  });
  await withInteractiveChat(
    { dialect: plain, onRequest: letGo },
    async ({ server, prompt, prompted }) => {
      await prompted("alice> ");
      prompt.type("/quit\n@bob psst");
      await until(() => server.peers[0]?.requests.length === 3, "all of it");
      assertEquals<unknown>(server.peer().asked.slice(1), [
        { verb: "say", text: "/quit" },
        { verb: "say", to: { sigil: "@", name: "bob" }, text: "psst" },
      ]);
    },
  );
});

Deno.test("runInteractive() insists on a name where the server gives none", () =>
  withInteractiveChat({ dialect: usermsg, name: null }, async ({ prompt, prompted, printed }) => {
    await prompted("Your name: ");
    prompt.type("");
    await printed("This server gives no names");
    assertStrictEquals(prompt.prompt, "Your name: ");
  }));

Deno.test("runInteractive() leaves commands and the name to a line server", () =>
  withInteractiveChat({ dialect: plain, name: null, onRequest: () => {} }, async (fixture) => {
    const { server, prompt, prompted, printed } = fixture;
    await prompted("> ");
    server.peer().raw("Who are you?\n");
    await printed("-- Who are you?");
    prompt.type("alice");
    prompt.type("/list");
    await until(() => server.peer().requests.length === 2, "the lines");
    assertEquals<unknown>(server.peer().asked, [
      { verb: "say", text: "alice" },
      { verb: "command", word: "list", rest: "" },
    ]);
    prompt.type("/quit");
    await until(() => server.peer().ended, "the half-close");
    server.peer().close();
    assertStrictEquals(await fixture.code, 0);
  }));

Deno.test("runInteractive() adds an operator's commands to its help, as the server lists them", async () => {
  const orders = [{ usage: "/kick NAME [REASON...]", help: "close somebody's connection" }];
  let isOperator = true;
  const onRequest = (peer: TestPeer, request: Request | "end"): void => {
    if (request === "end" || request.verb !== "help") return nativeChat(peer, request);
    const commands = isOperator ? [...helpIn(EN), ...orders] : helpIn(EN);
    peer.send({ type: "help", commands, ...withRef(request.ref) });
  };
  const secrets = { passphrase: "open sesame" };
  await withInteractiveChat(
    { onRequest, secrets },
    async ({ code, server, prompt, prompted, printed }) => {
      await prompted("alice> ");
      prompt.type("/help");
      await printed("You are an operator, and can order:\n  /kick NAME [REASON...]  close");
      assertMatch(prompt.text, /\/\/TEXT/);
      assertStrictEquals(prompt.text.split("/list ").length, 3); // one from the greeting, one from the help
      isOperator = false;
      prompt.type("/help");
      await until(() => server.peer().requests.length === 3, "the second question");
      prompt.type("/quit");
      assertStrictEquals(await code, 0);
      assertStrictEquals(prompt.text.split("can order").length, 2);
    },
  );
  await withInteractiveChat({ onRequest }, async ({ server, prompt, prompted, printed }) => {
    await prompted("alice> ");
    prompt.type("/help");
    await printed("//TEXT");
    assertEquals(server.peer().requests.map(({ verb }) => verb), ["hello"]);
  });
});
