// The operator's log as a program reads it, and docs/operations.md against it.

import { assertEquals, assertMatch, assertNotMatch, assertStrictEquals } from "@std/assert";
import { logLine, openLog } from "../../../cli/serve/json_log.ts";
import { NO_LOG } from "../../../cli/serve/choose_log.ts";
import { LOG_FIELDS, LOG_LEVELS, LOG_WORDS, type LogEntry } from "../../../server/log_entry.ts";

const FAULT: LogEntry = { level: "error", what: "fault", details: { fault: "f" } };
const JOINED: LogEntry = {
  level: "info",
  what: "joined",
  details: { id: 1, name: "nina", address: "unix", dialect: "native" },
};

/** The entries of a file. */
function entries(path: string): Record<string, unknown>[] {
  return Deno.readTextFileSync(path).split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

async function inDirectory(test: (directory: string) => Promise<void>): Promise<void> {
  const directory = Deno.makeTempDirSync();
  try {
    await test(directory);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

Deno.test("openLog() writes time, level, what and then the fields, a line each", () =>
  inDirectory(async (directory) => {
    const path = `${directory}/log`;
    Deno.writeTextFileSync(path, "{}\n");
    const log = openLog(path);
    log.write(JOINED);
    log.write(FAULT);
    await log.close();
    const [before, joined = {}, fault] = entries(path);
    assertEquals(before, {}, "it appends");
    assertEquals(Object.keys(joined), [
      "time",
      "level",
      "what",
      ...Object.keys(JOINED.details),
    ]);
    assertMatch(`${joined.time}`, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const { time: _, ...rest } = fault ?? {};
    assertEquals(rest, { level: "error", what: "fault", fault: "f" });
    assertEquals(log.figures, { written: 2, lost: 0 });
  }));

Deno.test("openLog() leaves out what matters less than its level", () =>
  inDirectory(async (directory) => {
    const details = { address: "unix", listener: "unix:s" };
    const kept: Record<string, unknown> = {};
    for (const level of LOG_LEVELS) {
      const path = `${directory}/${level}`;
      const log = openLog(path, level);
      log.write({ level: "debug", what: "connected", details });
      log.write(JOINED);
      log.write({ level: "warning", what: "log_lost", details: { lines: 1 } });
      log.write(FAULT);
      await log.close();
      kept[level] = entries(path).map((entry) => entry.level);
    }
    assertEquals(kept, {
      debug: ["debug", "info", "warning", "error"],
      info: ["info", "warning", "error"],
      warning: ["warning", "error"],
      error: ["error"],
    });
  }));

Deno.test("Log.reopen() continues in a new file under the old name, as logrotate needs it", () =>
  inDirectory(async (directory) => {
    const path = `${directory}/log`;
    const log = openLog(path);
    log.write(JOINED);
    Deno.renameSync(path, `${path}.1`);
    assertStrictEquals(await log.reopen(), undefined);
    log.write(FAULT);
    await log.close();
    assertEquals(entries(`${path}.1`).map(({ what }) => what), ["joined"]);
    assertEquals(entries(path).map(({ what }) => what), ["fault"]);
  }));

Deno.test("Log.reopen() keeps the old file where its directory has vanished", () =>
  inDirectory(async (directory) => {
    Deno.mkdirSync(`${directory}/logs`);
    const log = openLog(`${directory}/logs/log`);
    Deno.renameSync(`${directory}/logs`, `${directory}/elsewhere`);
    assertMatch((await log.reopen())?.error ?? "", /^Cannot open the log again, .*No such file/);
    log.write(FAULT);
    await log.close();
    assertEquals(entries(`${directory}/elsewhere/log`).map(({ what }) => what), ["fault"]);
    assertEquals(log.figures, { written: 1, lost: 0 });
  }));

Deno.test("Log.write() neither throws nor waits when the disk is full", async () => {
  const log = openLog("/dev/full");
  for (let line = 0; line < 100; line++) log.write(JOINED);
  await log.close();
  assertEquals(log.figures, { written: 0, lost: 100 });
});

Deno.test("logLine() is one line of ASCII-safe JSON, whatever is in the fields (F67)", () => {
  const evil = '\n\r\0\u2028\u2029\u0085\x7f\x1b[2J\u202e\u200b\u{e0041}\ud800"\\';
  const line = logLine(0, { level: "error", what: "fault", fault: evil });
  assertStrictEquals(line.indexOf("\n"), line.length - 1);
  // deno-lint-ignore no-control-regex
  assertNotMatch(line.slice(0, -1), /[\0-\x1f\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  assertStrictEquals(JSON.parse(line).fault, evil);
  assertStrictEquals(JSON.parse(line).time, "1970-01-01T00:00:00.000Z");
});

Deno.test("Log.write() keeps an entry whose fields are no JSON", () =>
  inDirectory(async (directory) => {
    const log = openLog(`${directory}/log`);
    log.write({ level: "error", what: "fault", details: { fault: 1n } });
    await log.close();
    assertStrictEquals(entries(`${directory}/log`)[0]?.what, "fault");
  }));

Deno.test("No field of the log has the name of what every entry has", () => {
  const taken = Object.keys(LOG_FIELDS).filter((name) => ["time", "level", "what"].includes(name));
  assertEquals(taken, []);
});

Deno.test("A server without a log reopens and closes it just as well", async () => {
  assertStrictEquals(await NO_LOG.reopen(), undefined);
  await NO_LOG.close();
});

/** The rows of the first table after `heading` in docs/operations.md, without its header. */
function documented(heading: string): string[][] {
  const page = Deno.readTextFileSync(new URL("../../../docs/operations.md", import.meta.url));
  const [, section = ""] = page.split(`${heading}\n`);
  const rows = /(?:^\|.*\n)+/m.exec(section)?.[0].trim().split("\n").slice(2) ?? [];
  return rows.map((row) => row.slice(1, -1).split("|").map((cell) => cell.trim()));
}

function code(word: string): string {
  return `\`${word}\``;
}

Deno.test("docs/operations.md has every entry of the log with its level and fields", () => {
  const rows = Object.entries(LOG_WORDS).map(([word, row]) => {
    const sometimes = "sometimes" in row ? row.sometimes.map((field) => `${code(field)}?`) : [];
    const fields = [...row.fields.map(code), ...sometimes].join(", ");
    return [code(word), row.level, fields, row.means];
  });
  assertEquals(documented("### Entries").sort(), rows.sort());
});

Deno.test("docs/operations.md describes each field of the log", () => {
  const rows = Object.entries(LOG_FIELDS).map(([field, means]) => [code(field), means]);
  assertEquals(documented("### Fields").sort(), rows.sort());
});

/** The text of every source below `folder`, except the tables themselves. */
function sourceText(folder: string): string {
  const url = new URL(`../../../${folder}/`, import.meta.url);
  return [...Deno.readDirSync(url)].map(({ name, isDirectory }) => {
    if (isDirectory) return sourceText(`${folder}/${name}`);
    const isSource = name.endsWith(".ts") && name !== "log_entry.ts";
    return isSource ? Deno.readTextFileSync(new URL(name, url)) : "";
  }).join("");
}

Deno.test("Every kind of entry is written by some source, and every field belongs to an entry", () => {
  const sources = sourceText("cli") + sourceText("server");
  const unused = Object.keys(LOG_WORDS).filter((word) => !sources.includes(`what: "${word}"`));
  assertEquals(unused, []);
  const used = new Set<string>(
    Object.values(LOG_WORDS).flatMap((row) => [
      ...row.fields,
      ...("sometimes" in row ? row.sometimes : []),
    ]),
  );
  assertEquals(Object.keys(LOG_FIELDS).filter((field) => !used.has(field)), []);
});
