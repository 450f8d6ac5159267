// Reads Prometheus' text format 0.0.4 strictly by its specification; throws at the first line that
// breaks a rule.

import {
  assert,
  assertMatch,
  assertNotMatch,
  assertNotStrictEquals,
  assertStrictEquals,
} from "@std/assert";

/** A parsed family of metrics. */
export interface ReadFamily {
  readonly type: string;
  readonly help: string;
  readonly samples: { readonly labels: Record<string, string>; readonly value: number }[];
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/;
const VALUE = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|NaN|[+-]Inf)$/;

/** The families of `text`, by name. */
export function readExposition(text: string): Map<string, ReadFamily> {
  assert(text.endsWith("\n"), "the last line ends with a line feed");
  const families = new Map<string, ReadFamily>();
  const helps = new Map<string, string>();
  let current = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const [, helped = "", help] = new RegExp(`^# HELP (${NAME}) (.*)$`).exec(line) ?? [];
    const [, typed = "", type] = new RegExp(`^# TYPE (${NAME}) (counter|gauge)$`).exec(line) ?? [];
    if (help !== undefined) {
      assert(!helps.has(helped), `one HELP a family: ${line}`);
      helps.set(helped, unescaped(help));
      current = helped;
    } else if (type !== undefined) {
      assertStrictEquals(typed, current, `TYPE follows its HELP: ${line}`);
      assert(!families.has(typed), `one TYPE a family: ${line}`);
      families.set(typed, { type, help: helps.get(typed) ?? "", samples: [] });
    } else families.get(current)?.samples.push(sampleOf(line, current));
  }
  for (const [name, family] of families) checkFamily(name, family);
  return families;
}

function sampleOf(line: string, family: string): ReadFamily["samples"][number] {
  const match = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`).exec(line);
  assert(match, `neither a comment nor a sample: ${line}`);
  const [, name, labels = "", value = ""] = match;
  assertStrictEquals(name, family, `samples stand behind their family's TYPE: ${line}`);
  assertMatch(value, VALUE, line);
  const number = value.endsWith("Inf") ? Number(value.replace("Inf", "Infinity")) : Number(value);
  return { labels: labelsOf(labels), value: number };
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== "";) {
    const match = LABEL.exec(rest);
    assert(match, `no label: ${rest}`);
    const [whole, name = "", value = ""] = match;
    assert(!(name in labels) && !name.startsWith("__"), `label ${name}`);
    labels[name] = unescaped(value);
    rest = rest.slice(whole.length);
  }
  return labels;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, char) => char === "n" ? "\n" : char);
}

function checkFamily(name: string, { type, samples, help }: ReadFamily): void {
  assertNotStrictEquals(help, "", `${name} has a help`);
  assertStrictEquals(name.endsWith("_total"), type === "counter", `${name} is a ${type}`);
  const keys = samples.map(({ labels }) => JSON.stringify(Object.entries(labels).sort()));
  assertStrictEquals(new Set(keys).size, keys.length, `${name} has a sample twice`);
  assertNotMatch(name, /_(ms|milliseconds|kb|kilobytes|minutes)(_|$)/, "base units");
  if (type === "counter") assert(samples.every(({ value }) => value >= 0), name);
}
