// Converts thrown values to text.

/** The message of an Error, or the value as text: a `catch` may receive any type. */
export function errorText(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}

/**
 * The same without what the runtime appends to the system's message, such as
 * ` (os error 2): readfile 'FILE'`: for an error message that names the file itself.
 */
export function systemErrorText(problem: unknown): string {
  return errorText(problem).replace(/ \(os error \d+\).*$/s, "");
}
