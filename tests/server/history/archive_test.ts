import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { Archive, type ArchiveRange, WHOLE_ARCHIVE } from "../../../server/history/archive.ts";
import { MIGRATIONS } from "../../../server/store/schema.ts";
import { appendMessage, DataDirectory, onDisk } from "./history_fixture.ts";

function open(data: DataDirectory): Archive {
  const archive = Archive.open(data.path);
  if ("error" in archive) throw new Error(archive.error);
  return archive;
}

/** All messages of a range, read page by page. */
function read(archive: Archive, range: Partial<ArchiveRange> = {}): string[] {
  const texts: string[] = [];
  let whole = { ...WHOLE_ARCHIVE, ...range };
  for (let page = archive.page(whole); page.length > 0; page = archive.page(whole)) {
    texts.push(...page.map(({ text }) => text));
    whole = { ...whole, after: page.at(-1)?.seq ?? Infinity };
  }
  return texts;
}

Deno.test("Archive reads ranges by number and by time, private messages only if asked", () => {
  using data = new DataDirectory();
  let now = 0;
  const history = onDisk(data.open(), { now: () => now });
  for (; now < 10; now++) appendMessage(history, { text: `m${now}` });
  appendMessage(history, {
    text: "psst",
    to: "@bob",
    audience: { kind: "people", serials: [1, 2] },
  });
  appendMessage(history, {
    text: "soup",
    to: "#cooks",
    audience: { kind: "group", serial: 3, sender: 1 },
  });
  const archive = open(data);
  assertStrictEquals(read(archive).length, 10);
  assertEquals(read(archive, { private: true }).slice(-2), ["psst", "soup"]);
  assertEquals(read(archive, { after: 3, upTo: 5 }), ["m3", "m4"]);
  assertEquals(read(archive, { from: 3, before: 5 }), ["m3", "m4"]);
  const { bytes, ...summary } = archive.summary();
  assert(bytes > 0);
  assertEquals(summary, {
    messages: 12,
    private: 2,
    oldest: { seq: 1, at: "1970-01-01T00:00:00.000Z" },
    newest: { seq: 12, at: "1970-01-01T00:00:00.010Z" },
    schema: MIGRATIONS.length,
  });
  archive.close();
});

Deno.test("Archive reads page by page while the server writes and purges", () => {
  using data = new DataDirectory();
  let now = 0;
  const store = data.open();
  const history = onDisk(store, { now: () => now });
  for (; now < 2_500; now++) appendMessage(history, { text: `m${now}` });
  const archive = open(data);
  const first = archive.page(WHOLE_ARCHIVE);
  assertStrictEquals(first.length, 1_000);
  appendMessage(history, { text: "meanwhile" });
  while (history.purge({ seq: 2_000 }));
  const after = first.at(-1)?.seq ?? 0;
  assertStrictEquals(archive.page({ ...WHOLE_ARCHIVE, after })[0]?.text, "m2000", "what is left");
  const rest = read(archive, { after });
  assertStrictEquals(rest.length, 501);
  assertStrictEquals(rest.at(-1), "meanwhile");
  // A reader that pauses between pages delays no checkpoint.
  const { busy } = store.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get() as { busy: number };
  assertStrictEquals(busy, 0);
  archive.close();
});

Deno.test("Archive of a history without messages is empty", () => {
  using data = new DataDirectory();
  data.open().close();
  const archive = open(data);
  assertEquals(read(archive, { private: true }), []);
  const { messages, oldest, newest } = archive.summary();
  assertEquals({ messages, oldest, newest }, {
    messages: 0,
    oldest: undefined,
    newest: undefined,
  });
  archive.close();
});
