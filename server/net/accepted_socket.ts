// Reads the address of an accepted connection and sets its socket options.

/**
 * IP address of the client, or `unix`; an IPv4 address stays one although the socket was bound to
 * `::`.
 */
export function remoteAddress({ remoteAddr }: Pick<Deno.Conn, "remoteAddr">): string {
  if (remoteAddr.transport !== "tcp") return "unix";
  return remoteAddr.hostname.replace(/^::ffff:(?=\d+\.)/, "");
}

/**
 * Sets TCP_NODELAY, since small messages must not wait for more, and keep-alive, since a client
 * whose machine has vanished must not stay connected for ever. Does nothing if the client has
 * disconnected.
 */
export function setSocketOptions(conn: Deno.Conn): void {
  if (conn.remoteAddr.transport !== "tcp") return;
  try {
    (conn as Deno.TcpConn).setNoDelay(true);
    (conn as Deno.TcpConn).setKeepAlive(true);
  } catch {
    // The next read reports the failure.
  }
}
