// The line with which a client of `plain` gives its name: alone, after a verb of some other
// protocol, or in front of its first message; and such a client's later lines. Pure.

/** What a client without a name means by a line. */
export type NameLine =
  /** `text`: a first message; `byVerb`: its later messages may begin with a verb too. */
  | { readonly kind: "name"; readonly name: string; readonly text?: string; byVerb: boolean }
  /** A word with which people and programs find out what this is. */
  | { readonly kind: "help" }
  | { readonly kind: "quit" };

/** What a client that gave its name by a verb means by a line. */
export type VerbLine =
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "who" }
  | { readonly kind: "quit" };

const NAMING = "nick|nickname|user|username|name|nom|pseudo|login|join|register";
const NAMING_REGEXP = new RegExp(`^(?:${NAMING})(?:\\s*[:=]\\s*|\\s+)(\\S+)$`, "i");

/** `carl: text`, `carl : text`, `<carl> text` and `[carl] text`. */
const PREFIXED_REGEXP = /^(?:<([^\s<>]+)>|\[([^\s[\]]+)\]|([^\s:<>[\]]+) ?:) +(\S.*)$/s;

/** Words that are no names: what scanners and health checks send first, and people who look for help. */
const HELP_REGEXP =
  /^(help|aide|\?|ping|info|stats|status|version|noop|capabilities|(ehlo|helo)( \S+)?)$/i;
const QUIT_REGEXP = /^(quit|exit|bye|logout)$/i;

// In capitals, since these words also begin or are what people write.
const SAYING_REGEXP = /^(?:MSG|msg|MESSAGE|SAY|SEND|TEXT|CHAT|TALK)(?:\s*:\s*|\s+)(\S.*)$/s;
const WHO_REGEXP = /^(WHO|LIST|USERS|NAMES)$/;
const LEAVING_REGEXP = /^(QUIT|EXIT|BYE|LOGOUT)$/;

/** What a client without a name means by a line. */
export function parseNameLine(line: string): NameLine {
  const text = line.trim();
  if (HELP_REGEXP.test(text)) return { kind: "help" };
  if (QUIT_REGEXP.test(text)) return { kind: "quit" };
  const [, named] = NAMING_REGEXP.exec(text) ?? [];
  if (named !== undefined) return { kind: "name", name: named, byVerb: true };
  const [, angled, squared, bare, said] = PREFIXED_REGEXP.exec(text) ?? [];
  const author = angled ?? squared ?? bare;
  if (author !== undefined && said !== undefined) {
    return { kind: "name", name: author, text: said, byVerb: false };
  }
  return { kind: "name", name: text, byVerb: false };
}

/**
 * A text without the sender's own name in front of it (`carl: text`, `<carl> text`): readers are
 * shown the name anyway (J6).
 */
export function withoutOwnName(text: string, name: string): string {
  const isBracketed = text[0] === "<" || text[0] === "[";
  if (!text.startsWith(name, isBracketed ? 1 : 0)) return text;
  const [, , , bare, said] = PREFIXED_REGEXP.exec(text) ?? [];
  if (said === undefined) return text;
  return (bare ?? text.slice(1, 1 + name.length)) === name ? said : text;
}

/** What a client that gave its name by a verb means by a line. */
export function parseVerbLine(line: string): VerbLine {
  const text = line.trim();
  if (LEAVING_REGEXP.test(text)) return { kind: "quit" };
  if (WHO_REGEXP.test(text)) return { kind: "who" };
  return { kind: "say", text: SAYING_REGEXP.exec(text)?.[1] ?? line };
}
