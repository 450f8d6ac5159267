// The error that the fuzzer throws when it has found something.

/** An invariant of the program that is broken. */
export class InvariantError extends Error {
  override name = "Broken";

  /** `law` names the invariant, the same each time; `detail` says what was found. */
  constructor(readonly law: string, readonly detail: string) {
    super(`${law}: ${detail}`);
  }

  /** From any thrown value: an exception of the code under test breaks an invariant too. */
  static of(problem: unknown): InvariantError {
    if (problem instanceof InvariantError) return problem;
    if (!(problem instanceof Error)) throw problem;
    return new InvariantError(`exception ${problem.name}`, problem.stack ?? problem.message);
  }
}
