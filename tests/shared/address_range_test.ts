import { assert, assertStrictEquals } from "@std/assert";
import {
  formatAddressRange,
  isInRange,
  parseAddressRange,
  parseIpAddress,
  rangeBits,
} from "../../shared/address_range.ts";

const FORMS: readonly (readonly [text: string, formatted: string, bits: number])[] = [
  ["192.0.2.7", "192.0.2.7", 0],
  ["::ffff:192.0.2.7", "192.0.2.7", 0],
  ["::FFFF:c000:0207", "192.0.2.7", 0],
  ["[0:0:0:0:0:ffff:192.0.2.7]", "192.0.2.7", 0],
  ["192.0.2.7/24", "192.0.2.0/24", 8],
  ["::ffff:192.0.2.7/120", "192.0.2.0/24", 8],
  ["0.0.0.0/0", "0.0.0.0/0", 32],
  ["2001:DB8:1::5", "2001:db8:1::/64", 64],
  ["2001:0db8:0001:0000:0000:0000:0000:0005", "2001:db8:1::/64", 64],
  ["[2001:db8:1::5]", "2001:db8:1::/64", 64],
  ["2001:db8:1::5/128", "2001:db8:1::5/128", 0],
  ["2001:db8:1::5/48", "2001:db8:1::/48", 80],
  ["fe80::1%eth0", "fe80::1", 0],
  ["fe80::1%eth0/64", "fe80::/64", 64],
  ["::1", "::1", 0],
  ["64:ff9b::192.0.2.7/96", "64:ff9b::/96", 32],
];

for (const [text, formatted, bits] of FORMS) {
  Deno.test(`A11: parseAddressRange() reads ${text} as ${formatted}`, () => {
    const range = parseAddressRange(text);
    assert(range !== undefined);
    assertStrictEquals(formatAddressRange(range), formatted);
    assertStrictEquals(rangeBits(range), bits);
    const again = parseAddressRange(formatted);
    assert(again !== undefined);
    assertStrictEquals(formatAddressRange(again), formatted);
    assertStrictEquals(again.start, range.start);
  });
}

Deno.test("A11: parseAddressRange() refuses what is no address", () => {
  const texts = [
    "unix",
    "",
    "face",
    "1.2.3",
    "1.2.3.256",
    "1.2.3.04",
    "1.2.3.4/33",
    "::/129",
    "1::2::3",
  ];
  texts.push(
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "::ffff:1.2.3.4/64",
    "::1/x",
    "::1/",
    "1.2.3.4/8/8",
    ":::",
  );
  texts.push("[::1]:80", "12345::", "host.example", ":".repeat(200));
  for (const text of texts) assertStrictEquals(parseAddressRange(text), undefined, text);
});

Deno.test("A11: isInRange() compares the first bits, of mapped addresses too", () => {
  const has = (range: string, address: string) => {
    const [of, one] = [parseAddressRange(range), parseIpAddress(address)];
    assert(of !== undefined && one !== undefined);
    return isInRange(of, one);
  };
  assert(has("2001:db8:1::5", "2001:db8:1::ffff"));
  assert(!has("2001:db8:1::5", "2001:db8:2::5"));
  assert(has("192.0.2.0/24", "::ffff:192.0.2.255"));
  assert(!has("192.0.2.0/25", "192.0.2.128"));
  assert(has("fe80::1", "fe80::1%3"));
  assert(!has("::ffff:0:0/96", "::1"));
});
