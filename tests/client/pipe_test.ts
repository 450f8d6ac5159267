import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { plain } from "../../protocol/plain.ts";
import { usermsg } from "../../protocol/usermsg.ts";
import { fakeStdin, message, nativeChat } from "./client_fakes.ts";
import { receivedTexts, withPipe } from "./pipe_fixture.ts";
import { until } from "../until.ts";

Deno.test("runPipe() says each line, leaves after the last acknowledgement, and ends with 0", () =>
  withPipe({ stdin: fakeStdin("one\n\n@bob two\n#cooks three\n /x\n/help") }, async (piped) => {
    assertStrictEquals(await piped.code, 0);
    const requests = piped.server.peer().requests;
    assertEquals(requests.map(({ verb }) => verb), [
      "hello",
      ...Array.from({ length: 5 }, () => "say"),
      "bye",
    ]);
    assertEquals(receivedTexts(piped.server.peer()), ["one", "two", "three", " /x", "/help"]);
    const to = requests.flatMap((request) => request.verb === "say" && request.to || []);
    assertEquals(to, [{ sigil: "@", name: "bob" }, { sigil: "#", name: "cooks" }]);
    assertMatch(piped.errors[0] ?? "", /^connected to: \(127\.0\.0\.1, \d+\)$/);
    assertStrictEquals(piped.stdout.text, ""); // the copies of its own messages are not printed
  }));

Deno.test("runPipe() waits for the acknowledgement before it leaves", () => {
  let ack = () => {};
  return withPipe({
    stdin: fakeStdin("one\n"),
    onRequest: (peer, request) => {
      if (request === "end" || request.verb !== "say") return nativeChat(peer, request);
      ack = () => nativeChat(peer, request);
    },
  }, async ({ code, server }) => {
    await until(() => server.peers[0]?.requests.length === 2, "the message");
    assertStrictEquals(server.peer().ended, false);
    ack();
    assertStrictEquals(await code, 0);
    assertStrictEquals(server.peer().requests.at(-1)?.verb, "bye");
  });
});

Deno.test("runPipe() shows messages as name: text and everything else on standard error", () =>
  withPipe({
    stdin: fakeStdin("", true),
    onRequest: (peer, request) => {
      nativeChat(peer, request);
      if (request === "end" || request.verb !== "hello") return;
      peer.send(
        message("bob", "hi"),
        message("bob", "soup", { to: "#cooks" }),
        { type: "joined", name: "zoe" },
        { type: "shutdown", in: 0 },
        { type: "closed", reason: "shutdown", text: "the server stopped" },
      );
      peer.close();
    },
  }, async ({ code, stdout, errors }) => {
    assertStrictEquals(await code, 0);
    assertStrictEquals(stdout.text, "bob: hi\nbob@cooks: soup\n");
    assertEquals(errors.slice(1), [
      "You are alice. Here: bob.",
      "zoe joined",
      "The server stops now",
      "The server closed the connection: the server stopped",
    ]);
  }));

Deno.test("runPipe() prints an event of a later version as JSON, made safe, and else not at all", async () => {
  for (const json of [true, false]) {
    await withPipe({
      json,
      onRequest: (peer, request) => {
        if (request !== "end" && request.verb === "bye") {
          peer.raw('{"type":"typing","who":["bo\\u001bb"]}\n');
        }
        nativeChat(peer, request);
      },
    }, async ({ code, stdout, errors }) => {
      assertStrictEquals(await code, 0);
      const line = '{"type":"typing","who":["bo\\\\x1bb"]}';
      assertStrictEquals(stdout.text.split("\n").includes(line), json, stdout.text);
      assert(errors.every((error) => error !== ""));
    });
  }
});

Deno.test("runPipe() with json prints each event as it is", () =>
  withPipe({ json: true, stdin: fakeStdin("one\n") }, async ({ code, stdout, errors }) => {
    assertStrictEquals(await code, 0);
    const events = stdout.text.trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(events.map(({ type }) => type), ["welcome", "message", "ack", "closed"]);
    assertEquals(events[1], message("alice", "one", { seq: events[1].seq }));
    assertStrictEquals(errors.length, 1); // the address it is connected to
  }));

Deno.test("runPipe() refuses lines it cannot send and sends the others", () => {
  const stdin = fakeStdin(
    `ok\n${"x".repeat(8193)}\n${"y".repeat(20_000)}\na\0b\n${"z".repeat(8192)}`,
  );
  return withPipe({ stdin }, async ({ code, server, errors }) => {
    assertStrictEquals(await code, 1);
    assertEquals(receivedTexts(server.peer()).map((text) => text.length), [2, 8192]);
    assertEquals(errors.slice(2).map((line) => line.slice(0, 17)), [
      "Line 2: Not sent:",
      "Line 3: Not sent:",
      "Line 4: Not text:",
    ]);
  });
});

Deno.test("runPipe() reads no more input than the server acknowledges", () => {
  const stdin = fakeStdin("x\n".repeat(200_000));
  return withPipe({
    stdin,
    onRequest: (peer, request) => {
      if (request === "end" || request.verb === "hello") nativeChat(peer, request);
    },
  }, async ({ code, server }) => {
    await until(() => server.peers[0]?.requests.length === 257, "a full window");
    assertStrictEquals(stdin.reads, 1); // the rest of the input waits
    server.peer().send({ type: "ack", seq: 1, recipients: 1, ref: 1 });
    await until(() => server.peer().requests.length > 257, "one more message");
    assertStrictEquals(server.peer().requests.length, 258);
    server.peer().close();
    assertStrictEquals(await code, 1);
  });
});

Deno.test("runPipe() with stay keeps running after the end of the input", () =>
  withPipe({ stay: true }, async ({ code, server, stdout }) => {
    await until(() => server.peers[0]?.requests.length === 1, "the hello");
    server.peer().send(message("bob", "later"));
    await until(() => stdout.text !== "", "the message");
    assertStrictEquals(server.peer().ended, false);
    server.peer().send({ type: "closed", reason: "shutdown", text: "the server stopped" });
    server.peer().close();
    assertStrictEquals(await code, 0);
    assertStrictEquals(stdout.text, "bob: later\n");
  }));

Deno.test("runPipe() shows what a namesake says where no server confirms the name", () =>
  withPipe({
    dialect: usermsg,
    onRequest: (peer, request) => {
      if (request !== "end") return;
      peer.raw("MSG alice I am the other one\n");
      peer.close();
    },
  }, async ({ code, stdout }) => {
    assertStrictEquals(await code, 0);
    assertStrictEquals(stdout.text, "alice: I am the other one\n");
  }));

Deno.test("runPipe() sends a line server the lines as they are and shows all it says", () =>
  withPipe({
    dialect: plain,
    stdin: fakeStdin("/list\n@bob hi\n//x\n"),
    onRequest: (peer, request) => {
      if (request !== "end") return;
      peer.raw("Welcome\n1 person here\n");
      peer.close();
    },
  }, async ({ code, server, stdout }) => {
    assertStrictEquals(await code, 0);
    assertEquals(server.peer().requests, [
      { verb: "say", text: "alice" },
      { verb: "command", word: "list", rest: "" },
      { verb: "say", to: { sigil: "@", name: "bob" }, text: "hi" },
      { verb: "say", text: "/x" },
    ]);
    assertStrictEquals(stdout.text, "Welcome\n1 person here\n");
  }));
