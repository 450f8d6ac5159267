// The pages beside a running server: /healthz and /metrics.

import type { Failure } from "../../protocol/failures.ts";
import type { Texts } from "../../texts/texts.ts";
import type { Stats } from "../control.ts";
import type { Limits } from "../limits/limits.ts";
import type { SocketKind } from "../net/socket.ts";
import { EXPOSITION_TYPE } from "./exposition.ts";
import { healthProblems } from "./health.ts";
import {
  asksFor,
  type HttpPage,
  type HttpRequest,
  lineResponse,
  type PageResponse,
} from "./http.ts";
import { metricsText, type MetricsView } from "./metrics.ts";

/** Figures of a store on disk. */
export interface StoreFigures {
  /** Why nothing can be stored at the moment; undefined if it can. */
  readonly problem: Failure | undefined;
  /** Its size on disk. */
  readonly bytes: number;
}

/** Figures of a server's storage. */
export interface StorageFigures {
  readonly store: StoreFigures | undefined;
  readonly ages: { readonly doubt: unknown };
}

/** The parts of a server that the pages show. */
export interface ObservedServer {
  readonly limits: Limits;
  readonly isStopping: boolean;
  readonly sockets: SocketKind | undefined;
  readonly storage: StorageFigures;
  readonly texts: Pick<Texts, "closeReasons" | "refusals">;
}

/** Sources of the pages' data. */
export interface PagesOptions {
  readonly server: ObservedServer;
  readonly stats: () => Stats;
  readonly logFigures?: () => MetricsView["log"];
}

/** Pages by path. */
export function metricsPages(options: PagesOptions): ReadonlyMap<string, HttpPage> {
  return new Map<string, HttpPage>([
    ["/healthz", (request) => health(options, request)],
    ["/metrics", () => metrics(options)],
  ]);
}

function health({ server, stats }: PagesOptions, request: HttpRequest): PageResponse {
  const problems = healthProblems({
    stopping: server.isStopping,
    medianLagMs: stats().lagMs.median,
    storeProblem: server.storage.store?.problem?.text(server.texts.refusals),
  });
  const status = problems.length === 0 ? 200 : 503;
  if (!asksFor(request, "application/json")) {
    return lineResponse(status, problems.length === 0 ? "ok" : problems.join("\n"));
  }
  const body = JSON.stringify({ status: status === 200 ? "ok" : "unavailable", problems });
  return { status, type: "application/json", body: `${body}\n` };
}

function metrics({ server, stats, logFigures }: PagesOptions): PageResponse {
  const body = metricsText({
    stats: stats(),
    closeReasons: Object.keys(server.texts.closeReasons),
    limits: server.limits,
    build: {
      runtime: `deno ${Deno.version.deno}`,
      os: Deno.build.os,
      arch: Deno.build.arch,
      sockets: server.sockets ?? "none",
    },
    stopping: server.isStopping,
    log: logFigures?.(),
    store: storeFigures(server.storage),
  });
  return { status: 200, type: EXPOSITION_TYPE, body };
}

function storeFigures({ ages, store }: StorageFigures): MetricsView["store"] {
  const clockDoubted = ages.doubt !== undefined;
  return store && { bytes: store.bytes, broken: store.problem !== undefined, clockDoubted };
}
