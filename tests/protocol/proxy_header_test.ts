// PROXY headers of both versions, at every length, and bytes that are none.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { parseProxyHeader } from "../../protocol/proxy_header.ts";
import { bytes } from "./splits.ts";

const SIGNATURE = bytes("\r\n\r\n\0\r\nQUIT\n");

/** A header of version 2. */
function version2(command: number, family: number, rest: Uint8Array): Uint8Array {
  return bytes(...SIGNATURE, command, family, rest.length >> 8, rest.length & 0xff, ...rest);
}

const PORTS = bytes(0xdc, 4, 0x1f, 0x90);
const V4 = bytes(192, 0, 2, 7, 198, 51, 100, 1, ...PORTS);
const V6 = bytes(0x20, 1, 0xd, 0xb8, ...new Uint8Array(11), 7, ...new Uint8Array(16), ...PORTS);
const MAPPED = bytes(
  ...new Uint8Array(10),
  255,
  255,
  192,
  0,
  2,
  7,
  ...new Uint8Array(16),
  ...PORTS,
);
const MORE_FIELDS = bytes(4, 0, 3, "abc");

const HEADERS: readonly (readonly [what: string, input: Uint8Array, source: string | undefined])[] =
  [
    ["TCP4", bytes("PROXY TCP4 192.0.2.7 198.51.100.1 56324 8080\r\n"), "192.0.2.7"],
    ["TCP6", bytes("PROXY TCP6 2001:DB8:0::7 2001:db8::1 1 2\r\n"), "2001:db8::7"],
    ["TCP6 with an IPv4 address", bytes("PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2\r\n"), "192.0.2.7"],
    ["UNKNOWN", bytes("PROXY UNKNOWN\r\n"), undefined],
    ["UNKNOWN with addresses", bytes("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"), undefined],
    ["version 2, IPv4", version2(0x21, 0x11, V4), "192.0.2.7"],
    [
      "version 2, IPv4 and more fields",
      version2(0x21, 0x11, bytes(...V4, ...MORE_FIELDS)),
      "192.0.2.7",
    ],
    ["version 2, IPv6", version2(0x21, 0x21, V6), "2001:db8::7"],
    ["version 2, an IPv4 address in IPv6", version2(0x21, 0x21, MAPPED), "192.0.2.7"],
    ["version 2, LOCAL", version2(0x20, 0, bytes()), undefined],
    ["version 2, LOCAL with addresses", version2(0x20, 0x11, V4), undefined],
    ["version 2, a Unix socket", version2(0x21, 0x31, new Uint8Array(216)), undefined],
    ["version 2, unspecified", version2(0x21, 0, bytes()), undefined],
  ];

for (const [what, input, source] of HEADERS) {
  Deno.test(`parseProxyHeader() reads ${what}`, () => {
    for (let length = 0; length < input.length; length++) {
      assertStrictEquals(parseProxyHeader(input.subarray(0, length)).kind, "more", `${length}`);
    }
    const expected = { kind: "header", bytes: input.length, source } as const;
    assertEquals(parseProxyHeader(input), expected);
    assertEquals(parseProxyHeader(bytes(...input, "PROXY bob\r\n")), expected);
  });
}

const NONE: readonly (readonly [what: string, input: Uint8Array])[] = [
  ["text", bytes("bob\n")],
  ["lower case", bytes("proxy TCP4 1.2.3.4 1.2.3.4 1 2\r\n")],
  ["another family", bytes("PROXY UDP4 192.0.2.7 198.51.100.1 1 2\r\n")],
  ["no address", bytes("PROXY TCP4 example 198.51.100.1 1 2\r\n")],
  ["an address of the other family", bytes("PROXY TCP4 ::1 ::1 1 2\r\n")],
  ["the same the other way", bytes("PROXY TCP6 192.0.2.7 192.0.2.8 1 2\r\n")],
  ["a number that is too great", bytes("PROXY TCP4 192.0.2.256 192.0.2.8 1 2\r\n")],
  ["an address that would close a URL's brackets", bytes("PROXY TCP6 ::1]/[::2 ::1 1 2\r\n")],
  ["no CR", bytes("PROXY TCP4 192.0.2.7 198.51.100.1 1 2\n")],
  ["a line that is too long", bytes("PROXY UNKNOWN ", "x".repeat(100), "\r\n")],
  ["version 3", version2(0x31, 0x11, V4)],
  ["another command", version2(0x22, 0x11, V4)],
  ["more than is read", version2(0x21, 0x11, new Uint8Array(4096))],
];

for (const [what, input] of NONE) {
  Deno.test(`parseProxyHeader() takes no header from ${what}`, () => {
    assertStrictEquals(parseProxyHeader(input).kind, "none");
  });
}

Deno.test("parseProxyHeader() answers any bytes, and never later otherwise", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (rest, isV2) => {
    const input = bytes(...(isV2 ? SIGNATURE : bytes("PROXY ")), ...rest);
    let last = "more";
    for (let length = 0; length <= input.length; length++) {
      const { kind } = parseProxyHeader(input.subarray(0, length));
      assert(last === "more" || kind === last);
      last = kind;
    }
  }));
});
