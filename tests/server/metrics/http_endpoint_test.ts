// The endpoint on real sockets: it answers, and no client can block it.

import { assert, assertMatch, assertStrictEquals, fail } from "@std/assert";
import {
  HTTP_DEADLINE_MS,
  type HttpEndpoint,
  type HttpEndpointOptions,
  MAX_CONNECTIONS,
  MAX_HEAD_BYTES,
  openHttpEndpoint,
} from "../../../server/metrics/http_endpoint.ts";
import { lineResponse } from "../../../server/metrics/http.ts";
import { FakeClock } from "../../fake_clock_and_socket.ts";
import { until } from "../../until.ts";

const ENCODER = new TextEncoder();

/** An endpoint with one page and a clock that does not move. */
function open(
  more: Partial<HttpEndpointOptions> = {},
): { endpoint: HttpEndpoint; clock: FakeClock } {
  const clock = new FakeClock();
  const endpoint = openHttpEndpoint({
    host: "127.0.0.1",
    port: 0,
    pages: new Map([["/page", () => lineResponse(200, "here")]]),
    clock,
    limits: { acceptBackoffMs: 100 },
    onFault: (fault) => fail(`${fault}`),
    ...more,
  });
  assert(!("error" in endpoint));
  return { endpoint, clock };
}

function dial(endpoint: HttpEndpoint): Promise<Deno.TcpConn> {
  return Deno.connect({ port: Number(new URL(endpoint.url).port), hostname: "127.0.0.1" });
}

/** All bytes the endpoint sends until it closes the connection. */
async function rest(conn: Deno.Conn): Promise<string> {
  try {
    return await new Response(conn.readable).text();
  } catch {
    return "(reset)";
  }
}

async function fetched(endpoint: HttpEndpoint): Promise<string> {
  const response = await fetch(`${endpoint.url}/page`);
  return `${response.status} ${await response.text()}`;
}

Deno.test("HttpEndpoint answers fetch, and requests in pieces", async () => {
  const { endpoint } = open();
  assertStrictEquals(await fetched(endpoint), "200 here\n");
  const conn = await dial(endpoint);
  for (const piece of ["GE", "T /page HTTP/1.1\r", "\nHost: x\r\n\r", "\n"]) {
    await conn.write(ENCODER.encode(piece));
  }
  assertMatch(await rest(conn), /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nhere\n$/s);
  await endpoint.close();
});

Deno.test("HttpEndpoint closes clients that are too slow, after its deadline and not before", async () => {
  const { endpoint, clock } = open();
  const conn = await dial(endpoint);
  await conn.write(ENCODER.encode("GET /page"));
  await until(() => clock.pending === 1, "it was accepted");
  clock.advance(HTTP_DEADLINE_MS - 1);
  assertStrictEquals(clock.pending, 1);
  clock.advance(1);
  assertStrictEquals(await rest(conn), "");
  await endpoint.close();
});

Deno.test("HttpEndpoint gives a new client the oldest's place: no client can block the others", async () => {
  const { endpoint, clock } = open();
  const sleepers: Deno.Conn[] = [];
  for (let count = 1; count <= MAX_CONNECTIONS; count++) {
    sleepers.push(await dial(endpoint));
    await until(() => clock.pending === count, "it was accepted");
  }
  assertStrictEquals(await fetched(endpoint), "200 here\n");
  const [first, ...others] = sleepers;
  assert(first);
  assertStrictEquals(await rest(first), "");
  await until(() => clock.pending === MAX_CONNECTIONS - 1, "only the oldest was let go");
  await endpoint.close();
  for (const other of others) assertStrictEquals(await rest(other), "");
  assertStrictEquals(clock.pending, 0);
});

Deno.test("HttpEndpoint refuses a longer head than the limit", async () => {
  const { endpoint } = open();
  const conn = await dial(endpoint);
  const head = `GET /page HTTP/1.1\r\nX: ${"x".repeat(MAX_HEAD_BYTES)}`.slice(0, MAX_HEAD_BYTES);
  await conn.write(ENCODER.encode(head));
  assertMatch(await rest(conn), /^HTTP\/1\.1 431 /);
  await endpoint.close();
});

Deno.test("HttpEndpoint answers bytes that are no HTTP with 400 immediately", async () => {
  const { endpoint } = open();
  const conn = await dial(endpoint);
  await conn.write(new Uint8Array([0x16, 0x03, 0x01, 0x02, 0x00]));
  assertMatch(await rest(conn), /^HTTP\/1\.1 400 /);
  await endpoint.close();
});

Deno.test("HttpEndpoint outlives a bug in a page, which is reported", async () => {
  const faults: unknown[] = [];
  const pages = new Map([["/page", () => {
    throw new Error("bug");
  }]]);
  const { endpoint } = open({ pages, onFault: (fault) => faults.push(fault) });
  for (let round = 1; round <= 2; round++) {
    assertMatch(await fetched(endpoint), /^500 /);
    assertStrictEquals(faults.length, round);
  }
  await endpoint.close();
});

Deno.test("openHttpEndpoint() returns an error message if the port is taken, or the address is not local", async () => {
  const { endpoint, clock } = open();
  const port = Number(new URL(endpoint.url).port);
  const options = { pages: new Map(), clock, limits: { acceptBackoffMs: 1 }, onFault: () => {} };
  const taken = openHttpEndpoint({ host: "127.0.0.1", port, ...options });
  assertMatch("error" in taken ? taken.error : "", /^Metrics port \d+ is in use: .*--metrics$/);
  const foreign = openHttpEndpoint({ host: "192.0.2.1", port: 0, ...options });
  assertMatch("error" in foreign ? foreign.error : "", /no address of this machine/);
  await endpoint.close();
});
