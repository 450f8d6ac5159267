// A chat in a pipe that ends before its input: its output has no reader, a line matched, the time
// is over, the name is taken.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { nextNumberedName } from "../../client/other_names.ts";
import { usermsg } from "../../protocol/usermsg.ts";
import type { Request } from "../../protocol/requests.ts";
import { FakeClock } from "../fake_clock_and_socket.ts";
import { turn, until } from "../until.ts";
import { fakeStdin, message, nativeChat, type TestPeer } from "./client_fakes.ts";
import { receivedTexts, TEST_PIPE_TIMEOUTS, withPipe } from "./pipe_fixture.ts";

const BROKEN = { write: () => Promise.reject(new Deno.errors.BrokenPipe()) };

/** A server that welcomes, and says something then. */
function talkative(...texts: string[]) {
  return (peer: TestPeer, request: Request | "end"): void => {
    nativeChat(peer, request);
    if (request === "end" || request.verb !== "hello") return;
    peer.send(...texts.map((text) => message("bob", text)));
  };
}

const verbs = (peer: TestPeer) => peer.requests.map(({ verb }) => verb);

Deno.test("runPipe() says goodbye when its output has no reader, and ends with 0 (C3)", () =>
  withPipe({ stay: true, stdout: BROKEN, onRequest: talkative("hi") }, async (piped) => {
    assertStrictEquals(await piped.code, 0);
    assertEquals(verbs(piped.server.peer()), ["hello", "bye"]);
  }));

Deno.test("runPipe() sends what it has read though its output has no reader (C3)", () => {
  const lines = Array.from({ length: 50 }, (_, at) => `line ${at}`);
  return withPipe({
    stdin: fakeStdin(lines.join("\n")),
    stdout: BROKEN,
    onRequest: talkative("hi"),
  }, async ({ code, server }) => {
    assertStrictEquals(await code, 0);
    assertEquals(receivedTexts(server.peer()), lines);
    assertStrictEquals(verbs(server.peer()).at(-1), "bye");
  });
});

Deno.test("runPipe() ends with 1 if there is input left that is not sent (C3)", () => {
  const gone = new AbortController();
  let reads = 0;
  const stdin = {
    read(buffer: Uint8Array): Promise<number> {
      if (++reads === 2) gone.abort();
      buffer.set(new TextEncoder().encode("again\n"));
      return Promise.resolve(6);
    },
  };
  return withPipe({ stdin, outputClosed: gone.signal }, async ({ code, server, errors }) => {
    assertStrictEquals(await code, 1);
    const sent = receivedTexts(server.peer()).length;
    assert(
      errors.includes(`Line ${sent + 1}: Not sent: standard output was closed`),
      errors.join(),
    );
    assertStrictEquals(verbs(server.peer()).at(-1), "bye");
  });
});

Deno.test("runPipe() leaves when its output loses its reader, while it waits for input (C3)", async () => {
  const gone = new AbortController();
  await withPipe(
    { stdin: fakeStdin("one\n", true), outputClosed: gone.signal },
    async ({ code, server }) => {
      await until(() => server.peers[0]?.requests.length === 2, "the message");
      gone.abort();
      assertStrictEquals(await code, 0);
      assertEquals(verbs(server.peer()), ["hello", "say", "bye"]);
    },
  );
});

Deno.test("runPipe() --until leaves with 0 at the first line that matches, and stays until then (C4)", () =>
  withPipe({
    stdin: fakeStdin("one\n"),
    until: /^bob: p.ng$/u,
    onRequest: (peer, request) => {
      nativeChat(peer, request);
      if (request === "end" || request.verb !== "say") return;
      peer.send(message("bob", "pong?"), message("bob", "pong"));
    },
  }, async ({ code, server, stdout }) => {
    assertStrictEquals(await code, 0);
    assertStrictEquals(stdout.text, "bob: pong?\nbob: pong\n");
    assertEquals(verbs(server.peer()), ["hello", "say", "bye"]);
  }));

Deno.test("runPipe() --until sees the notices on standard error, unless --quiet leaves them out (C4)", async () => {
  const setup = { until: /alice/u, onRequest: talkative("hi alice") };
  await withPipe(setup, async ({ code, errors, stdout }) => {
    assertStrictEquals(await code, 0);
    assertMatch(errors.join("\n"), /You are alice/);
    assertStrictEquals(stdout.text, "bob: hi alice\n");
  });
  await withPipe({ ...setup, quiet: true }, async ({ code, errors, stdout }) => {
    assertStrictEquals(await code, 0);
    assertEquals(errors, []);
    assertStrictEquals(stdout.text, "bob: hi alice\n");
  });
});

Deno.test("runPipe() --until ends with 3 when the server stops before a line matches (C4)", () =>
  withPipe({
    until: /never/u,
    onRequest: (peer, request) => {
      nativeChat(peer, request);
      if (request === "end" || request.verb !== "hello") return;
      peer.send({ type: "closed", reason: "shutdown", text: "the server stopped" });
      peer.close();
    },
  }, async ({ code, errors }) => {
    assertStrictEquals(await code, 3);
    assertStrictEquals(errors.at(-1), 'No line matched "never"');
  }));

Deno.test("runPipe() --timeout leaves with 0, with 3 if no line matched, with 1 if lines are unsent (C4)", async () => {
  const setups = [
    [{ stdin: fakeStdin("one\n", true) }, 0],
    [{ stdin: fakeStdin("one\n", true), until: /never/u }, 3],
    [{ stdin: fakeStdin("one\n"), stay: true }, 0],
  ] as const;
  for (const [setup, expected] of setups) {
    const clock = new FakeClock();
    const options = { ...setup, timeoutMs: 10_000, clock };
    await withPipe(options, async ({ code, server }) => {
      await until(() => server.peers[0]?.requests.length === 2, "the message");
      clock.advance(9_999);
      await turn();
      assertEquals(verbs(server.peer()), ["hello", "say"]);
      clock.advance(1);
      await turn();
      clock.advance(100); // the last look at the input
      assertStrictEquals(await code, expected);
      assertEquals(verbs(server.peer()), ["hello", "say", "bye"]);
    });
  }
});

Deno.test("runPipe() --timeout ends with 1 where the server has not welcomed it (C4)", async () => {
  const clock = new FakeClock();
  const setup = { onRequest: () => {}, stdin: fakeStdin("one\n"), timeoutMs: 1_000, clock };
  await withPipe(setup, async ({ code, server, errors }) => {
    await until(() => server.peers[0]?.requests.length === 1, "the hello");
    clock.advance(1_000);
    assertStrictEquals(await code, 1);
    assertMatch(errors.at(-1) ?? "", /^Not joined/);
  });
});

Deno.test("runPipe() --timeout ends though its output is blocked", async () => {
  const clock = new FakeClock();
  let isBlocked = false;
  await withPipe({
    stdin: fakeStdin("", true),
    stdout: {
      write() {
        isBlocked = true;
        return new Promise(() => {});
      },
    },
    onRequest: talkative(...Array.from({ length: 3_000 }, () => "x".repeat(40))),
    timeoutMs: 1_000,
    clock,
    timeouts: { ...TEST_PIPE_TIMEOUTS, goodbyeMs: 1 },
  }, async ({ code }) => {
    await until(() => isBlocked, "the first write");
    clock.advance(1_000);
    await turn();
    clock.advance(100);
    assertStrictEquals(await code, 0);
  });
});

Deno.test("runPipe() prints nothing but errors with --quiet (C4)", async () => {
  await withPipe({ quiet: true, stdin: fakeStdin("one\n") }, async ({ code, errors }) => {
    assertStrictEquals(await code, 0);
    assertEquals(errors, []);
  });
  const lines = { quiet: true, stdin: fakeStdin("one\n@nobody two\n") };
  await withPipe(lines, async ({ code, errors }) => {
    assertStrictEquals(await code, 1);
    assertEquals(errors, ["Line 2: Nobody"]);
  });
  const setup = { quiet: true, dialect: usermsg, onRequest: (peer: TestPeer) => peer.raw("hi\n") };
  await withPipe(setup, async ({ code, errors, server }) => {
    await until(() => server.peers[0]?.ended === true, "the end of the client's stream");
    server.peer().close();
    assertStrictEquals(await code, 0);
    assertEquals(errors, []);
  });
});

Deno.test("runPipe() tries the next name where one is taken (C4)", () => {
  const taken = new Set(["alice", "alice_2"]);
  return withPipe({
    otherName: nextNumberedName,
    onRequest: (peer, request) => {
      if (request !== "end" && request.verb === "hello" && taken.has(request.name ?? "")) {
        return peer.send({ type: "error", code: "name_taken", message: "Taken" });
      }
      nativeChat(peer, request);
    },
  }, async ({ code, errors, server }) => {
    assertStrictEquals(await code, 0);
    assertStrictEquals(server.peers.length, 3);
    assertMatch(errors.join("\n"), /You are alice_3/);
    assertEquals(errors.filter((error) => error === "Taken"), []);
  });
});
