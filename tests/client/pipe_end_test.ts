import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { runPipe } from "../../client/pipe.ts";
import { framed } from "../../protocol/framed.ts";
import { native } from "../../protocol/native.ts";
import { usermsg } from "../../protocol/usermsg.ts";
import type { Request } from "../../protocol/requests.ts";
import { systemClock } from "../../shared/clock.ts";
import { fakeStdin, FakeStdout, message, nativeChat, type TestPeer } from "./client_fakes.ts";
import { receivedTexts, TEST_PIPE_TIMEOUTS, withPipe } from "./pipe_fixture.ts";
import { EN } from "../../texts/en.ts";
import { until } from "../until.ts";

Deno.test("runPipe() ends with 1 when a message was refused, and names its line", () =>
  withPipe({ stdin: fakeStdin("one\n@nobody two\nthree\n") }, async ({ code, server, errors }) => {
    assertStrictEquals(await code, 1);
    assertEquals(receivedTexts(server.peer()), ["one", "two", "three"]);
    assert(errors.includes("Line 2: Nobody"), errors.join());
  }));

Deno.test("runPipe() ends with 1 when the name is taken or no name at all", async () => {
  await withPipe({ name: "taken" }, async ({ code, errors }) => {
    assertStrictEquals(await code, 1);
    assertEquals(errors.slice(1), ["That name is taken"]);
  });
  await withPipe({ name: "a\nb" }, async ({ code, server, errors }) => {
    assertStrictEquals(await code, 1);
    assertStrictEquals(server.peers.length, 0);
    assertMatch(errors.join(), /^Bad name/);
  });
});

Deno.test("runPipe() ends with 1 when the server disconnects before it acknowledged", () =>
  withPipe({
    stdin: fakeStdin("one\n"),
    onRequest: (peer, request) => {
      if (request !== "end" && request.verb === "say") peer.close();
      else nativeChat(peer, request);
    },
  }, async ({ code, errors }) => {
    assertStrictEquals(await code, 1);
    assertEquals(errors.slice(2), [
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
    assertStrictEquals(await code, 1);
    assertStrictEquals(errors.at(-1), "The server closed the connection: kicked: spam");
  }));

Deno.test("runPipe() ends quietly when its output is closed", () =>
  withPipe({
    stay: true,
    stdout: { write: () => Promise.reject(new Deno.errors.BrokenPipe()) },
  }, async ({ code, server, errors }) => {
    await until(() => server.peers[0]?.requests.length === 1, "the hello");
    server.peer().send(message("bob", "hi"));
    assertStrictEquals(await code, 0);
    assertStrictEquals(errors.length, 2); // connected, welcome
  }));

Deno.test("runPipe() ends with 1 and says so when its output cannot be written", () =>
  withPipe({
    stay: true,
    stdout: { write: () => Promise.reject(new Error("No space left on device")) },
  }, async ({ code, server, errors }) => {
    await until(() => server.peers[0]?.requests.length === 1, "the hello");
    server.peer().send(message("bob", "hi"), message("bob", "again"));
    assertStrictEquals(await code, 1);
    assertEquals(errors.slice(2), [
      "Cannot write to standard output: No space left on device",
    ]);
  }));

Deno.test("runPipe() writes all it has read before it ends", () => {
  let text = "";
  return withPipe({
    stdin: fakeStdin("", true),
    stdout: {
      async write(bytes: Uint8Array) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        text += new TextDecoder().decode(bytes);
        return bytes.length;
      },
    },
    onRequest: (peer, request) => {
      nativeChat(peer, request);
      if (request === "end" || request.verb !== "hello") return;
      for (let at = 0; at < 3000; at++) peer.send(message("bob", "x".repeat(40)));
      peer.send({ type: "closed", reason: "shutdown", text: "the server stopped" });
      peer.close();
    },
  }, async ({ code }) => {
    assertStrictEquals(await code, 0);
    assertStrictEquals(text, `bob: ${"x".repeat(40)}\n`.repeat(3000));
  });
});

Deno.test("runPipe() ends with 1 when the connection breaks after everything was sent", () => {
  const answer = Promise.withResolvers<number | null>();
  const wire = {
    read: () => answer.promise,
    write: (bytes: Uint8Array) => Promise.resolve(bytes.length),
    closeWrite: () => {
      answer.reject(new Error("Connection reset by peer"));
      return Promise.resolve();
    },
    close: () => {},
  };
  return withPipe({
    dialect: usermsg,
    stdin: fakeStdin("one\n"),
    dial: () => Promise.resolve({ ok: true, wire }),
  }, async ({ code, errors }) => {
    assertStrictEquals(await code, 1);
    assertMatch(errors.at(-1) ?? "", /^Lost the connection to .*: Connection reset by peer$/);
  });
});

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
    assertStrictEquals(await code, 0);
    assertEquals(server.peer().requests, [
      { verb: "hello", name: "alice" },
      { verb: "say", text: "one" },
      { verb: "say", text: "two" },
    ]);
    assertStrictEquals(stdout.text, "bob: said while it was leaving\n");
  }));

Deno.test("runPipe() does not wait for ever for a server that keeps the connection", () =>
  withPipe({
    dialect: usermsg,
    stdin: fakeStdin("one\n@bob two\n"),
    onRequest: () => {},
    timeouts: { ...TEST_PIPE_TIMEOUTS, goodbyeMs: 1 },
  }, async ({ code, errors }) => {
    assertStrictEquals(await code, 1);
    assertMatch(errors.join("\n"), /^Line 2: usermsg has no private messages/m);
  }));

Deno.test("runPipe() gives up on a server that never welcomes", () =>
  withPipe({
    onRequest: () => {},
    stdin: fakeStdin("one\n"),
    timeouts: { ...TEST_PIPE_TIMEOUTS, welcomeMs: 1 },
  }, async ({ code, errors }) => {
    assertStrictEquals(await code, 1);
    assertMatch(errors.join("\n"), /No welcome from the server: .*--dialect auto/);
  }));

Deno.test("runPipe() prints one error message if there is no server", async () => {
  const errors: string[] = [];
  const code = await runPipe({
    address: { kind: "unix", path: "/x" },
    dialect: native,
    texts: EN,
    json: false,
    stay: false,
    dial: () => Promise.resolve({ ok: false, error: "No server" }),
    stdin: fakeStdin(""),
    stdout: new FakeStdout(),
    clock: systemClock,
    random: () => 0,
    printError: (line) => errors.push(line),
  });
  assertStrictEquals(code, 1);
  assertEquals(errors, ["No server"]);
});

Deno.test("runPipe() says goodbye when it is stopped, and ends with 130 (R66, R67)", async () => {
  const stop = new AbortController();
  await withPipe(
    { stdin: fakeStdin("one\n", true), stop: stop.signal },
    async ({ code, server }) => {
      await until(
        () => server.peers[0]?.requests.some(({ verb }) => verb === "say") === true,
        "a say",
      );
      stop.abort();
      assertStrictEquals(await code, 130);
      assertStrictEquals(server.peer().requests.at(-1)?.verb, "bye");
    },
  );
});

Deno.test("runPipe() ends with 130 though the server never answers a goodbye", async () => {
  const stop = new AbortController();
  await withPipe({
    dialect: usermsg,
    stdin: fakeStdin("", true),
    stop: stop.signal,
    timeouts: { ...TEST_PIPE_TIMEOUTS, goodbyeMs: 1 },
    onRequest: () => {},
  }, async ({ code, server }) => {
    await until(() => server.peers[0]?.requests.length === 1, "the name");
    stop.abort();
    assertStrictEquals(await code, 130);
  });
});

/** A server of sheet 000 that confirms the first `oks` messages. */
function sheetServer(oks: number): (peer: TestPeer, request: Request | "end") => void {
  let left = oks;
  return (peer, request) => {
    if (request === "end") peer.close();
    else if (request.verb === "say" && left-- > 0) peer.raw("ok");
  };
}

Deno.test("runPipe() with framed ends with 0 once each message got its ok (R14)", () =>
  withPipe({
    dialect: framed,
    stdin: fakeStdin("one\ntwo\n"),
    onRequest: sheetServer(2),
  }, async ({ code, server, errors }) => {
    assertStrictEquals(await code, 0);
    assertEquals(receivedTexts(server.peer()), ["one", "two"]);
    assertEquals(errors.slice(1), ["ko", "ko"]);
  }));

Deno.test("runPipe() with framed waits for the ok before it leaves", () => {
  let ok = () => {};
  return withPipe({
    dialect: framed,
    stdin: fakeStdin("one\n"),
    onRequest: (peer, request) => {
      if (request === "end") peer.close();
      else if (request.verb === "say") ok = () => peer.raw("ok");
    },
  }, async ({ code, server }) => {
    await until(() => server.peers[0]?.requests.length === 2, "the message");
    assertStrictEquals(server.peer().ended, false);
    ok();
    assertStrictEquals(await code, 0);
  });
});

Deno.test("runPipe() with framed ends with 1 when an ok did not come in time, at any length", async () => {
  for (const [lines, oks, missing] of [[1, 0, 1], [3, 1, 2], [400, 0, 256]] as const) {
    await withPipe({
      dialect: framed,
      stdin: fakeStdin("x\n".repeat(lines)),
      onRequest: sheetServer(oks),
      timeouts: { ...TEST_PIPE_TIMEOUTS, confirmMs: 300 },
    }, async ({ code, errors }) => {
      assertStrictEquals(await code, 1);
      assertEquals(errors.slice(1).filter((line) => line !== "ko"), [
        `Not confirmed by the server: ${missing} of the messages`,
      ]);
    });
  }
});

Deno.test("runPipe() with framed ends with 1 and one error message when the header is another one", () =>
  withPipe({
    dialect: framed,
    stdin: fakeStdin("one\n"),
    onRequest: (peer, request) => {
      if (request === "end") peer.close();
      else if (request.verb === "say") {
        peer.raw("\x01\0\0\0\x0a\0\0\0alice: one");
        peer.raw("ok");
      }
    },
  }, async ({ code, errors }) => {
    assertStrictEquals(await code, 1);
    assertEquals(errors.slice(1), [
      "The server's frames have another layout: try another --header (minichat explain framed)",
    ]);
  }));
