// The result of a function that could not do what was asked: an error message for a person.

/**
 * An expected failure. A function with a result returns `Result | Problem`, one without returns
 * `Problem | undefined`; a client of the chat gets a `Failure`, which has a code, instead.
 */
export interface Problem {
  /** One line for a person: what is wrong, and what helps. */
  readonly error: string;
}
