// Parses and formats the values of limits: `64KiB`, `10s`, `50/s`, `512`. Pure.

import { quoted } from "../../protocol/failures.ts";
import { nearest } from "../../protocol/nearest.ts";
import type { Problem } from "../../protocol/problem.ts";
import { formatDuration, parseDuration } from "../../shared/duration.ts";
import type { LimitInfo } from "../control.ts";
import {
  LIMIT_KEYS,
  type LimitKey,
  type LimitRow,
  LIMITS,
  type LimitUnit,
  type LimitValues,
} from "./limits.ts";

/** Units of size, largest first: a value is written with the largest that divides it. */
const SIZES: readonly (readonly [unit: string, bytes: number])[] = [
  ["GiB", 1024 ** 3],
  ["MiB", 1024 ** 2],
  ["KiB", 1024],
];

/** The expected form of a value of each unit, for error messages. */
const EXPECTED: Readonly<Record<LimitUnit, string>> = {
  count: "a whole number",
  bytes: "a number of bytes, or one with KiB, MiB or GiB, such as 64KiB",
  ms: "a duration with its unit, such as 500ms, 10s or 2m",
  perSecond: "a number a second, such as 50/s",
};

/** The limit of that name, or an error message that suggests the closest name. */
export function limitNamed(name: string): LimitKey | Problem {
  const key = LIMIT_KEYS.find((one) => LIMITS[one].name === name);
  if (key !== undefined) return key;
  const meant = nearest(name, LIMIT_KEYS.map((one) => LIMITS[one].name));
  const remedy = meant === undefined ? "--limit help lists them" : `did you mean ${meant}?`;
  return { error: `No limit is called ${quoted(name)}: ${remedy}` };
}

/** The value in the row's unit, or an error message with the expected form. */
export function parseLimitValue(row: LimitRow, text: string): number | Problem {
  const value = read(row.unit, text.trim());
  if (value === undefined || !Number.isFinite(value)) {
    return { error: `Cannot set ${row.name} to ${quoted(text)}: expected ${EXPECTED[row.unit]}` };
  }
  if (value < row.range[0] || value > row.range[1]) {
    return { error: `Cannot set ${row.name} to ${quoted(text)}: choose ${formatRange(row)}` };
  }
  return value;
}

function read(unit: LimitUnit, text: string): number | undefined {
  if (unit === "count") return /^\d+$/.test(text) ? Number(text) : undefined;
  if (unit === "perSecond") {
    const [, number, per] = /^(\d+(?:\.\d+)?)(\/s|\/min)?$/.exec(text) ?? [];
    return number === undefined ? undefined : Number(number) / (per === "/min" ? 60 : 1);
  }
  if (unit === "ms") {
    const ms = parseDuration(text.replace(/^([\d.]+) /, "$1")); // "10 s" is accepted too
    return typeof ms === "number" ? ms : undefined;
  }
  const [, number, named = ""] = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)$/.exec(text) ?? [];
  const scale = bytesIn(named);
  if (number === undefined || scale === undefined) return undefined;
  const value = Number(number) * scale;
  return Number.isInteger(value) ? value : undefined;
}

function bytesIn(unit: string): number | undefined {
  if (unit === "" || unit === "B") return 1;
  return SIZES.find(([name]) => name.toLowerCase() === unit.toLowerCase())?.[1];
}

/** The value in the form that {@linkcode parseLimitValue} reads. */
export function formatLimitValue(row: Pick<LimitRow, "unit">, value: number): string {
  switch (row.unit) {
    case "count":
      return String(value);
    case "perSecond":
      return `${value}/s`;
    case "ms":
      return formatDuration(value);
    case "bytes": {
      const [name, bytes] = SIZES.find(([, bytes]) => value > 0 && value % bytes === 0) ?? ["", 1];
      return `${value / bytes}${name}`;
    }
  }
}

/** `1KiB to 1GiB`. */
export function formatRange(row: LimitRow): string {
  const [least, most] = row.range;
  return `${formatLimitValue(row, least)} to ${formatLimitValue(row, most)}`;
}

/** Every limit in force, for the operator. */
export function limitInfos(limits: LimitValues): LimitInfo[] {
  return LIMIT_KEYS.map((key) => {
    const row = LIMITS[key];
    const { name, unit, usual } = row;
    const text = formatLimitValue(row, limits[key]);
    return { name, value: limits[key], default: usual, unit, text };
  });
}
