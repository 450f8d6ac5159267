import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import {
  connectLine,
  formatAddress,
  formatPlace,
  type InterfaceAddress,
  type ListenAddress,
  parseListenAddress,
  reachableHosts,
} from "../../../server/net/address.ts";

function tcp(host: string, port: number): ListenAddress["at"] {
  return { kind: "tcp", host, port };
}

const PLACES: readonly (readonly [text: string, at: ListenAddress["at"], formatted: string])[] = [
  ["tcp:127.0.0.1:8080", tcp("127.0.0.1", 8080), "tcp:127.0.0.1:8080"],
  ["tcp:localhost:0", tcp("localhost", 0), "tcp:localhost:0"],
  ["tcp::8080", tcp("0.0.0.0", 8080), "tcp:0.0.0.0:8080"],
  ["tcp:[::1]:65535", tcp("::1", 65535), "tcp:[::1]:65535"],
  ["tcp:[::]:80", tcp("::", 80), "tcp:[::]:80"],
  ["unix:/tmp/soquette", { kind: "unix", path: "/tmp/soquette" }, "unix:/tmp/soquette"],
  ["unix:a:b", { kind: "unix", path: "a:b" }, "unix:a:b"],
  [`unix:${"x".repeat(100)}`, { kind: "unix", path: "x".repeat(100) }, `unix:${"x".repeat(100)}`],
];

for (const [text, at, formatted] of PLACES) {
  Deno.test(`parseListenAddress() and formatPlace() of ${text.slice(0, 30)}`, () => {
    assertEquals(parseListenAddress(text), { at, notices: false });
    assertStrictEquals(formatPlace(at), formatted);
    assertEquals(parseListenAddress(formatted), { at, notices: false });
  });
}

const BE4 = { shape: "length", headerBytes: 4, littleEndian: false } as const;

const SETTINGS: readonly (readonly [settings: string, want: Partial<ListenAddress>])[] = [
  [",dialect=usermsg", { dialect: "usermsg" }],
  [",dialect=framed,header=be4", { dialect: "framed", layout: BE4 }],
  [",header=be4,notices", { dialect: "framed", layout: BE4, notices: true }],
  [",greet=NICK", { greet: "NICK" }],
  [",greet=Your name\\x2c please:\\n\\\\,echo", { greet: "Your name, please:\n\\", echo: true }],
  [",proxy,dialect=plain", { proxy: true, dialect: "plain" }],
  [",notices", { notices: true }],
  [",echo", { echo: true }],
  [",no-echo", { echo: false }],
  [",notices,dialect=plain,echo", { notices: true, dialect: "plain", echo: true }],
];

for (const [settings, want] of SETTINGS) {
  Deno.test(`parseListenAddress() understands ${settings}`, () => {
    assertEquals(parseListenAddress("tcp:h:1" + settings), {
      at: tcp("h", 1),
      notices: false,
      ...want,
    });
  });
}

Deno.test("parseListenAddress() and formatAddress() of a place with TLS", () => {
  const plainly = parseListenAddress("tls:[::]:8443");
  assertEquals(plainly, { at: tcp("::", 8443), notices: false, tls: {} });
  assertStrictEquals(formatAddress({ at: tcp("::", 8443), tls: {} }), "tls:[::]:8443");
  assertStrictEquals(formatAddress({ at: tcp("::", 8443) }), "tcp:[::]:8443");
  assertEquals(parseListenAddress("tls:h:1,cert=/a b.pem,echo,key=k"), {
    at: tcp("h", 1),
    notices: false,
    echo: true,
    tls: { cert: "/a b.pem", key: "k" },
  });
});

const WRONG: readonly (readonly [text: string, words: RegExp])[] = [
  ["", /^Cannot listen at "": expected tcp:HOST:PORT, tls:HOST:PORT or unix:PATH$/],
  ["8080", /"8080": expected/],
  ["127.0.0.1:8080", /expected tcp:HOST:PORT/],
  ["udp:h:1", /"udp:h:1"/],
  ["tcp:h", /"tcp:h"/],
  ["tcp:h:", /expected/],
  ["tcp:h:x", /expected/],
  ["tcp:h:-1", /expected/],
  ["tcp:h:65536", /expected/],
  ["tcp:h:123456", /expected/],
  ["tcp:::1:80", /expected/],
  ["unix:", /expected/],
  [`unix:${"x".repeat(101)}`, /^Choose a shorter path than .* 100 bytes$/],
  [`unix:${"é".repeat(51)}`, /^Choose a shorter path/],
  ["tcp:h:1,", /^Unknown setting "": expected dialect=native\|/],
  ["tcp:h:1,dialect=irc", /^No such dialect: "irc", expected .*plain/],
  ["tcp:h:1,dialect", /^Unknown setting "dialect"/],
  ["tcp:h:1,header=9", /^Unknown header "9": expected one of 16, 12, 8, 16be, .*, dec4 to dec64$/],
  ["tcp:h:1,header=", /^Unknown setting "header="/],
  ["tcp:h:1,dialect=etx,header=be4", /^Only framed has headers: leave out dialect=etx$/],
  ["tcp:h:1,proxy=yes", /^Unknown setting "proxy=yes"/],
  ["tcp:h:1,greet=", /^Unknown setting "greet=": .*greet=TEXT/],
  ["tcp:h:1,cert=c", /^Unknown setting "cert=c"/],
  ["tls:h:1,cert=", /^Unknown setting "cert=": .*cert=FILE, key=FILE$/],
  ["tls:/path", /expected tcp:HOST:PORT, tls:HOST:PORT/],
  ["tcp:h:1,quiet", /notices, echo or no-echo$/],
  ["tcp:h:1,\x1b[2J", /"\\x1b\[2J"/],
];

for (const [text, words] of WRONG) {
  Deno.test(`parseListenAddress() refuses ${JSON.stringify(text.slice(0, 30))}`, () => {
    const answer = parseListenAddress(text);
    assert("error" in answer, JSON.stringify(answer));
    assertMatch(answer.error, words);
  });
}

const INTERFACES: readonly InterfaceAddress[] = [
  { address: "127.0.0.1", family: "IPv4" },
  { address: "::1", family: "IPv6" },
  { address: "192.0.2.7", family: "IPv4" },
  { address: "2001:db8::7", family: "IPv6" },
  { address: "fe80::1", family: "IPv6" },
  { address: "198.51.100.3", family: "IPv4" },
];

for (
  const [host, want] of [
    ["0.0.0.0", ["192.0.2.7", "198.51.100.3", "127.0.0.1"]],
    ["::", ["192.0.2.7", "2001:db8::7", "198.51.100.3", "::1"]],
    ["127.0.0.1", ["127.0.0.1"]],
    ["192.0.2.7", ["192.0.2.7"]],
    ["chat.example", ["chat.example"]],
  ] as const
) {
  Deno.test(`reachableHosts() of ${host} (D11)`, () => {
    assertEquals<unknown>(reachableHosts(host, INTERFACES), want);
  });
}

Deno.test("reachableHosts() without a network is this machine itself", () => {
  assertEquals(reachableHosts("0.0.0.0", []), ["127.0.0.1"]);
});

Deno.test("connectLine() is ready to paste (D11)", () => {
  assertStrictEquals(
    connectLine({ at: tcp("0.0.0.0", 8080) }, "192.0.2.7"),
    "minichat connect 192.0.2.7 8080 NAME",
  );
  assertStrictEquals(
    connectLine({ at: tcp("0.0.0.0", 8443), tls: {} }, "192.0.2.7"),
    "minichat connect --tls 192.0.2.7 8443 NAME",
  );
  assertStrictEquals(
    connectLine({ at: { kind: "unix", path: "/tmp/s" } }, ""),
    "minichat connect unix:/tmp/s NAME",
  );
});
