import { assertEquals, assertStrictEquals } from "@std/assert";
import { marked } from "marked";
import fc from "../../fast_check.ts";
import { FORMAT_NAMES, formatterFor, type HistoryFormat } from "../../../cli/history/formats.ts";
import type { MessageEvent } from "../../../protocol/events.ts";
import { visible } from "../../../protocol/sanitize.ts";
import { EN } from "../../../texts/en.ts";

/** A message at that time in the machine's time zone. */
function sent(text: string, more: Partial<MessageEvent> = {}, day = 22): MessageEvent {
  const at = new Date(2026, 10, day, 9, 5, 7).toISOString();
  return { type: "message", seq: 1, at, from: "alice", text, ...more };
}

function written(format: HistoryFormat, ...messages: MessageEvent[]): string {
  return messages.map(formatterFor(format, EN.events)).join("");
}

const SAID = [
  sent("hi"),
  sent("waves", { action: true }),
  sent("psst", { to: "@bob" }),
  sent("soup", { to: "#cooks" }),
  sent("next day", {}, 23),
];

Deno.test("text is a line a message: when, who, to whom, what", () => {
  assertStrictEquals(
    written("text", ...SAID),
    `2026-11-22 09:05:07 alice: hi
2026-11-22 09:05:07 * alice waves
2026-11-22 09:05:07 alice to bob (private): psst
2026-11-22 09:05:07 alice@cooks: soup
2026-11-23 09:05:07 alice: next day
`,
  );
});

Deno.test("Markdown is a list for each day", () => {
  assertStrictEquals(
    written("md", ...SAID),
    `## 2026-11-22

- 09:05:07 **alice**: hi
- 09:05:07 \\* **alice** waves
- 09:05:07 **alice to bob (private)**: psst
- 09:05:07 **alice\\@cooks**: soup

## 2026-11-23

- 09:05:07 **alice**: next day
`,
  );
});

Deno.test("JSON is the message events of native, a line each", () => {
  const lines = written("json", ...SAID).trimEnd().split("\n");
  assertEquals(lines.map((line) => JSON.parse(line)), SAID);
});

Deno.test("no format lets anything through that a terminal obeys, nor a second line (F10, F15)", () => {
  const bad = "a\x1b[2Jb\nc\rd\u202ee\u2028f\x9bg\0";
  for (const format of FORMAT_NAMES) {
    const [line = "", ...more] = written(format, sent(bad, { from: bad, to: `@${bad}` }))
      .replace(/^## .*\n\n/, "").split("\n");
    assertEquals(more, [""], format);
    assertStrictEquals(visible(line), line, format);
  }
});

/** What Markdown shows: the text of one item, without its tags. */
function shown(html: string): string {
  return html.replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'").replaceAll("&amp;", "&").trim();
}

Deno.test("Markdown shows every text as it was sent, without any markup", () => {
  const piece = fc.constantFrom(
    ...[
      "*",
      "**",
      "_",
      "`",
      "```",
      "[a](b)",
      "![a](b)",
      "<b>",
      "</ul>",
      "<!--",
      "&amp;",
      "&",
      "\\",
    ],
    ...[
      "# a",
      "- a",
      "1. a",
      "> a",
      "~~",
      "|",
      "| a |",
      "$x$",
      "a",
      "\\*",
      "[x]",
      "http://a.b/_c_",
    ],
    ...["    a", "===", "www.a.b/_c_", "a_b@c.de", "ftp://a_b_", "WWW.a_b_.c"],
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), fc.boolean(), (pieces, spaced) => {
      const text = pieces.join(spaced ? " " : "").trim();
      const html = marked.parse(written("md", sent(text)), { async: false });
      const item = /<li>(.*)<\/li>/s.exec(html)?.[1] ?? "";
      assertStrictEquals(
        shown(item).replace(/\s+/g, " "),
        `09:05:07 alice: ${text}`.replace(/\s+/g, " "),
      );
      const tags = [...html.matchAll(/<\/?(\w+)/g)].map((match) => match[1]);
      const allowed = ["h2", "ul", "li", "strong"];
      assertEquals(tags.filter((tag) => !allowed.includes(tag ?? "")), [], html);
    }),
  );
});
