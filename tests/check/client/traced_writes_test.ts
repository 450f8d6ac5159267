import { assertEquals, assertStrictEquals } from "@std/assert";
import type { Endpoint } from "../../../check/client/client_driver.ts";
import { tracedWrites } from "../../../check/client/traced_writes.ts";

const UNIX: Endpoint = { kind: "unix", path: "/tmp/soquette" };
const TCP: Endpoint = { kind: "tcp", host: "127.0.0.1", port: 4000 };

Deno.test("tracedWrites() has the size of each write to the connection, and of no other", () => {
  const trace = String.raw`71 write(1, "pseudo? ", 8) = 8
71 connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT (No such file)
71 write(3, "x", 1) = 1
71 connect(3, {sa_family=AF_UNIX, sun_path="/tmp/soquette"}, 110) = 0
71 write(3, "\0\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0", 16) = 16
71 write(3, "ana", 3) = 3
71 write(1, "ko\n", 3) = 3
71 sendto(3, "hi", 2, MSG_NOSIGNAL, NULL, 0) = 2
71 writev(3, [{iov_base="a", iov_len=1}, {iov_base="b", iov_len=1}], 2) = 2
71 write(3, "x", 1) = -1 EPIPE (Broken pipe)
71 +++ exited with 0 +++
`;
  assertEquals(tracedWrites(trace, UNIX), [16, 3, 2, 2]);
  assertStrictEquals(tracedWrites(trace, TCP), undefined);
});

Deno.test("tracedWrites() follows calls that another thread interrupts", () => {
  const trace =
    `71 connect(5, {sa_family=AF_INET, sin_port=htons(4000), sin_addr=inet_addr("127.0.0.1")}, 16 <unfinished ...>
72 write(1, "x", 1 <unfinished ...>
71 <... connect resumed>) = 0
71 write(5, "USER ana\\n", 9 <unfinished ...>
72 <... write resumed>) = 1
71 <... write resumed>) = 9
`;
  assertEquals(tracedWrites(trace, TCP), [9]);
});

Deno.test("tracedWrites() follows a connection to its other descriptors", () => {
  const trace = `71 connect(4, {sa_family=AF_INET, sin_port=htons(4000)}, 16) = 0
71 fcntl(4, F_SETFL, O_RDWR) = 0
71 dup2(4, 3) = 3
71 close(4) = 0
71 write(4, "to a file", 9) = 9
71 write(3, "USER ana\\n", 9) = 9
71 fcntl(3, F_DUPFD, 10) = 10
71 write(10, "MSG hi\\n", 7) = 7
72 close(3) = 0
71 dup2(5, 10) = 10
71 write(10, "to another file", 15) = 15
`;
  assertEquals(tracedWrites(trace, TCP), [9, 7]);
});

Deno.test("tracedWrites() takes a trace of one process, without numbers", () => {
  const trace =
    `connect(3, {sa_family=AF_INET6, sin6_port=htons(4000), sin6_addr=::1}, 28) = 0\nsendmsg(3, {msg_namelen=0}, 0) = 19\n`;
  assertEquals(tracedWrites(trace, TCP), [19]);
});
