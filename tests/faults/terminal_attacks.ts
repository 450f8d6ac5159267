// Texts with which a client attacks other clients' terminals, and every request that can hold them.

import type { DialectName } from "../../protocol/dialect.ts";
import { phrasesOf } from "../dialect_phrases.ts";

/** Characters that move a cursor, change a colour, reorder a line or hide in one, by effect. */
export const ATTACKS: Readonly<Record<string, string>> = {
  "clear screen": "\x1b[2J\x1b[H",
  "window title": "\x1b]0;owned\x07",
  "hyperlink": "\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\",
  "clipboard": "\x1b]52;c;b3duZWQ=\x07",
  "DCS": "\x1bP$q q\x1b\\",
  "APC": "\x1b_Gi=1;AAAA\x1b\\",
  "CSI as U+009B": "\x9b2J",
  "OSC as U+009D": "\x9d0;owned\x9c",
  "bell and backspaces": "\x07" + "\b".repeat(80),
  "return": "fake\rline",
  "DEL": "a\x7fb",
  "shift out": "\x0e\x0f",
  "override": "\u202egnp.exe\u202c",
  "isolate": "\u2066a\u2069\u2067b\u2069",
  "direction marks": "\u200ea\u200fb\u061c",
  "zero width space and BOM": "a\u200bb\ufeffc",
  "soft hyphen": "a\u00adb",
  "tags": "a\u{e0041}\u{e007f}b",
  "separators": "a\u2028b\u2029c",
};
/** A flood of combining marks on one letter. */
export const MARKS = "e" + "\u0301".repeat(1000);

/** Every request of that dialect in which `text` might reach another client. */
export function attempts(dialect: DialectName, text: string): (string | Uint8Array)[] {
  if (dialect === "usermsg") return [`MSG ${text}\n`, `USER ${text}\n`, `${text}\n`];
  if (dialect === "framed") {
    const { rename, say } = phrasesOf(dialect);
    return [say(text), rename(text), rename(`a${text}`)];
  }
  if (dialect === "etx") {
    return [
      `b x${text}\n`,
      `s native-ear ${text}\n`,
      `s framed-ear ${text}\n`,
      `s etx-ear ${text}\n`,
      `s a${text} hello\n`,
      `n a${text}\n`,
      `j g${text}\n`,
      `p g${text}\n`,
      `l g${text}\n`,
      `h${text}\n`,
      `x${text}\n`,
    ];
  }
  if (dialect === "plain") {
    return [
      `x${text}\n`,
      `@native-ear ${text}\n`,
      `@usermsg-ear ${text}\n`,
      `@plain-ear ${text}\n`,
      `@etx-ear ${text}\n`,
      `@framed-ear ${text}\n`,
      `/me ${text}\n`,
      `/name a${text}\n`,
      `/join g${text}\n`,
      `/leave g${text}\n`,
      `/x${text}\n`,
      `/history ${text}\n`,
      `@a${text} hello\n`,
      `/quit-${text}\n`,
    ];
  }
  return [
    { type: "say", text },
    { type: "say", text, action: true },
    { type: "say", text, to: "@plain-ear" },
    { type: "say", text: "x", to: `@${text}` },
    { type: "say", text: "x", to: text },
    { type: "rename", name: text },
    { type: "rename", name: `a${text}` },
    { type: "join", group: text },
    { type: "leave", group: text },
    { type: text },
    { type: "history", since: text },
    { type: "history", limit: text, ref: text.slice(0, 60) },
    { type: "hello", name: text, version: text },
    { type: "ping", [text]: text },
  ].map((request) => JSON.stringify(request) + "\n");
}
