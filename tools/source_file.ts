// Reads one TypeScript source as far as the tests of the sources need it: which characters are
// code, comments and literals, and what the source imports. Pure.

/** One `import`, `export ... from` or `import()`. */
export interface Import {
  /** The imported module, as written; "" if computed at run time. */
  readonly specifier: string;
  /** Line of the specifier, from 1. */
  readonly line: number;
  /** Whether it imports only types. */
  readonly typeOnly: boolean;
  /** Whether it is an `import()` call. */
  readonly dynamic: boolean;
  /** Whether it is `import * as`. */
  readonly isNamespace: boolean;
}

/** A source and its parts. */
export interface SourceFile {
  /** Path from the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** The text with comments and the insides of strings and regular expressions turned to spaces. */
  readonly code: string;
  /** The text with comments alone turned to spaces. */
  readonly uncommented: string;
  /** Comments whole, and the insides of strings and regular expressions, in the order of the text. */
  readonly spans: readonly TextSpan[];
  readonly imports: readonly Import[];
}

/** Part of a text that is not code. */
export interface TextSpan {
  /** Offset of its first character. */
  readonly start: number;
  /** Offset after its last character. */
  readonly end: number;
  readonly kind: "comment" | "string" | "regexp";
}

/** Parses `text`; `path` is not opened. */
export function sourceFile(path: string, text: string): SourceFile {
  const found = [...spans(text)];
  const code = erase(text, found);
  const uncommented = erase(text, found.filter(({ kind }) => kind === "comment"));
  return { path, text, code, uncommented, spans: found, imports: importsOf(code, text) };
}

/** Line number, from 1, of the character at `offset`. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** One token of {@linkcode spans}; its first characters show its kind. */
const TOKEN =
  /\/\/[^\n]*|\/\*[^]*?\*\/|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'|[`/{}]|[\w$]+|[^\s]/g;

/** A `/` after one of these begins a regular expression; after anything else it divides. */
const REGEXP_MAY_FOLLOW =
  /^(?:[(,=:[!&|?{};+\-*%<>~^]|return|typeof|case|in|of|await|void|delete|do|else)$/;
const REGEXP_LITERAL = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\//y;
const TEMPLATE_TEXT = /(?:\\[^]|\$(?!\{)|[^`\\$])*/y;

/** Finds the parts that are not code: comments whole, literals without their delimiters. */
function* spans(text: string): Generator<TextSpan> {
  const token = new RegExp(TOKEN);
  const braces: ("block" | "template")[] = [];
  let before = ";";
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [word] = match;
    const start = match.index;
    if (word.startsWith("//") || word.startsWith("/*")) {
      yield { start, end: token.lastIndex, kind: "comment" };
      continue;
    }
    const closesTemplate = word === "}" && braces.pop() === "template";
    if (word === "`" || closesTemplate) {
      const end = endOf(TEMPLATE_TEXT, text, start + 1);
      yield { start: start + 1, end, kind: "string" };
      if (text[end] === "$") braces.push("template");
      token.lastIndex = end + (text[end] === "$" ? 2 : 1);
    } else if (word === "{") {
      braces.push("block");
    } else if (word === "/" && REGEXP_MAY_FOLLOW.test(before)) {
      const end = endOf(REGEXP_LITERAL, text, start);
      if (end > start) yield { start: start + 1, end: end - 1, kind: "regexp" };
      token.lastIndex = Math.max(end, start + 1);
    } else if (word.length > 1 && (word[0] === '"' || word[0] === "'")) {
      yield { start: start + 1, end: token.lastIndex - 1, kind: "string" };
    }
    before = closesTemplate || word === "`" ? text[token.lastIndex - 1] ?? "" : word;
  }
}

/** Offset where the sticky `pattern`, matched at `start`, ends; `start` if it does not match. */
function endOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : start;
}

/** Turns the characters of `spans` to spaces; line ends and offsets stay as they were. */
function erase(text: string, spans: readonly TextSpan[]): string {
  let out = "";
  let from = 0;
  for (const { start, end } of spans) {
    out += text.slice(from, start) + text.slice(start, end).replace(/[^\n]/g, " ");
    from = end;
  }
  return out + text.slice(from);
}

/** The clause between `import` or `export` and `from` holds nothing that ends a statement. */
const STATIC_IMPORT =
  /(?<![\w$.])(?:(?:import|export)\s+([\w$*{][\w$\s,{}*]*?)\s*\bfrom|import)\s*(?=["'])/g;
const DYNAMIC_IMPORT = /(?<![\w$.])import\s*\(\s*/g;

function importsOf(code: string, text: string): Import[] {
  const found: Import[] = [];
  for (const match of code.matchAll(STATIC_IMPORT)) {
    const at = match.index + match[0].length;
    found.push({
      specifier: literalAt(code, text, at),
      line: lineAt(text, at),
      typeOnly: isTypeOnly(match[1] ?? ""),
      dynamic: false,
      isNamespace: /^\*\s*as\b/.test(match[1] ?? ""),
    });
  }
  for (const match of code.matchAll(DYNAMIC_IMPORT)) {
    const at = match.index + match[0].length;
    found.push({
      specifier: literalAt(code, text, at),
      line: lineAt(text, at),
      typeOnly: false,
      dynamic: true,
      isNamespace: false,
    });
  }
  return found.sort((a, b) => a.line - b.line);
}

/** Whether `clause` is `type {...}`, or braces in which each name has `type` before it. */
function isTypeOnly(clause: string): boolean {
  if (/^type\s+[\w$*{]/.test(clause)) return true;
  const names = /^\{([^}]*)\}$/.exec(clause.trim())?.[1];
  if (names === undefined) return false;
  const each = names.split(",").map((name) => name.trim()).filter((name) => name !== "");
  return each.length > 0 && each.every((name) => /^type\s/.test(name));
}

/** The text of the string literal at offset `at`; "" if there is none. */
function literalAt(code: string, text: string, at: number): string {
  const quote = code[at];
  if (quote !== '"' && quote !== "'" && quote !== "`") return "";
  const end = code.indexOf(quote, at + 1);
  // A template with a substitution shows its `${` in the code.
  const inside = code.slice(at + 1, end);
  return inside.trim() === "" ? text.slice(at + 1, end) : "";
}
