// How a function answers that it could not do what was asked: with an error message for a person. Pure.

/**
 * Why something was not done. A function with a result answers `Result | Problem`, one without
 * `Problem | undefined`; a peer of the chat gets a `Failure` with its code instead.
 */
export interface Problem {
  /** One line for a person: what is wrong, and what helps. */
  readonly error: string;
}
