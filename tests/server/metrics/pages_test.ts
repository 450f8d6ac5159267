// /healthz and /metrics of a server in the test's own process, without a socket.

import { failure } from "../../../protocol/failures.ts";
import { assertEquals, assertStrictEquals } from "@std/assert";
import { respond } from "../../../server/metrics/http.ts";
import { metricsPages, type PagesOptions } from "../../../server/metrics/pages.ts";
import { Operator } from "../../../server/operator/operator.ts";
import { Server } from "../../../server/server.ts";
import { EN } from "../../../texts/en.ts";
import { readExposition } from "./exposition_reader.ts";

function asked(head: string, more: Partial<PagesOptions> = {}): { status: number; body: string } {
  const server = new Server();
  const control = new Operator(server, "1.2.3");
  const pages = metricsPages({ server, stats: () => control.stats(), ...more });
  const [lines = "", body = ""] = respond(head, pages).split("\r\n\r\n");
  return { status: Number(lines.split(" ")[1]), body };
}

const STORE = { problem: failure("storage_full", () => "the disk is full"), bytes: 8192 };
const STOPPING = {
  limits: new Server().limits,
  isStopping: true,
  sockets: undefined,
  storage: { store: STORE, ages: { doubt: undefined } },
  texts: EN,
};

Deno.test("/healthz is 200 and ok while all is well, as text and as JSON", () => {
  assertEquals(asked("GET /healthz HTTP/1.1"), { status: 200, body: "ok\n" });
  const { status, body } = asked("GET /healthz HTTP/1.1\r\nAccept: application/json");
  assertStrictEquals(status, 200);
  assertEquals(JSON.parse(body), { status: "ok", problems: [] });
});

Deno.test("/healthz is 503 and says why while the server stops or messages cannot be stored", () => {
  const bad = { server: STOPPING };
  assertEquals(asked("GET /healthz HTTP/1.1", bad), {
    status: 503,
    body: "The server is stopping\nMessages cannot be stored: the disk is full\n",
  });
  const { status, body } = asked("GET /healthz HTTP/1.1\r\nAccept: application/json", bad);
  assertStrictEquals(status, 503);
  assertStrictEquals(JSON.parse(body).status, "unavailable");
  assertStrictEquals(JSON.parse(body).problems.length, 2);
});

Deno.test("/metrics is a page the strict reader takes, with what runs", () => {
  const logFigures = () => ({ written: 1, lost: 0 });
  const { status, body } = asked("GET /metrics HTTP/1.1", { logFigures });
  assertStrictEquals(status, 200);
  const families = readExposition(body);
  const build = families.get("minichat_build_info")?.samples[0]?.labels;
  assertStrictEquals(build?.version, "1.2.3");
  assertStrictEquals(build?.runtime, `deno ${Deno.version.deno}`);
  assertStrictEquals(families.get("minichat_log_lines_total")?.samples[0]?.value, 1);
});

Deno.test("/metrics has the history on disk, and of none in memory", () => {
  const families = readExposition(asked("GET /metrics HTTP/1.1", { server: STOPPING }).body);
  assertStrictEquals(families.get("minichat_history_size_bytes")?.samples[0]?.value, 8192);
  assertStrictEquals(families.get("minichat_history_broken")?.samples[0]?.value, 1);
  const inMemory = readExposition(asked("GET /metrics HTTP/1.1").body);
  assertStrictEquals(inMemory.has("minichat_history_size_bytes"), false);
});
