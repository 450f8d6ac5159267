// What the fuzzer throws when it has found something.

/** A law of the server that does not hold. */
export class Broken extends Error {
  override name = "Broken";

  /** `law` is short and the same for the same kind of fault; `detail` says what was found. */
  constructor(readonly law: string, readonly detail: string) {
    super(`${law}: ${detail}`);
  }
}
