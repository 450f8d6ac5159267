// Types of the functions of @std/assert that are used here, as in its own source: code that these
// accept, the original accepts too. Every `msg` becomes part of the error message.

/** Thrown by every failed assertion. */
export class AssertionError extends Error {
  constructor(message: string, options?: ErrorOptions);
}

/** Throws unless `expr` is truthy. */
export function assert(expr: unknown, msg?: string): asserts expr;

/** Throws always. */
export function fail(msg?: string): never;

/**
 * Compares deeply: prototypes, own enumerable keys (a key that is undefined differs from a missing one),
 * elements of arrays, typed arrays, sets and maps. 0 equals -0, NaN equals NaN, and an object without
 * a prototype equals a plain one.
 */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void;

/** Throws where {@linkcode assertEquals} does not. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void;

/** Compares by `Object.is()`: objects by identity, 0 differs from -0, NaN equals NaN. */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T;

/** Throws where {@linkcode assertStrictEquals} does not. */
export function assertNotStrictEquals<T>(actual: T, expected: T, msg?: string): void;

/** Throws unless `expected` is found in `actual`. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void;

/** Throws if `expected` is found in `actual`. */
export function assertNotMatch(actual: string, expected: RegExp, msg?: string): void;

/** Throws unless `fn` throws; returns what it threw. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;

/** Throws unless `fn` throws an `ErrorClass` whose message has `msgIncludes` in it; returns it. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: abstract new (...args: never[]) => E,
  msgIncludes?: string,
  msg?: string,
): E;

/** Rejects unless the promise that `fn` returns rejects; resolves to the reason. */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;

/**
 * Rejects unless the promise that `fn` returns rejects with an `ErrorClass` whose message has
 * `msgIncludes` in it; resolves to it.
 */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: abstract new (...args: never[]) => E,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
