// The header of the PROXY protocol, versions 1 and 2: the address of the client that a proxy
// connects for (haproxy.org, "The PROXY protocol").

/** What a connection's first bytes say. */
export type ProxyHeader =
  /**
   * A header of `bytes` bytes. `source`: the client's IP address; undefined if the proxy connects
   * for itself, as health checks do.
   */
  | { readonly kind: "header"; readonly bytes: number; readonly source: string | undefined }
  | { readonly kind: "more" }
  | { readonly kind: "none" };

const MORE: ProxyHeader = Object.freeze({ kind: "more" });
const NONE: ProxyHeader = Object.freeze({ kind: "none" });

/** Longest header of version 1 with its line end (section 2.1). */
const MAX_V1_BYTES = 107;
/** Longest header of version 2 that is read: addresses and additional fields. */
const MAX_V2_BYTES = 4096;

const V1 = new TextEncoder().encode("PROXY ");
/** Signature, then version and command, family and protocol, and the length of the rest (2.2). */
const V2 = new TextEncoder().encode("\r\n\r\n\0\r\nQUIT\n");
const V2_FIXED_BYTES = 16;

const LOCAL = 0x20;
const PROXIED = 0x21;
const OVER_IPV4 = 1;
const OVER_IPV6 = 2;

/** Reads the header at the start of `head`, all bytes received so far. */
export function parseProxyHeader(head: Uint8Array): ProxyHeader {
  if (beginsAlike(head, V1)) return parseV1(head);
  return beginsAlike(head, V2) ? parseV2(head) : NONE;
}

/** Whether one of the two is the beginning of the other. */
function beginsAlike(head: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, at) => at >= head.length || head[at] === byte);
}

function parseV1(head: Uint8Array): ProxyHeader {
  const end = head.subarray(0, MAX_V1_BYTES).indexOf(0x0a);
  if (end === -1) return head.length < MAX_V1_BYTES ? MORE : NONE;
  const line = new TextDecoder().decode(head.subarray(0, end + 1));
  if (/^PROXY UNKNOWN( [^\r]*)?\r\n$/.test(line)) return header(end + 1, undefined);
  const [, family, source = ""] = /^PROXY TCP([46]) (\S+) \S+ \d{1,5} \d{1,5}\r\n$/.exec(line) ??
    [];
  const address = family === "4" ? ipv4(source) : ipv6(source);
  return family === undefined || address === undefined ? NONE : header(end + 1, address);
}

function parseV2(head: Uint8Array): ProxyHeader {
  if (head.length < V2_FIXED_BYTES) return MORE;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const [command, family, length] = [view.getUint8(12), view.getUint8(13), view.getUint16(14)];
  const bytes = V2_FIXED_BYTES + length;
  if ((command !== LOCAL && command !== PROXIED) || bytes > MAX_V2_BYTES) return NONE;
  if (head.length < bytes) return MORE;
  if (command === LOCAL) return header(bytes, undefined);
  const rest = head.subarray(V2_FIXED_BYTES, bytes);
  if (family >> 4 === OVER_IPV4 && length >= 12) return header(bytes, rest.slice(0, 4).join("."));
  if (family >> 4 === OVER_IPV6 && length >= 36) {
    const groups = Array.from(
      { length: 8 },
      (_, at) => view.getUint16(V2_FIXED_BYTES + 2 * at).toString(16),
    );
    return header(bytes, ipv6(groups.join(":")));
  }
  return header(bytes, undefined); // a Unix socket, or unspecified
}

function header(bytes: number, source: string | undefined): ProxyHeader {
  return { kind: "header", bytes, source };
}

/** The address in dotted form without leading zeros; undefined if it is none. */
function ipv4(text: string): string | undefined {
  const parts = text.split(".");
  const isAddress = parts.length === 4 &&
    parts.every((part) => /^\d{1,3}$/.test(part) && +part < 256);
  return isAddress ? parts.map(Number).join(".") : undefined;
}

/** The address in the form that sockets report; an IPv4 address in it stays one. */
function ipv6(text: string): string | undefined {
  const url = /^[\da-f:.]*:[\da-f:.]*$/i.test(text) ? URL.parse(`http://[${text}]/`) : null;
  if (url === null) return undefined;
  const address = url.hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(address) ?? [];
  if (high === undefined || low === undefined) return address;
  const number = parseInt(high, 16) * 0x10000 + parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff).join(".");
}
