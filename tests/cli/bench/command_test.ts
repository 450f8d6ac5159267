import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { targetOf } from "../../../cli/bench/command.ts";
import { ProgressLine } from "../../../cli/progress_line.ts";

const GOOD: readonly (readonly [Parameters<typeof targetOf>[0], ReturnType<typeof targetOf>])[] = [
  [{ host: "localhost", port: undefined, remote: undefined }, {
    kind: "tcp",
    host: "localhost",
    port: 8080,
  }],
  [{ host: "127.0.0.7", port: 9000, remote: undefined }, {
    kind: "tcp",
    host: "127.0.0.7",
    port: 9000,
  }],
  [{ host: "[::1]:9000", port: undefined, remote: undefined }, {
    kind: "tcp",
    host: "::1",
    port: 9000,
  }],
  [{ host: "unix:/tmp/s", port: undefined, remote: undefined }, { kind: "unix", path: "/tmp/s" }],
  [{ host: "chat.lan:9000", port: undefined, remote: true }, {
    kind: "tcp",
    host: "chat.lan",
    port: 9000,
  }],
];

for (const [given, expected] of GOOD) {
  Deno.test(`targetOf() takes ${given.host} ${given.port ?? ""}`, () => {
    assertEquals(targetOf(given), expected);
  });
}

const BAD: readonly (readonly [string, number | undefined, RegExp])[] = [
  ["chat.lan", 9000, /^Not this machine: "chat\.lan": add --remote if its owner agrees/],
  ["127.0.0.1.example.org", undefined, /--remote/],
  ["localhost:9000", 9001, /^Two ports/],
  ["localhost:70000", undefined, /1 to 65535/],
  ["unix:/tmp/s", 9000, /takes no port/],
  ["tls://localhost:9000", undefined, /^No TLS here: leave tls:\/\/ out/],
  ["unix:", undefined, /^Empty address/],
  ["", undefined, /^Empty address/],
];

for (const [host, port, expected] of BAD) {
  Deno.test(`targetOf() refuses ${host} ${port ?? ""}`, () => {
    const refused = targetOf({ host, port, remote: undefined });
    assertMatch("error" in refused ? refused.error : "", expected);
  });
}

/** A stream that stores what is written. */
class FakeStream {
  text = "";

  constructor(readonly terminal: boolean) {}

  isTerminal(): boolean {
    return this.terminal;
  }

  writeSync(bytes: Uint8Array): number {
    this.text += new TextDecoder().decode(bytes);
    return bytes.length;
  }
}

Deno.test("ProgressLine draws over itself on a terminal, and takes itself away", () => {
  const stream = new FakeStream(true);
  const line = new ProgressLine(stream, "xterm");
  line.show({ phase: "join", done: 0.5, text: "50 of 100 clients" });
  assert(stream.text.startsWith("\r\x1b[K"));
  assertMatch(stream.text, /join {5}▕██████████ {10}▏ 50 of 100 clients.*$/);
  stream.text = "";
  line.clear();
  assertStrictEquals(stream.text, "\r\x1b[K");
  line.clear();
  assertStrictEquals(stream.text, "\r\x1b[K");
});

Deno.test("ProgressLine says nothing in a pipe or on a dumb terminal", () => {
  for (const [terminal, term] of [[false, "xterm"], [true, "dumb"]] as const) {
    const stream = new FakeStream(terminal);
    const line = new ProgressLine(stream, term);
    line.show({ phase: "join", done: 0.5, text: "50 of 100 clients" });
    line.clear();
    assertStrictEquals(stream.text, "");
  }
});
