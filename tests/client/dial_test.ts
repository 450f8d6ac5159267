import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import {
  type Address,
  addressText,
  connectedText,
  dial,
  dialProblem,
  parseAddress,
  rejoinCommand,
  startRemedy,
} from "../../client/dial.ts";
import { EN } from "../../texts/en.ts";
import { settledInTime } from "../until.ts";

const LOCAL: Address = { kind: "tcp", host: "localhost", port: 8080 };
const SOCKET: Address = { kind: "unix", path: "/tmp/chat" };

Deno.test("parseAddress() knows hosts, bracketed IPv6 and Unix sockets", () => {
  assertEquals(parseAddress("localhost", 8080), LOCAL);
  assertEquals(parseAddress("[::1]", 1), { kind: "tcp", host: "::1", port: 1 });
  assertEquals(parseAddress("unix:/tmp/chat", 8080), SOCKET);
});

Deno.test("an address as text and as a command", () => {
  assertStrictEquals(addressText({ kind: "tcp", host: "::1", port: 1 }), "[::1]:1");
  assertStrictEquals(addressText(SOCKET), "unix:/tmp/chat");
  assertStrictEquals(connectedText(LOCAL, EN.client), "connected to: (localhost, 8080)");
  assertStrictEquals(connectedText(SOCKET, EN.client), "connected to: (/tmp/chat)");
  assertStrictEquals(rejoinCommand(LOCAL, ["bob"]), "minichat connect localhost 8080 bob");
  assertStrictEquals(rejoinCommand(SOCKET, []), "minichat connect unix:/tmp/chat");
  const odd: Address = { kind: "unix", path: "/tmp/it's; here" };
  assertStrictEquals(rejoinCommand(odd, []), "minichat connect 'unix:/tmp/it'\\''s; here'");
});

Deno.test("dial() returns an error message with the remedy for a refusal", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  assertEquals(
    await settledInTime(dial({ kind: "tcp", host: "127.0.0.1", port }, EN.client), "dial"),
    {
      ok: false,
      error: `No server at 127.0.0.1:${port}: start one with minichat serve --port ${port}`,
    },
  );
});

Deno.test("dial() returns an error message for a missing and a deserted socket", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/chat`;
    const remedy = `start a server with minichat serve --listen unix:${path}`;
    assertEquals(await dial({ kind: "unix", path }, EN.client), {
      ok: false,
      error: `No such socket "${path}": ${remedy}`.replace(path, shortened(path)),
    });
    await Deno.writeTextFile(path, "");
    const deserted = await dial({ kind: "unix", path }, EN.client);
    assertStrictEquals(deserted.ok, false);
    assertMatch(JSON.stringify(deserted), /No server listens on .*minichat serve --listen unix:/);
    const long = await dial({ kind: "unix", path: "/" + "x".repeat(300) }, EN.client);
    assertStrictEquals(long.ok, false);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** The path as an error message quotes it: long paths are cut. */
function shortened(path: string): string {
  return path.length > 40 ? path.slice(0, 40) + "..." : path;
}

Deno.test("dial() opens a connection over a Unix socket", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/chat`;
  const listener = Deno.listen({ transport: "unix", path });
  try {
    const dialled = await dial({ kind: "unix", path }, EN.client);
    assert(dialled.ok);
    dialled.wire.close();
    (await listener.accept()).close();
  } finally {
    listener.close();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("dialProblem() names the remedy for every kind of failure", () => {
  const far: Address = { kind: "tcp", host: "192.0.2.7", port: 9 };
  const cases: readonly [address: Address, error: Error, start: string][] = [
    [far, new Deno.errors.ConnectionRefused(), "No server at 192.0.2.7:9: start one there with"],
    [far, new DOMException("", "TimeoutError"), "No answer from 192.0.2.7:9: check"],
    [far, new Deno.errors.TimedOut(), "No answer from 192.0.2.7:9: check"],
    [LOCAL, new Error("failed to lookup address information"), 'Unknown host "localhost": check'],
    [LOCAL, new URIError("invalid host"), 'Unknown host "localhost": check'],
    [LOCAL, new Error("network unreachable"), "Cannot reach localhost:8080: network unreachable"],
    [
      { ...far, host: "fe80::1" },
      new TypeError("os error 22"),
      "fe80::1 does not say through which",
    ],
    [{ ...far, host: "fe80::1%eth0" }, new TypeError("x"), "Cannot reach [fe80::1%eth0]:9: x"],
    [SOCKET, new Deno.errors.PermissionDenied(), 'Not allowed to use "/tmp/chat": ask'],
  ];
  for (const [address, error, start] of cases) {
    const text = dialProblem(address, error, {
      texts: EN.client,
      remedy: startRemedy(address, EN.client),
    }).error;
    assert(text.startsWith(start), text);
  }
});
