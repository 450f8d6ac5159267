import { assertEquals } from "@std/assert";
import {
  listeningSockets,
  tcpListeners,
  unixListeners,
} from "../../../check/server/listening_sockets.ts";

const TCP_HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt uid";

function tcpRow(local: string, state: string, inode: number): string {
  return `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000 0 0 ${inode} 1 0`;
}

Deno.test("tcpListeners() reads the rows of /proc/net/tcp and tcp6 that listen", () => {
  const table = [
    TCP_HEAD,
    tcpRow("0100007F:1F90", "0A", 11),
    tcpRow("00000000:1F91", "0A", 12),
    tcpRow("0100007F:1F92", "01", 13),
    tcpRow("00000000000000000000000000000000:1F93", "0A", 14),
    tcpRow("00000000000000000000000001000000:1F94", "0A", 15),
    tcpRow("0000000000000000FFFF00000300007F:1F95", "0A", 16),
  ].join("\n");
  assertEquals(
    tcpListeners(table).map(([inode, address]) =>
      address.kind === "tcp" ? `${inode} ${address.host} ${address.port}` : inode
    ),
    [
      "11 127.0.0.1 8080",
      "12 127.0.0.1 8081",
      "14 ::1 8083",
      "15 0:0:0:0:0:0:0:1 8084",
      "16 127.0.0.3 8085",
    ],
  );
  assertEquals(tcpListeners(""), []);
});

Deno.test("unixListeners() reads the rows of /proc/net/unix that listen at a path", () => {
  const table = [
    "Num       RefCount Protocol Flags    Type St Inode Path",
    "0000000001fad013: 00000003 00000000 00000000 0001 03 21 /tmp/connected",
    "0000000001fad014: 00000002 00000000 00010000 0001 01 22 /tmp/a socket",
    "0000000001fad015: 00000002 00000000 00010000 0001 01 23 @abstract",
    "0000000001fad016: 00000002 00000000 00010000 0001 01 24",
  ].join("\n");
  assertEquals(unixListeners(table), [["22", { kind: "unix", path: "/tmp/a socket" }]]);
});

Deno.test({
  name: "listeningSockets() finds where this process listens",
  ignore: Deno.build.os !== "linux",
  fn() {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    const found = listeningSockets([Deno.pid]);
    assertEquals(found.filter((one) => one.kind === "tcp" && one.port === port), [
      { kind: "tcp", host: "127.0.0.1", port },
    ]);
    assertEquals(listeningSockets([]), []);
  },
});
