import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { readAddress, unixAddress } from "../../../../server/net/system/sockaddr.ts";

/** 16 bytes from 32 hexadecimal digits. */
function ipv6(hex: string): Uint8Array {
  const head = [10, 0, 0x1f, 0x90, 0, 0, 0, 0];
  return new Uint8Array([...head, ...Uint8Array.fromHex(hex), 0, 0, 0, 0]);
}

Deno.test("readAddress() reads IPv4", () => {
  const bytes = new Uint8Array([2, 0, 0x1f, 0x90, 192, 0, 2, 7, 0, 0, 0, 0, 0, 0, 0, 0]);
  assertEquals(readAddress(bytes, 16), { kind: "tcp", host: "192.0.2.7", port: 8080 });
});

for (
  const [hex, host] of [
    ["00000000000000000000000000000000", "::"],
    ["00000000000000000000000000000001", "::1"],
    ["20010db8000000000000000000000001", "2001:db8::1"],
    ["20010db8000100000002000000000003", "2001:db8:1:0:2::3"],
    ["fe80000000000000021122fffe334455", "fe80::211:22ff:fe33:4455"],
    ["00000000000000000000ffffc0000207", "192.0.2.7"],
  ] as const
) {
  Deno.test(`readAddress() reads IPv6 as ${host}`, () => {
    assertEquals(readAddress(ipv6(hex), 28), { kind: "tcp", host, port: 8080 });
  });
}

Deno.test("readAddress() reads a Unix path, ended or not, and a peer without one", () => {
  const path = new Uint8Array([1, 0, ...new TextEncoder().encode("/tmp/ö\0rest")]);
  assertEquals(readAddress(path, path.length), { kind: "unix", path: "/tmp/ö" });
  assertEquals(readAddress(path, 6), { kind: "unix", path: "/tmp" });
  assertEquals(readAddress(path, 2), { kind: "unix", path: "" });
});

Deno.test("readAddress() knows no other kinds, and nothing shorter than a kind", () => {
  assertStrictEquals(readAddress(new Uint8Array([17, 0, 1, 2]), 4), undefined);
  assertStrictEquals(readAddress(new Uint8Array([2, 0]), 1), undefined);
});

Deno.test("unixAddress() is read back as it was, and refuses what does not fit", () => {
  const address = unixAddress("/run/notify");
  assert(address);
  assertEquals(readAddress(address, address.length), { kind: "unix", path: "/run/notify" });
  assertStrictEquals(unixAddress("x".repeat(108))?.length, 110);
  assertStrictEquals(unixAddress("x".repeat(109)), undefined);
  assertStrictEquals(unixAddress(""), undefined);
  assertEquals(unixAddress("\0a"), new Uint8Array([1, 0, 0, 97]));
});
