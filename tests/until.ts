// Waiting in tests, with a deadline: for a condition, for a promise, or for one turn of the event
// loop.

import { setImmediate } from "node:timers";

/** Longest wait for anything that a test expects, in milliseconds. */
const DEADLINE_MS = 5_000;

/** Pause between two looks at a condition, in milliseconds. */
const PAUSE_MS = 2;

/** Resolves after one turn of the event loop: what was due has happened. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Waits until `condition` holds; throws after 5 s, and `what` says in the error what was expected. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Waited ${DEADLINE_MS} ms for this: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** The promise's value; rejects after 5 s, and `what` says in the error what was expected. */
export async function settledInTime<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`Waited ${DEADLINE_MS} ms for this: ${what}`)),
    DEADLINE_MS,
  );
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
