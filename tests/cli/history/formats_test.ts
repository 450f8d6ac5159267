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

/** The offset of this machine's zone at a day of {@linkcode sent}. */
function zoneOf(day: number): string {
  const minutes = -new Date(2026, 10, day, 9, 5, 7).getTimezoneOffset();
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}

Deno.test("text is a line a message: when, in which zone (O6), who, to whom, what", () => {
  const [zone, next] = [zoneOf(22), zoneOf(23)];
  assertStrictEquals(
    written("text", ...SAID),
    `2026-11-22 09:05:07${zone} alice: hi
2026-11-22 09:05:07${zone} * alice waves
2026-11-22 09:05:07${zone} alice to bob (private): psst
2026-11-22 09:05:07${zone} alice@cooks: soup
2026-11-23 09:05:07${next} alice: next day
`,
  );
});

Deno.test("Markdown is a list for each day and its zone (O6)", () => {
  assertStrictEquals(
    written("md", ...SAID),
    `## 2026-11-22 (UTC${zoneOf(22)})

- 09:05:07 **alice**: hi
- 09:05:07 \\* **alice** waves
- 09:05:07 **alice to bob (private)**: psst
- 09:05:07 **alice\\@cooks**: soup

## 2026-11-23 (UTC${zoneOf(23)})

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

Deno.test("localTime() has the zone of the time it is given, on either side of UTC (O6)", async () => {
  const module = new URL("../../../cli/history/formats.ts", import.meta.url).href;
  const script = `import { localTime } from ${JSON.stringify(module)};
    for (const at of Deno.args) { const t = localTime(at); console.log(t.date, t.clock + t.zone); }`;
  const shown = async (TZ: string, ...at: string[]) => {
    const file = await Deno.makeTempFile({ suffix: ".ts" });
    await Deno.writeTextFile(file, script);
    const args = ["run", "--quiet", "--no-check", "--no-config", file, ...at];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args, env: { TZ } }).output();
    await Deno.remove(file);
    return new TextDecoder().decode(stdout).trim().split("\n");
  };
  assertEquals(await shown("Europe/Paris", "2026-07-01T12:00:00Z", "2026-12-01T12:00:00Z"), [
    "2026-07-01 14:00:00+02:00",
    "2026-12-01 13:00:00+01:00",
  ]);
  assertEquals(await shown("America/St_Johns", "2026-12-01T12:00:00Z"), [
    "2026-12-01 08:30:00-03:30",
  ]);
});
