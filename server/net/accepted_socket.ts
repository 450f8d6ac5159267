// A connection that has just been accepted: where it comes from, and what it is set to.

/** Where a client comes from; an IPv4 address stays one although the socket was bound to `::`. */
export function remoteAddress({ remoteAddr }: Pick<Deno.Conn, "remoteAddr">): string {
  if (remoteAddr.transport !== "tcp") return "unix";
  return remoteAddr.hostname.replace(/^::ffff:(?=\d+\.)/, "");
}

/**
 * Small messages must not wait for more to come, and a peer whose machine has vanished must not stay
 * for ever; one that is gone already takes no options.
 */
export function setSocketOptions(conn: Deno.Conn): void {
  if (conn.remoteAddr.transport !== "tcp") return;
  try {
    (conn as Deno.TcpConn).setNoDelay(true);
    (conn as Deno.TcpConn).setKeepAlive(true);
  } catch {
    // The next read says what there is to say.
  }
}
