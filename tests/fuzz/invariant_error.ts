// What the fuzzer throws when it has found something.

/** A law of the server that does not hold. */
export class InvariantError extends Error {
  override name = "Broken";

  /** `law` is short and the same for the same kind of fault; `detail` says what was found. */
  constructor(readonly law: string, readonly detail: string) {
    super(`${law}: ${detail}`);
  }

  /** Whatever was thrown: an exception of the code under test breaks a law too. */
  static of(problem: unknown): InvariantError {
    if (problem instanceof InvariantError) return problem;
    if (!(problem instanceof Error)) throw problem;
    return new InvariantError(`exception ${problem.name}`, problem.stack ?? problem.message);
  }
}
