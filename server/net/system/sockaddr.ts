// Socket addresses as the system writes them (struct sockaddr), as text. Pure.

const UNIX = 1;
const IPV4 = 2;
const IPV6 = 10;

/** A path in a sockaddr_un (unix(7)), without a final NUL, which is not needed where a length is given. */
const MAX_UNIX_PATH_BYTES = 108;

/** Where a socket is bound, or where its peer is. */
export type SystemAddress =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** Room for every kind of address there is (struct sockaddr_storage), in bytes. */
export const ADDRESS_BYTES = 128;

/** Reads the first `length` bytes of `bytes`; nothing for a kind of address we do not know. */
export function readAddress(bytes: Uint8Array, length: number): SystemAddress | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, Math.min(length, bytes.length));
  if (view.byteLength < 2) return undefined;
  const family = view.getUint16(0, true); // both architectures are little-endian
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

/** An IPv4 address stays one although the socket was bound to `::`. */
function colons(view: DataView, at: number): string {
  const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((index) => view.getUint16(at + index));
  const isIpv4 = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isIpv4) return dotted(view, at + 12);
  // A URL writes it the one way there is for each (RFC 5952).
  const text = groups.map((group) => group.toString(16)).join(":");
  return new URL(`http://[${text}]`).hostname.slice(1, -1);
}

/** The address of a Unix socket, one whose path begins with NUL an abstract one; nothing if too long. */
export function unixAddress(path: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new TextEncoder().encode(path);
  if (bytes.length === 0 || bytes.length > MAX_UNIX_PATH_BYTES) return undefined;
  const address = new Uint8Array(2 + bytes.length);
  address[0] = UNIX;
  address.set(bytes, 2);
  return address;
}
