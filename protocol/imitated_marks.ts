// Finds texts that imitate a mark of the server, such as [private] or (private), so that they are
// sent after a backslash: no text can look like what it is not (A10).

/** Spaces and invisible characters at the start of a text. */
const START = String.raw`^[\s\p{Default_Ignorable_Code_Point}\p{M}\u2800]*`;

/** Square brackets, and those of other scripts that look like them. */
const SQUARE = "\\[⁅⌈⌊⎡❲⟦⟬⦋⦍⦏⦗⸢⹕⹗【〔〖〘〚﹝［";

/** What can follow a sender's name, and its look-alikes: a parenthesis, `@`, a colon. */
const AFTER_SENDER = "(⁽₍❨❪⟮⦅﹙（｟@﹫＠:∶꞉︓﹕：";

const SQUARE_REGEXP = new RegExp(`${START}[${SQUARE}]`, "u");

const SENDER_REGEXP = new RegExp(`${START}[${SQUARE}${AFTER_SENDER}]`, "u");

/** Whether an action's text could be taken for a part of its sender: `(private)`, `@cooks`. */
export function imitatesSender(text: string): boolean {
  return SENDER_REGEXP.test(text);
}

/**
 * The text, after a backslash if it begins with a square bracket: for dialects whose marks are
 * `[private]` and `[#cooks]`.
 */
export function unmarked(text: string): string {
  return SQUARE_REGEXP.test(text) ? `\\${text}` : text;
}
