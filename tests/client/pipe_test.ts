import assert from "node:assert/strict";
import { runPipe } from "../../client/pipe.ts";
import { native } from "../../protocol/native.ts";
import { plain } from "../../protocol/plain.ts";
import { usermsg } from "../../protocol/usermsg.ts";
import { fakeStdin, FakeStdout, message, nativeChat, type Peer, until } from "./fakes.ts";
import { PATIENCE, withPipe } from "./piped.ts";

function texts(peer: Peer): string[] {
  return peer.requests.flatMap((request) => request.verb === "say" ? [request.text] : []);
}

Deno.test("runPipe() says each line, leaves after the last acknowledgement, and ends with 0", () =>
  withPipe({ stdin: fakeStdin("one\n\n@bob two\n#cooks three\n /x\n/help") }, async (piped) => {
    assert.equal(await piped.code, 0);
    const requests = piped.server.peer().requests;
    assert.deepEqual(requests.map(({ verb }) => verb), [
      "hello",
      ...Array.from({ length: 5 }, () => "say"),
      "bye",
    ]);
    assert.deepEqual(texts(piped.server.peer()), ["one", "two", "three", " /x", "/help"]);
    const to = requests.flatMap((request) => request.verb === "say" && request.to || []);
    assert.deepEqual(to, [{ sigil: "@", name: "bob" }, { sigil: "#", name: "cooks" }]);
    assert.match(piped.errors[0] ?? "", /^connected to: \(127\.0\.0\.1, \d+\)$/);
    assert.equal(piped.stdout.text, ""); // what comes back of one's own is not repeated
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
    assert.equal(server.peer().ended, false);
    ack();
    assert.equal(await code, 0);
    assert.equal(server.peer().requests.at(-1)?.verb, "bye");
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
    assert.equal(await code, 0);
    assert.equal(stdout.text, "bob: hi\nbob@cooks: soup\n");
    assert.deepEqual(errors.slice(1), [
      "You are alice. Here: bob.",
      "zoe joined",
      "The server stops now",
      "The server closed the connection: the server stopped",
    ]);
  }));

Deno.test("runPipe() with json prints each event as it is", () =>
  withPipe({ json: true, stdin: fakeStdin("one\n") }, async ({ code, stdout, errors }) => {
    assert.equal(await code, 0);
    const events = stdout.text.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(events.map(({ type }) => type), ["welcome", "message", "ack", "closed"]);
    assert.deepEqual(events[1], message("alice", "one"));
    assert.equal(errors.length, 1); // where it is connected to
  }));

Deno.test("runPipe() ends with 1 when a message was refused, and names its line", () =>
  withPipe({ stdin: fakeStdin("one\n@nobody two\nthree\n") }, async ({ code, server, errors }) => {
    assert.equal(await code, 1);
    assert.deepEqual(texts(server.peer()), ["one", "two", "three"]);
    assert.ok(errors.includes("Line 2: Nobody"), errors.join());
  }));

Deno.test("runPipe() refuses lines it cannot send and sends the others", () => {
  const stdin = fakeStdin(
    `ok\n${"x".repeat(8193)}\n${"y".repeat(20_000)}\na\0b\n${"z".repeat(8192)}`,
  );
  return withPipe({ stdin }, async ({ code, server, errors }) => {
    assert.equal(await code, 1);
    assert.deepEqual(texts(server.peer()).map((text) => text.length), [2, 8192]);
    assert.deepEqual(errors.slice(2).map((line) => line.slice(0, 17)), [
      "Line 2: Not sent:",
      "Line 3: Not sent:",
      "Line 4: Not text:",
    ]);
  });
});

Deno.test("runPipe() ends with 1 when the name is taken or no name at all", async () => {
  await withPipe({ name: "taken" }, async ({ code, errors }) => {
    assert.equal(await code, 1);
    assert.deepEqual(errors.slice(1), ["That name is taken"]);
  });
  await withPipe({ name: "a\nb" }, async ({ code, server, errors }) => {
    assert.equal(await code, 1);
    assert.equal(server.peers.length, 0);
    assert.match(errors.join(), /^Bad name/);
  });
});

Deno.test("runPipe() ends with 1 when the server is gone before it acknowledged", () =>
  withPipe({
    stdin: fakeStdin("one\n"),
    onRequest: (peer, request) => {
      if (request !== "end" && request.verb === "say") peer.close();
      else nativeChat(peer, request);
    },
  }, async ({ code, errors }) => {
    assert.equal(await code, 1);
    assert.deepEqual(errors.slice(2), [
      "The server closed the connection: it gave no reason",
      "Not confirmed by the server: 1 of the messages",
    ]);
  }));

Deno.test("runPipe() ends with 1 when kicked", () =>
  withPipe({
    stdin: fakeStdin("", true),
    onRequest: (peer, request) => {
      nativeChat(peer, request);
      if (request === "end" || request.verb !== "hello") return;
      peer.send({ type: "closed", reason: "kicked", text: "kicked: spam" });
      peer.close();
    },
  }, async ({ code, errors }) => {
    assert.equal(await code, 1);
    assert.equal(errors.at(-1), "The server closed the connection: kicked: spam");
  }));

Deno.test("runPipe() reads no more input than the server acknowledges", () => {
  const stdin = fakeStdin("x\n".repeat(200_000));
  return withPipe({
    stdin,
    onRequest: (peer, request) => {
      if (request === "end" || request.verb === "hello") nativeChat(peer, request);
    },
  }, async ({ code, server }) => {
    await until(() => server.peers[0]?.requests.length === 257, "a full window");
    assert.equal(stdin.reads, 1); // the rest of the input waits
    server.peer().send({ type: "ack", seq: 1, recipients: 1, ref: 1 });
    await until(() => server.peer().requests.length > 257, "one more message");
    assert.equal(server.peer().requests.length, 258);
    server.peer().close();
    assert.equal(await code, 1);
  });
});

Deno.test("runPipe() with stay goes on after the end of the input", () =>
  withPipe({ stay: true }, async ({ code, server, stdout }) => {
    await until(() => server.peers[0]?.requests.length === 1, "the hello");
    server.peer().send(message("bob", "later"));
    await until(() => stdout.text !== "", "the message");
    assert.equal(server.peer().ended, false);
    server.peer().send({ type: "closed", reason: "shutdown", text: "the server stopped" });
    server.peer().close();
    assert.equal(await code, 0);
    assert.equal(stdout.text, "bob: later\n");
  }));

Deno.test("runPipe() ends quietly when nobody reads its output any more", () =>
  withPipe({
    stay: true,
    stdout: { write: () => Promise.reject(new Deno.errors.BrokenPipe()) },
  }, async ({ code, server, errors }) => {
    await until(() => server.peers[0]?.requests.length === 1, "the hello");
    server.peer().send(message("bob", "hi"));
    assert.equal(await code, 0);
    assert.equal(errors.length, 2); // connected, welcome
  }));

Deno.test("runPipe() half-closes towards a server that answers nothing, and ends with it", () =>
  withPipe({
    dialect: usermsg,
    stdin: fakeStdin("one\ntwo"),
    onRequest: (peer, request) => {
      if (request !== "end") return;
      peer.send(message("bob", "said while it was leaving"));
      peer.close();
    },
  }, async ({ code, server, stdout }) => {
    assert.equal(await code, 0);
    assert.deepEqual(server.peer().requests, [
      { verb: "hello", name: "alice" },
      { verb: "say", text: "one" },
      { verb: "say", text: "two" },
    ]);
    assert.equal(stdout.text, "bob: said while it was leaving\n");
  }));

Deno.test("runPipe() does not wait for ever for a server that keeps the connection", () =>
  withPipe({
    dialect: usermsg,
    stdin: fakeStdin("one\n@bob two\n"),
    onRequest: () => {},
    patience: { ...PATIENCE, goodbyeMs: 1 },
  }, async ({ code, errors }) => {
    assert.equal(await code, 1);
    assert.match(errors.join("\n"), /^Line 2: usermsg has no private messages/m);
  }));

Deno.test("runPipe() gives up on a server that never welcomes", () =>
  withPipe({
    onRequest: () => {},
    stdin: fakeStdin("one\n"),
    patience: { ...PATIENCE, welcomeMs: 1 },
  }, async ({ code, errors }) => {
    assert.equal(await code, 1);
    assert.match(errors.join("\n"), /No welcome from the server: .*another --dialect/);
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
    assert.equal(await code, 0);
    assert.deepEqual(server.peer().requests, [
      { verb: "say", text: "alice" },
      { verb: "command", word: "list", rest: "" },
      { verb: "say", to: { sigil: "@", name: "bob" }, text: "hi" },
      { verb: "say", text: "/x" },
    ]);
    assert.equal(stdout.text, "Welcome\n1 person here\n");
  }));

Deno.test("runPipe() tells in one sentence when there is no server", async () => {
  const errors: string[] = [];
  const code = await runPipe({
    address: { kind: "unix", path: "/x" },
    dialect: native,
    json: false,
    stay: false,
    dial: () => Promise.resolve({ ok: false, error: "No server" }),
    stdin: fakeStdin(""),
    stdout: new FakeStdout(),
    complain: (line) => errors.push(line),
  });
  assert.equal(code, 1);
  assert.deepEqual(errors, ["No server"]);
});
