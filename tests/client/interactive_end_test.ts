import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { MAX_SERVER_LINE_BYTES } from "../../protocol/limits.ts";
import { native } from "../../protocol/native.ts";
import { usermsg } from "../../protocol/usermsg.ts";
import { nativeChat } from "./client_fakes.ts";
import { withInteractiveChat } from "./interactive_fixture.ts";
import { until } from "../until.ts";

Deno.test("runInteractive() ends with 130 after Ctrl-C and after a signal, saying goodbye", async () => {
  await withInteractiveChat({}, async ({ code, server, prompt, prompted }) => {
    await prompted("alice> ");
    prompt.press("interrupt");
    assertStrictEquals(await code, 130);
    assertStrictEquals(server.peer().requests.at(-1)?.verb, "bye");
    assertStrictEquals(prompt.state, "closed");
  });
  await withInteractiveChat({}, async ({ code, prompt, prompted, stop }) => {
    await prompted("alice> ");
    stop.abort();
    assertStrictEquals(await code, 130);
    assertStrictEquals(prompt.state, "closed");
  });
  await withInteractiveChat({ name: null }, async ({ code, prompt, prompted }) => {
    await prompted("Your name: ");
    prompt.press("interrupt");
    assertStrictEquals(await code, 130);
  });
});

const SECRETS = [["password_required", "Password: "], [
  "name_claimed",
  "Passphrase of alice",
]] as const;
const WAYS_OUT = [["interrupt", 130], ["eof", 0], ["stop", 130]] as const;

for (const [code, question] of SECRETS) {
  for (const [way, expected] of WAYS_OUT) {
    Deno.test(`runInteractive() ends with ${expected} at ${question} after ${way}`, () =>
      withInteractiveChat({
        onRequest: (peer, request) => {
          if (request === "end") return;
          peer.send({ type: "error", code, message: "Not without it" });
          peer.close();
        },
      }, async (fixture) => {
        const { prompt, stop } = fixture;
        await until(() => prompt.prompt.startsWith(question) && prompt.hidden, question);
        if (way === "stop") stop.abort();
        else prompt.press(way);
        assertStrictEquals(await fixture.code, expected);
        assertStrictEquals(prompt.state, "closed");
        assertStrictEquals(fixture.server.peers.length, 1);
      }));
  }
}

Deno.test("runInteractive() prints why the server closed, and how to reconnect", async () => {
  const goodbyes = [
    ["kicked", "kicked: spam", 1],
    ["slow", "too slow", 1],
    ["shutdown", "the server stopped", 0],
  ] as const;
  for (const [reason, text, expected] of goodbyes) {
    await withInteractiveChat({}, async ({ code, server, prompt, prompted }) => {
      await prompted("alice> ");
      server.peer().send({ type: "closed", reason, text });
      server.peer().close();
      assertStrictEquals(await code, expected);
      const { port } = server.address;
      const again = `; to come back: minichat connect 127.0.0.1 ${port} alice`;
      const last = prompt.printed.at(-1) ?? "";
      const sent = `The server closed the connection: ${text}`;
      if (expected === 0) assert(last.endsWith(`-- ${sent}`), last);
      else assertStrictEquals(last, `-! ${sent}${reason === "kicked" ? "" : again}`);
    });
  }
});

Deno.test("runInteractive() ends with 1 when the server vanishes, with 0 when that was announced", async () => {
  await withInteractiveChat({}, async ({ code, server, prompt, prompted }) => {
    await prompted("alice> ");
    server.peer().close();
    assertStrictEquals(await code, 1);
    assertMatch(prompt.text, /closed the connection: it gave no reason; to come back: minichat/);
  });
  await withInteractiveChat({}, async ({ code, server, prompted }) => {
    await prompted("alice> ");
    server.peer().send({ type: "shutdown", in: 1 });
    server.peer().close();
    assertStrictEquals(await code, 0);
  });
  await withInteractiveChat({}, async ({ code, server, prompted }) => {
    await prompted("alice> ");
    server.peer().send({ type: "shutdown", in: 1 }, { type: "shutdown", in: null });
    server.peer().close();
    assertStrictEquals(await code, 1);
  });
});

Deno.test("runInteractive() hangs up on a server whose line never ends", async () => {
  for (const dialect of [native, usermsg]) {
    await withInteractiveChat({ dialect }, async ({ code, server, prompt, prompted }) => {
      await prompted("alice> ");
      server.peer().raw("x".repeat(MAX_SERVER_LINE_BYTES + 2));
      assertStrictEquals(await code, 1);
      assertMatch(prompt.text, /^-! The server closed the connection: .*Line too long: at most/m);
    });
  }
});

Deno.test("runInteractive() reports that there is no server", () =>
  withInteractiveChat(
    { dial: () => Promise.resolve({ ok: false, error: "No server" }) },
    async ({ code, prompt }) => {
      assertStrictEquals(await code, 1);
      assertStrictEquals(prompt.printed.at(-1), "-! No server");
    },
  ));

Deno.test("runInteractive() shows the line that was being typed when the server went away", async () => {
  await withInteractiveChat({}, async ({ code, server, prompt, prompted }) => {
    await prompted("alice> ");
    prompt.draft = "half a thou\x1bght";
    server.peer().close();
    assertStrictEquals(await code, 1);
    assertMatch(prompt.printed.at(-1) ?? "", /Not sent: half a thou\\x1bght$/);
  });
});

Deno.test("runInteractive() gives up on a server that never welcomes, and loses no typed line", () =>
  withInteractiveChat({ onRequest: () => {}, welcomeMs: 50 }, async ({ code, server, prompt }) => {
    await until(() => server.peers[0]?.requests.length === 1, "the hello");
    prompt.type("typed too early");
    prompt.type("");
    prompt.draft = "half a thought";
    assertStrictEquals(await code, 1);
    assertEquals(prompt.printed.slice(2), [
      "-! No welcome from the server: if it is no minichat server, try --dialect auto",
      "-- Not sent: typed too early",
      "-- Not sent: half a thought",
    ]);
  }));

Deno.test("runInteractive() stays after a welcome in time, and where none is to be had", async () => {
  for (const dialect of [native, usermsg]) {
    await withInteractiveChat(
      { dialect, welcomeMs: 20 },
      async ({ code, server, prompt, prompted }) => {
        await prompted("alice> ");
        await new Promise((resolve) => setTimeout(resolve, 40)); // more than a message may have
        prompt.type("still here");
        const sent = () => server.peers[0]?.requests.some(({ verb }) => verb === "say") === true;
        await until(sent, "the message");
        prompt.press("eof");
        assertStrictEquals(await code, 0);
      },
    );
  }
});

Deno.test("runInteractive() shows what was typed for a refused name, or before leaving, as not sent", async () => {
  let refuse = () => {};
  await withInteractiveChat({
    onRequest: (peer, request) => {
      if (request === "end" || request.verb !== "hello" || request.name !== "taken") {
        return nativeChat(peer, request);
      }
      refuse = () => nativeChat(peer, request);
    },
    name: "taken",
  }, async ({ server, prompt, prompted, printed }) => {
    await until(() => server.peers[0]?.requests.length === 1, "the hello");
    prompt.type("for all\x1b");
    await new Promise((resolve) => setTimeout(resolve, 0)); // the line is read
    refuse();
    await printed("-- Not sent: for all\\x1b");
    await prompted("Your name: ");
  });
  await withInteractiveChat({ onRequest: () => {} }, async ({ code, server, prompt, stop }) => {
    await until(() => server.peers[0]?.requests.length === 1, "the hello");
    prompt.type("for all");
    prompt.press("eof");
    await until(() => prompt.text.includes("-- Not sent: for all"), "what was not sent");
    server.peer().close();
    assertStrictEquals(await code, 0);
    assert(!stop.signal.aborted);
  });
});

Deno.test("runInteractive() ends with 1 where the name is taken, if it is not to ask (C4)", () =>
  withInteractiveChat({ name: "taken", endsIfTaken: true, quiet: true }, async (fixture) => {
    assertStrictEquals(await fixture.code, 1);
    assertEquals(fixture.prompt.printed, ["-! That name is taken"]);
  }));
