// Opens the HTTP endpoint for `--metrics`, whose code is loaded only with that flag.

import type { Problem } from "../../protocol/problem.ts";
import { systemClock } from "../../shared/clock.ts";
import type { Operator } from "../../server/operator/operator.ts";
import type { Server } from "../../server/server.ts";
import type { Log } from "./logger.ts";
import type { MetricsOptions } from "./metrics_options.ts";

/** An open endpoint, or the placeholder for none. */
export interface MetricsEndpoint {
  /** `http://HOST:PORT`; undefined without an endpoint. */
  readonly url: string | undefined;
  close(): Promise<void>;
}

/** Opens the endpoint that the flags ask for. */
export async function openMetricsEndpoint(
  { metrics, logFile }: Pick<MetricsOptions, "metrics" | "logFile">,
  { server, control, log, onFault }: {
    readonly server: Server;
    readonly control: Operator;
    readonly log: Log;
    readonly onFault: (fault: unknown) => void;
  },
): Promise<MetricsEndpoint | Problem> {
  if (metrics === undefined) return { url: undefined, close: () => Promise.resolve() };
  const [{ openHttpEndpoint }, { metricsPages }] = await Promise.all([
    import("../../server/metrics/http_endpoint.ts"),
    import("../../server/metrics/pages.ts"),
  ]);
  const pages = metricsPages({
    server,
    stats: () => control.stats(),
    ...(logFile === undefined ? {} : { logFigures: () => log.figures }),
  });
  return openHttpEndpoint({
    ...metrics,
    pages,
    clock: systemClock,
    limits: server.limits,
    onFault,
  });
}
