// The texts of the checks of clients and of the report: each step has a title, and each text is
// used.

import { assert, assertEquals } from "@std/assert";
import { clientSuite } from "../../check/client/client_suites.ts";
import { DIALECT_NAMES } from "../../protocol/dialects.ts";
import { EN } from "../../texts/en.ts";

const ROOT = new URL("../../", import.meta.url);

const { titles, ...clientTexts } = EN.clientChecks;

const suites = DIALECT_NAMES.map((name) => ({ name, ...clientSuite(name, EN.clientChecks) }));

/** The sources of a folder as one text. */
function sourcesOf(folder: string): string {
  return [...Deno.readDirSync(new URL(folder, ROOT))].filter(({ isFile }) => isFile)
    .map(({ name }) => Deno.readTextFileSync(new URL(folder + name, ROOT))).join("\n");
}

/** Those texts of a group that no source reads, as `group.name` or by `{ name } = ... .group`. */
function unused(group: string, names: object, sources: string): string[] {
  return Object.keys(names).filter((name) => {
    const reads = [`\\b${group}\\.${name}\\b`, `\\{[^}]*\\b${name}\\b[^}]*\\} = [^;]*\\b${group};`];
    return !new RegExp(reads.join("|")).test(sources);
  }).map((name) => `${group}.${name}`);
}

Deno.test("Each step of a client's check has a title and each title a step", () => {
  for (const { name, steps } of suites) {
    for (const { check: { id, title } } of steps) {
      assert(title.length > id.length, `${name} ${id}`);
    }
    const ids = steps.map(({ check }) => check.id);
    assertEquals(Object.keys(titles[name]).filter((id) => !ids.includes(id)), [], name);
  }
  const all = suites.flatMap(({ steps }) => steps.map(({ check }) => check.id));
  assertEquals(Object.keys(titles.ending).filter((id) => !all.includes(id)), []);
});

Deno.test("Each text of the checks of clients is used", () => {
  const sources = sourcesOf("check/") + sourcesOf("check/client/") +
    sourcesOf("cli/check/");
  const groups = Object.entries(clientTexts);
  assertEquals(groups.flatMap(([group, texts]) => unused(group, texts, sources)), []);
});

Deno.test("Each text of the report is used", () => {
  const sources = sourcesOf("check/report/") + sourcesOf("cli/check/");
  assertEquals(unused("(?:texts|checkReport)", EN.checkReport, sources), []);
});
