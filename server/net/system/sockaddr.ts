// Converts socket addresses between the system's form (struct sockaddr) and text. Pure.

const UNIX = 1;
const IPV4 = 2;
const IPV6 = 10;

/**
 * Longest path of a sockaddr_un in bytes (unix(7)); no final NUL is needed since lengths are
 * passed.
 */
const MAX_UNIX_PATH_BYTES = 108;

/** The address of a socket or of its peer. */
export type SystemAddress =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** Bytes that hold an address of any kind (struct sockaddr_storage). */
export const ADDRESS_BYTES = 128;

/** Reads the first `length` bytes of `bytes`; undefined for an unknown kind of address. */
export function readAddress(bytes: Uint8Array, length: number): SystemAddress | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, Math.min(length, bytes.length));
  if (view.byteLength < 2) return undefined;
  const family = view.getUint16(0, true); // both supported architectures are little-endian
  if (family === UNIX) {
    const path = bytes.subarray(2, view.byteLength);
    const end = path.indexOf(0);
    return { kind: "unix", path: new TextDecoder().decode(end < 0 ? path : path.subarray(0, end)) };
  }
  if (family === IPV4) return { kind: "tcp", host: dotted(view, 4), port: view.getUint16(2) };
  if (family === IPV6) return { kind: "tcp", host: colons(view, 8), port: view.getUint16(2) };
  return undefined;
}

function dotted(view: DataView, at: number): string {
  return [0, 1, 2, 3].map((index) => view.getUint8(at + index)).join(".");
}

/** An IPv6 address as text; an IPv4 one mapped into it stays IPv4. */
function colons(view: DataView, at: number): string {
  const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((index) => view.getUint16(at + index));
  const isIpv4 = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isIpv4) return dotted(view, at + 12);
  // URL writes the canonical form (RFC 5952).
  const text = groups.map((group) => group.toString(16)).join(":");
  return new URL(`http://[${text}]`).hostname.slice(1, -1);
}

/**
 * The address of a Unix socket, abstract if its path begins with NUL; undefined if the path is too
 * long.
 */
export function unixAddress(path: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new TextEncoder().encode(path);
  if (bytes.length === 0 || bytes.length > MAX_UNIX_PATH_BYTES) return undefined;
  const address = new Uint8Array(2 + bytes.length);
  address[0] = UNIX;
  address.set(bytes, 2);
  return address;
}
