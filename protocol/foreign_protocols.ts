// Protocols that are often tried on an open port: recognised by a connection's first bytes, only to
// refuse them by name, before anything of them is a message.

import type { FirstLine } from "./first_bytes.ts";

/** How a protocol is recognised: by first bytes, or by a whole first line. */
interface Row {
  readonly name: string;
  /** Matches the first bytes in hexadecimal, two digits each. They are unambiguous. */
  readonly bytes?: RegExp;
  readonly line?: RegExp;
}

/** Bytes that the rows look at. */
const START_BYTES = 16;

/** The names of the protocols that are answered otherwise than with a line of text. */
export const HTTP = "HTTP";
export const TLS = "TLS";
export const PROXY = "PROXY";
export const JAVA_OBJECTS = "Java serialization";

/** A method of RFC 9110 or PATCH, then a path, a URL or a host and its port (RFC 9112, 3.2). */
const REQUEST_START =
  /^(GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|TRACE|CONNECT) (\/|\* |\w+:\/\/|\S+:\d)/;
/** Any token may be a method. `MSG` begins a message of `usermsg`, which may speak of HTTP. */
const REQUEST_LINE =
  /^((?!MSG )[A-Z]{3,10} \S+|[!#$%&'*+.^`|~\w-]+ (\/\S*|\*|\w+:\/\/\S+|\S+:\d+)) HTTP\/\d/;

const ROWS: readonly Row[] = [
  { name: TLS, bytes: /^1603/ },
  { name: "SSH", bytes: /^5353482d/ },
  // The signature of version 2 (PROXY protocol, 2.2), and the first word of version 1.
  { name: PROXY, bytes: /^0d0a0d0a000d0a515549540a/, line: /^PROXY (TCP[46]|UNKNOWN)\b/ },
  // STREAM_MAGIC and STREAM_VERSION (Java Object Serialization Specification, 6.4.2).
  { name: JAVA_OBJECTS, bytes: /^aced0005/ },
  { name: "Java RMI", bytes: /^4a524d4900/ },
  { name: "SMB", bytes: /^00.{6}f[ef]534d42/ },
  { name: "PostgreSQL", bytes: /^(0000000804d2162f|0000.{4}00030000)/ },
  { name: "SOCKS", bytes: /^(05010[02]|0502000[12]|0401(0050|01bb))$/ },
  { name: "RDP", bytes: /^0300.{4}..e0/ },
  { name: "MQTT", bytes: /^10(..){1,4}00044d515454/ },
  { name: "AMQP", bytes: /^414d515000/ },
  { name: "BitTorrent", bytes: /^13426974546f7272656e74/ },
  { name: "X11", bytes: /^(6c000b00|4200000b)/ },
  { name: "CORBA", bytes: /^47494f5001/ },
  { name: "NetWare", bytes: /^446d6454000000/ },
  { name: "LANDesk", bytes: /^544e4d500400/ },
  { name: "Lotus Notes", bytes: /^3a0000002f/ },
  { name: "Redis", bytes: /^2a(3\d)+0d0a24/ },
  { name: "JDWP", bytes: /^4a4457502d48616e647368616b65/ },
  { name: "git", bytes: /^(3[0-9]|6[1-6]){4}6769742d/ },
  { name: "VNC", line: /^RFB \d{3}\.\d{3}$/ },
  { name: "rsync", line: /^@RSYNCD: / },
  { name: "RTSP", line: /^[A-Z_]{3,16} \S+ RTSP\/\d/ },
  { name: "SIP", line: /^[A-Z]{3,16} \S+ SIP\/\d/ },
  { name: HTTP, line: REQUEST_LINE },
  { name: "IRC", line: /^(CAP (LS|REQ|END)|PASS \S+$|USER \S+ \S+ \S+ :?\S)/ },
];

/** Of a request with a long path, the version in the end of the line is not looked at. */
const LONG_REQUEST = /^[A-Z-]+ \/\S+$/;
const LONG_CHARS = 500;

/**
 * The name of the protocol that a connection's first bytes begin; undefined if it is none of these.
 * Those that are recognised by a line wait for the whole of it.
 */
export function foreignProtocol(
  head: Uint8Array,
  { line, whole }: Pick<FirstLine, "line" | "whole">,
): string | undefined {
  const start = head.subarray(0, START_BYTES).toHex();
  const row = ROWS.find(({ bytes, line: pattern }) =>
    bytes?.test(start) || (whole && pattern?.test(line))
  );
  if (row !== undefined) return row.name;
  const isLong = line.length > LONG_CHARS && LONG_REQUEST.test(line);
  return whole && (isLong || /^GET \/\S*$/.test(line)) ? HTTP : undefined;
}

/** Whether an incomplete first line is the beginning of a request of HTTP. */
export function isRequestStart(line: string): boolean {
  return REQUEST_START.test(line);
}

/** Whether an incomplete first line may still become one of another protocol. */
export function mayBecomeForeign(line: string): boolean {
  return line === "\x16" || /^[A-Z]{1,16}( |$)/.test(line);
}
