// Parsing requests and formatting responses.

import { assertMatch, assertStrictEquals } from "@std/assert";
import {
  asksFor,
  headEnd,
  type HttpPage,
  parseHead,
  respond,
} from "../../../server/metrics/http.ts";

const PAGES = new Map<string, HttpPage>([
  ["/a", ({ accept }) => ({ status: 200, type: "text/plain", body: `é ${accept}` })],
]);

function statusOf(head: string): string {
  return respond(head, PAGES).split("\r\n")[0] ?? "";
}

Deno.test("respond() answers a page with its length in bytes and hangs up", () => {
  const [head = "", body] = respond("GET /a?x=1 HTTP/1.1\r\nHost: h\r\nAccept: b", PAGES)
    .split("\r\n\r\n");
  assertStrictEquals(body, "é b");
  assertMatch(head, /^HTTP\/1\.1 200 OK\r\n/);
  assertMatch(head, /\r\nContent-Length: 4\r\n/);
  assertMatch(head, /\r\nConnection: close$/);
});

Deno.test("respond() answers HEAD with the head of GET and nothing else", () => {
  const got = respond("GET /a HTTP/1.1", PAGES);
  const head = respond("HEAD /a HTTP/1.1", PAGES);
  assertStrictEquals(head, got.slice(0, got.indexOf("\r\n\r\n") + 4));
});

Deno.test("respond() refuses other paths, other methods and what is no HTTP/1.1", () => {
  assertStrictEquals(statusOf("GET /b HTTP/1.1"), "HTTP/1.1 404 Not Found");
  assertStrictEquals(statusOf("POST /b HTTP/1.1"), "HTTP/1.1 404 Not Found");
  assertStrictEquals(statusOf("POST /a HTTP/1.1"), "HTTP/1.1 405 Method Not Allowed");
  assertMatch(respond("DELETE /a HTTP/1.0", PAGES), /\r\nAllow: GET, HEAD\r\n/);
  for (const bad of ["", "GET /a", "GET a b HTTP/1.1", "get /a HTTP/1.1", "GET /a HTTP/2.0"]) {
    assertStrictEquals(statusOf(bad), "HTTP/1.1 400 Bad Request", bad);
  }
  assertStrictEquals(statusOf("OPTIONS * HTTP/1.1"), "HTTP/1.1 400 Bad Request");
});

Deno.test("parseHead() takes a whole URL as a proxy writes it, and several Accepts", () => {
  assertStrictEquals(parseHead("GET http://h:1/a?b HTTP/1.1")?.path, "/a");
  assertStrictEquals(parseHead("GET //h/a HTTP/1.1")?.path, "//h/a");
  const accepts = "GET / HTTP/1.1\r\naccept: text/html\r\nACCEPT:  application/json;q=0.5 ";
  assertStrictEquals(parseHead(accepts)?.accept, "text/html,application/json;q=0.5");
});

Deno.test("asksFor() wants the type by name, and not refused", () => {
  const asks = (accept: string) =>
    asksFor({ method: "GET", path: "/", accept }, "application/json");
  assertStrictEquals(asks("text/html, Application/JSON ; q=0.9"), true);
  for (const accept of ["", "*/*", "application/jsonx", "application/json;q=0", "text/plain"]) {
    assertStrictEquals(asks(accept), false, accept);
  }
});

Deno.test("headEnd() finds the empty line, with CR and without", () => {
  assertStrictEquals(headEnd("GET / HTTP/1.1\r\nA: b\r\n\r\nrest"), 20);
  assertStrictEquals(headEnd("GET / HTTP/1.1\n\n"), 14);
  assertStrictEquals(headEnd("GET / HTTP/1.1\r\nA: b\r\n"), -1);
});
