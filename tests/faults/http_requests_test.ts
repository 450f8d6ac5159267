// F12, J10, A2: requests of HTTP get a response of HTTP on every port, also where a dialect is
// pinned, and nothing that a web page posts reaches the chat.

import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { DIALECTS } from "../../protocol/dialects.ts";
import { ByteClient } from "../byte_client.ts";
import { until } from "../until.ts";
import { ServerFixture } from "./server_fixture.ts";

/** What a page may post to speak in each dialect. */
const FORGED =
  'USER evil\nMSG forged\n{"type":"hello","name":"evil"}\nhello evil\nb forged\nevil\n';

/** Methods and paths: a long path, and a method that is a verb of a dialect. */
const REQUESTS = [["POST", "/"], ["PUT", `/${"x".repeat(3_000)}`], ["USER", "/"]] as const;

/** A server with a port for each dialect and one without; their numbers. */
async function withPorts(fixture: ServerFixture): Promise<readonly number[]> {
  const at = { kind: "tcp", host: "127.0.0.1", port: 0 } as const;
  const pinned = DIALECTS.map(({ name }) => ({ at, dialect: name, notices: true }));
  assertStrictEquals(await fixture.server.start(pinned), undefined);
  return fixture.server.addresses.flatMap((one) => one.at.kind === "tcp" ? [one.at.port] : []);
}

Deno.test("F12: an HTTP request gets a page that says how to join, on every port (J10)", async () => {
  await using fixture = await ServerFixture.open();
  const witness = await fixture.join("native", "witness");
  for (const port of await withPorts(fixture)) {
    const page = await fetch(`http://127.0.0.1:${port}/?x=1`);
    assertStrictEquals(page.status, 200);
    assertStrictEquals(page.headers.get("content-type"), "text/plain; charset=utf-8");
    assertStrictEquals(page.headers.get("x-content-type-options"), "nosniff");
    assertStrictEquals(page.headers.get("access-control-allow-origin"), null);
    assertMatch(await page.text(), /a chat.*minichat connect HOST PORT NAME/s);
    const lost = await fetch(`http://127.0.0.1:${port}/favicon.ico`);
    assertStrictEquals(lost.status, 404);
    await lost.body?.cancel();
    const head = await fetch(`http://127.0.0.1:${port}/`, { method: "HEAD" });
    assertStrictEquals(head.status, 200);
    assertStrictEquals(await head.text(), "");
  }
  assertEquals(await witness.barrier(), []);
});

Deno.test("A web page cannot post into the chat, on no port and with no method (A2)", async () => {
  await using fixture = await ServerFixture.open();
  const witness = await fixture.join("native", "witness");
  const ports = await withPorts(fixture);
  for (const port of ports) {
    for (const [method, path] of REQUESTS) {
      const page = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: FORGED });
      assertStrictEquals(page.status, 405, `${method} on ${port}`);
      assertStrictEquals(page.headers.get("allow"), "GET, HEAD");
      await page.body?.cancel();
    }
  }
  assertEquals(await witness.barrier(), []);
  await until(() => fixture.server.sessions.size === 1, "the pages were gone");
  const reasons = fixture.log.flatMap(({ what, details }) =>
    what === "closed" ? [details.reason] : []
  );
  assertEquals(reasons, Array(3 * ports.length).fill("unsupported_protocol"));
});

Deno.test("A request in pieces is refused where a dialect is pinned (A2)", async () => {
  await using fixture = await ServerFixture.open();
  const witness = await fixture.join("native", "witness");
  for (const port of await withPorts(fixture)) {
    await using page = await ByteClient.connect({ port });
    for (const piece of ["PO", "ST / HT", "TP/1.1\r\nHost: x\r\n\r\n", FORGED]) {
      await page.send(piece).catch(() => {}); // it may be closed already
      await witness.barrier();
    }
    assertMatch(await page.ended(), /HTTP\/1\.1 405 /);
  }
  const { chat } = fixture.server;
  assert([...chat.members].every(({ name }) => name === "witness"));
});
