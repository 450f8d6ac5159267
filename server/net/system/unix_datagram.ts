// Sends datagrams to the Unix socket of a service manager (sd_notify(3)), by direct calls, since
// the runtime has no datagram sockets of that kind.

import type { Libc } from "./libc.ts";
import { unixAddress } from "./sockaddr.ts";

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;

/**
 * Sends `text` to the socket at `path` (abstract if it begins with `@`); returns whether the system
 * took it.
 */
export function sendDatagram(libc: Libc, path: string, text: string): boolean {
  const address = unixAddress(path.replace(/^@/, "\0"));
  if (address === undefined) return false;
  const fd = libc.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const bytes = new TextEncoder().encode(text);
  const flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  const sent = libc.sendto(fd, bytes, bytes.length, flags, address, address.length);
  libc.close(fd);
  return sent === bytes.length;
}
