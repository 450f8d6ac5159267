// Decides whether a server is fit to serve, for load balancers and watchdogs. Pure.

/** The state that health depends on. */
export interface HealthView {
  readonly stopping: boolean;
  /** Median lag of the event loop lately, in milliseconds. */
  readonly medianLagMs: number;
  /** Why messages cannot be stored; undefined if they can. */
  readonly storeProblem?: string | undefined;
}

/** Above this median lag, in milliseconds, people notice a delay of every line. */
export const MAX_MEDIAN_LAG_MS = 1_000;

/** Why the server is not fit to serve, one line each; empty if it is. */
export function healthProblems(view: HealthView): string[] {
  const { stopping, medianLagMs, storeProblem } = view;
  return [
    ...stopping ? ["The server is stopping"] : [],
    ...medianLagMs > MAX_MEDIAN_LAG_MS ? [`The event loop is ${medianLagMs} ms late`] : [],
    ...storeProblem === undefined ? [] : [`Messages cannot be stored: ${storeProblem}`],
  ];
}
