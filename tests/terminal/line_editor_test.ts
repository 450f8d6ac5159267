import { assertEquals, assertStrictEquals } from "@std/assert";
import type { Completion } from "../../terminal/tab_completion.ts";
import { KeyDecoder } from "../../terminal/keys.ts";
import { type EditorEvent, LineEditor, MAX_LINE_BYTES } from "../../terminal/line_editor.ts";

const CTRL_A = "\x01";
const CTRL_D = "\x04";
const CTRL_E = "\x05";
const CTRL_K = "\x0b";
const CTRL_U = "\x15";
const CTRL_W = "\x17";
const CTRL_Y = "\x19";
const LEFT = "\x1b[D";
const RIGHT = "\x1b[C";
const UP = "\x1b[A";
const DOWN = "\x1b[B";
const BACKSPACE = "\x7f";
const DELETE = "\x1b[3~";

/** Types into the editor; returns the event of the last key. */
function type(editor: LineEditor, input: string): EditorEvent {
  let event: EditorEvent = { kind: "none" };
  for (const key of new KeyDecoder().feed(new TextEncoder().encode(input))) {
    event = editor.press(key);
  }
  return event;
}

/** The line with the cursor drawn as a bar. */
function shown(editor: LineEditor): string {
  return editor.text.slice(0, editor.cursor) + "|" + editor.text.slice(editor.cursor);
}

const EDITS: readonly (readonly [what: string, input: string, shown: string])[] = [
  ["typing", "hello", "hello|"],
  ["typing in the middle", `ho${LEFT}ell`, "hell|o"],
  ["backspace", `ab${BACKSPACE}`, "a|"],
  ["backspace at the start", `a${CTRL_A}${BACKSPACE}`, "|a"],
  ["backspace over a wide character", `a界${BACKSPACE}`, "a|"],
  ["backspace over a letter and its mark", `ae\u0301${BACKSPACE}`, "a|"],
  ["backspace over a family", `a👨‍👩‍👧${BACKSPACE}`, "a|"],
  ["left over a flag", `a🇫🇷🇩🇪${LEFT}`, "a🇫🇷|🇩🇪"],
  ["left at the start, right at the end", `a${LEFT}${LEFT}${RIGHT}${RIGHT}`, "a|"],
  ["delete", `abc${CTRL_A}${DELETE}`, "|bc"],
  ["delete at the end", `abc${DELETE}`, "abc|"],
  ["delete a family", `👨‍👩‍👧b${CTRL_A}${DELETE}`, "|b"],
  ["Ctrl-D deletes forward", `abc${CTRL_A}${CTRL_D}`, "|bc"],
  ["Ctrl-D at the end of a line does nothing", `abc${CTRL_D}`, "abc|"],
  ["home and end", "b\x1b[Ha\x1b[Fc", "abc|"],
  ["Ctrl-A and Ctrl-E", `b${CTRL_A}a${CTRL_E}c`, "abc|"],
  ["Ctrl-B and Ctrl-F", "ab\x02\x02\x06x", "ax|b"],
  ["Ctrl-W to the blank", `/msg é-b.c  ${CTRL_W}`, "/msg |"],
  ["Alt-Backspace to the punctuation", "/msg a-b.c  \x1b\x7f", "/msg a-b.|"],
  ["Alt-B", "one two, \x1bb", "one |two, "],
  ["Ctrl-Left twice", "one two\x1b[1;5D\x1b[1;5D", "|one two"],
  ["Alt-F", `one two${CTRL_A}\x1bf`, "one| two"],
  ["Alt-F to the end", `one two${CTRL_A}\x1bf\x1bf\x1bf`, "one two|"],
  ["Alt-D", `one two${CTRL_A}\x1bd`, "| two"],
  ["words of other scripts", `été 世界 e\u0301a\x1bb\x1bb`, `été |世界 e\u0301a`],
  ["Ctrl-U", `abc${LEFT}${CTRL_U}`, "|c"],
  ["Ctrl-K", `abc${LEFT}${CTRL_K}`, "ab|"],
  ["Ctrl-Y brings back", `one two${CTRL_W}x${CTRL_Y}`, "one xtwo|"],
  [
    "Ctrl-Y brings back kills in a row as one",
    `a b c${CTRL_W}${CTRL_W}${CTRL_Y}${CTRL_Y}`,
    "a b cb c|",
  ],
  ["kills back and forth", `ab cd${LEFT}${LEFT}${CTRL_K}${CTRL_U}${CTRL_Y}`, "ab cd|"],
  ["another key between kills separates them", `a b${CTRL_W}${LEFT}${CTRL_K}${CTRL_Y}`, "a |"],
  ["a kill of nothing keeps what was killed", `ab${CTRL_U}x${CTRL_K}${CTRL_Y}`, "xab|"],
  ["Ctrl-Y with nothing killed", CTRL_Y, "|"],
  ["a paste in the middle", `ad${LEFT}\x1b[200~b\rc\x1b[201~`, "ab\nc|d"],
  ["left over a pasted newline", `\x1b[200~a\nb\x1b[201~${LEFT}${LEFT}x`, "ax|\nb"],
  ["a mark typed into the middle stays with its letter", `ab${LEFT}\u0301`, "a\u0301|b"],
  ["a letter typed before a lone mark takes it", `\u0301${CTRL_A}e`, "e|\u0301"],
  ["a family typed before an emoji", `👍${LEFT}👨‍👩‍👧`, "👨‍👩‍👧|👍"],
  ["backspace after a family typed before an emoji", `👍${LEFT}👨‍👩‍👧${BACKSPACE}`, "|👍"],
  [
    "removing what parted a letter and a mark",
    `\x1b[200~a\n\u0301\x1b[201~${LEFT}${BACKSPACE}`,
    "a\u0301|",
  ],
  ["keys without a meaning", "a\x1a\x11\x1b[24~b\x1b", "ab|"],
];

Deno.test("LineEditor.press() edits text the way the keys say", () => {
  for (const [what, input, expected] of EDITS) {
    const editor = new LineEditor();
    type(editor, input);
    assertStrictEquals(shown(editor), expected, what);
  }
});

Deno.test("LineEditor.press() hands out the line at Enter and starts an empty one", () => {
  const editor = new LineEditor();
  assertEquals(type(editor, `hello${CTRL_A}\r`), { kind: "submit", text: "hello" });
  assertStrictEquals(shown(editor), "|");
  assertEquals(type(editor, "\r"), { kind: "submit", text: "" });
});

Deno.test("LineEditor.press() never takes a pasted newline for Enter", () => {
  const editor = new LineEditor();
  assertEquals(type(editor, "\x1b[200~a\nb\n\x1b[201~"), { kind: "none" });
  assertEquals(type(editor, "\r"), { kind: "submit", text: "a\nb\n" });
});

Deno.test("LineEditor.press() ends at Ctrl-D on an empty line only", () => {
  const editor = new LineEditor();
  assertEquals(type(editor, `a${CTRL_D}`), { kind: "none" });
  assertEquals(type(editor, `${BACKSPACE}${CTRL_D}`), { kind: "eof" });
});

Deno.test("LineEditor.press() drops the line at Ctrl-C and keeps it at Ctrl-L", () => {
  const editor = new LineEditor();
  assertEquals(type(editor, "abc\x0c"), { kind: "clear" });
  assertStrictEquals(shown(editor), "abc|");
  assertEquals(type(editor, "\x03"), { kind: "interrupt" });
  assertStrictEquals(shown(editor), "|");
});

Deno.test("LineEditor.press() walks the history and keeps the draft", () => {
  const editor = new LineEditor();
  type(editor, "one\rtwo\rdraft");
  const seen = [UP, UP, UP, "\x10", DOWN, "\x0e", DOWN].map((key) => {
    type(editor, key);
    return shown(editor);
  });
  assertEquals(seen, ["two|", "one|", "one|", "one|", "two|", "draft|", "draft|"]);
});

Deno.test("LineEditor.press() enters an edited line of the history as a new one", () => {
  const editor = new LineEditor();
  type(editor, "one\rtwo\r");
  assertEquals(type(editor, `${UP}${UP}!\r`), { kind: "submit", text: "one!" });
  type(editor, UP);
  assertStrictEquals(shown(editor), "one!|");
  type(editor, `${UP}${UP}`);
  assertStrictEquals(shown(editor), "one|");
});

Deno.test("LineEditor.press() forgets the place in the history at Ctrl-C", () => {
  const editor = new LineEditor();
  type(editor, `one\rtwo\r${UP}${UP}\x03${UP}`);
  assertStrictEquals(shown(editor), "two|");
});

function completer(candidates: readonly string[]): (line: string, cursor: number) => Completion {
  return (line, cursor) => {
    const from = line.lastIndexOf(" ", cursor - 1) + 1;
    const word = line.slice(from, cursor).toLowerCase();
    return {
      from,
      candidates: candidates.filter((candidate) => candidate.toLowerCase().startsWith(word)),
    };
  };
}

Deno.test("LineEditor.press() inserts the only completion and keeps what follows", () => {
  const editor = new LineEditor(completer(["/who ", "@alice "]));
  assertEquals(type(editor, "/w\t"), { kind: "none" });
  assertStrictEquals(shown(editor), "/who |");
  type(editor, `!${LEFT}@A\t`);
  assertStrictEquals(shown(editor), "/who @alice |!");
});

Deno.test("LineEditor.press() inserts what several completions share and lists them", () => {
  const editor = new LineEditor(completer(["@Alice", "@Alina", "@bob"]));
  assertEquals(type(editor, "@a\t"), { kind: "list", candidates: ["@Alice", "@Alina"] });
  assertStrictEquals(shown(editor), "@Ali|");
  assertEquals(type(editor, "\t"), { kind: "list", candidates: ["@Alice", "@Alina"] });
  assertStrictEquals(shown(editor), "@Ali|");
});

Deno.test("LineEditor.press() never shortens a word by completing it", () => {
  const editor = new LineEditor(() => ({ from: 0, candidates: ["abc", "xyz"] }));
  assertStrictEquals(type(editor, "ab\t").kind, "list");
  assertStrictEquals(shown(editor), "ab|");
});

Deno.test("LineEditor.press() rings when there is no completion, and ignores Tab without any", () => {
  assertEquals(type(new LineEditor(completer([])), "a\t"), { kind: "refused" });
  assertEquals(type(new LineEditor(), "a\t"), { kind: "none" });
});

Deno.test("LineEditor.press() takes a line of exactly the cap and not a byte more", () => {
  const editor = new LineEditor(() => ({ from: MAX_LINE_BYTES, candidates: ["x"] }));
  assertEquals(type(editor, `\x1b[200~${"x".repeat(MAX_LINE_BYTES)}\x1b[201~`), {
    kind: "none",
  });
  assertEquals(type(editor, "y"), { kind: "refused" });
  assertEquals(type(editor, "\t"), { kind: "refused" });
  assertStrictEquals(editor.text, "x".repeat(MAX_LINE_BYTES));
});

Deno.test("LineEditor.press() keeps the beginning of a paste that does not fit, in whole characters", () => {
  const editor = new LineEditor();
  const paste = "x".repeat(MAX_LINE_BYTES - 9) + "👨‍👩‍👧👨‍👩‍👧";
  assertEquals(type(editor, `\x1b[200~${paste}\x1b[201~`), { kind: "refused" });
  assertStrictEquals(editor.text, "x".repeat(MAX_LINE_BYTES - 9));
});
