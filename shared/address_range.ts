// Ranges of IP addresses in any notation: one address, the /64 of an IPv6 address, or CIDR
// (RFC 4632, RFC 4291). An IPv4 address is the same mapped into IPv6 (::ffff:192.0.2.7).

/** All addresses with the same first bits. */
export interface AddressRange {
  /** The lowest address, of 128 bits. */
  readonly start: bigint;
  /** How many of the 128 bits are the same for all, 0 to 128. */
  readonly prefix: number;
}

const MAPPED = 0xffffn << 32n;

/** How an IPv6 client's own network is written: it can use each of its 2^64 addresses. */
const OWN_NETWORK = 64;

/**
 * The range that a text names, undefined if it is none. A zone (`%eth0`) and brackets are ignored.
 * Without a length, an IPv6 address stands for its /64, but a link-local one and `::1` for itself.
 */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [address = "", length, extra] = text.length > 100 ? [] : text.split("/");
  const value = parseIpAddress(address);
  if (value === undefined || extra !== undefined) return undefined;
  const isV4 = value >> 32n === 0xffffn;
  // `::ffff:192.0.2.0/120` counts all 128 bits, `192.0.2.0/24` the 32 of IPv4.
  const offset = address.includes(":") ? 0 : 96;
  const isSingle = isV4 || value === 1n || value >> 118n === 0x3fan;
  if (length === undefined) return rangeOf(value, isSingle ? 128 : OWN_NETWORK);
  const prefix = Number(length) + offset;
  if (!/^\d{1,3}$/.test(length) || prefix > 128 || (isV4 && prefix < 96)) return undefined;
  return rangeOf(value, prefix);
}

function rangeOf(value: bigint, prefix: number): AddressRange {
  const host = BigInt(128 - prefix);
  return { start: (value >> host) << host, prefix };
}

/**
 * One address as a number of 128 bits, IPv4 mapped into IPv6; undefined for what is none, such as
 * `unix`. A zone and brackets are ignored.
 */
export function parseIpAddress(text: string): bigint | undefined {
  const [, bare = ""] = /^\[?([0-9a-f.:]{2,45})(?:%[^\]]{1,50})?\]?$/i.exec(text) ?? [];
  return bare.includes(":") ? parseIpv6(bare) : parseIpv4(bare);
}

/** Whether that range contains the address. */
export function isInRange({ start, prefix }: AddressRange, address: bigint): boolean {
  const host = BigInt(128 - prefix);
  return address >> host === start >> host;
}

/** The range in its shortest form, which {@linkcode parseAddressRange} reads as the same range. */
export function formatAddressRange({ start, prefix }: AddressRange): string {
  if (start >> 32n === 0xffffn && prefix >= 96) {
    const dotted = [24n, 16n, 8n, 0n].map((shift) => start >> shift & 0xffn).join(".");
    return prefix === 128 ? dotted : `${dotted}/${prefix - 96}`;
  }
  const groups = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n]
    .map((shift) => (start >> shift & 0xffffn).toString(16));
  // URL writes the canonical form (RFC 5952).
  const colons = new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
  const isPlain = parseAddressRange(colons)?.prefix === prefix;
  return isPlain && prefix === 128 ? colons : `${colons}/${prefix}`;
}

/** How many addresses the range has, as a power of two: 0 for one address, 128 for all. */
export function rangeBits({ prefix }: AddressRange): number {
  return 128 - prefix;
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) {
    return undefined;
  }
  const bytes = parts.map(Number);
  if (bytes.some((byte) => byte > 255)) return undefined;
  return MAPPED | BigInt(bytes.reduce((value, byte) => value * 256 + byte, 0));
}

function parseIpv6(text: string): bigint | undefined {
  const tail = /^(.*:)(\d+\.[\d.]+)$/.exec(text);
  if (tail !== null) {
    const v4 = parseIpv4(tail[2] ?? "");
    if (v4 === undefined) return undefined;
    const low = v4 & 0xffffffffn;
    return parseIpv6(`${tail[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`);
  }
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], end = []] = halves.map((half) => half === "" ? [] : half.split(":"));
  const missing = 8 - head.length - end.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(missing).fill("0"), ...end];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((value, group) => value << 16n | BigInt(parseInt(group, 16)), 0n);
}
