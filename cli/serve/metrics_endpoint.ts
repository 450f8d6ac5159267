// What stands beside a running chat for whoever watches over it: the HTTP endpoint with its figures,
// loaded only when it is asked for. What is shown there, and how, is in server/metrics/.

import { systemClock } from "../../shared/clock.ts";
import type { Operator } from "../../server/operator/operator.ts";
import type { Server } from "../../server/server.ts";
import type { Log } from "./logger.ts";
import type { MetricsOptions } from "./metrics_options.ts";

/** The endpoint beside a server, or none. */
export interface MetricsEndpoint {
  /** `http://HOST:PORT`, where there is an endpoint. */
  readonly url: string | undefined;
  close(): Promise<void>;
}

/** Opens the endpoint that was asked for, or tells in one sentence why it cannot. */
export async function openMetricsEndpoint(
  { metrics, logFile }: Pick<MetricsOptions, "metrics" | "logFile">,
  { server, control, log, onFault }: {
    readonly server: Server;
    readonly control: Operator;
    readonly log: Log;
    readonly onFault: (fault: unknown) => void;
  },
): Promise<MetricsEndpoint | { readonly error: string }> {
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
