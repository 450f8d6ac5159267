// Whether a server is fit to serve, for load balancers and watchdogs. Pure.

/** What health depends on. */
export interface HealthView {
  readonly stopping: boolean;
  /** How late the event loop was lately, half the time, in milliseconds. */
  readonly medianLagMs: number;
  /** Why messages cannot be stored; nothing while they can. */
  readonly storeProblem?: string | undefined;
}

/** Half of all turns later than this, and people notice with every line, in milliseconds. */
export const MAX_MEDIAN_LAG_MS = 1_000;

/** Why the server is not fit to serve, a sentence each; none when it is. */
export function healthProblems(view: HealthView): string[] {
  const { stopping, medianLagMs, storeProblem } = view;
  return [
    ...stopping ? ["The server is stopping"] : [],
    ...medianLagMs > MAX_MEDIAN_LAG_MS ? [`The event loop is ${medianLagMs} ms late`] : [],
    ...storeProblem === undefined ? [] : [`Messages cannot be stored: ${storeProblem}`],
  ];
}
