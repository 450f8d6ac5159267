// What `minichat history info` says. Pure.

import { visible } from "../../protocol/sanitize.ts";
import type { ArchiveSummary } from "../../server/history/archive.ts";
import { localTime } from "./formats.ts";

/** A history, and what is in it. */
export interface HistoryInfo extends ArchiveSummary {
  readonly directory: string;
}

/** For people, one thing a line. */
export function infoText(info: HistoryInfo): string {
  const { messages, oldest, newest } = info;
  const ends = oldest && newest
    ? [["from", `${moment(oldest.at)}, number ${oldest.seq}`], [
      "to",
      `${moment(newest.at)}, number ${newest.seq}`,
    ]]
    : [];
  const rows = [
    ["directory", visible(info.directory)],
    ["messages", `${number(messages)}, of them ${number(info.private)} private or in groups`],
    ...ends,
    ["size", `${(info.bytes / 1024 / 1024).toFixed(1)} MiB`],
    ["schema", `version ${info.schema}`],
  ];
  return rows.map(([name = "", value]) => `${name.padEnd(9)}  ${value}`).join("\n");
}

/** For programs, one line. */
export function infoJson({ oldest, newest, ...info }: HistoryInfo): string {
  return JSON.stringify({ ...info, oldest: oldest ?? null, newest: newest ?? null });
}

function number(count: number): string {
  return count.toLocaleString("en");
}

function moment(at: string): string {
  const { date, clock } = localTime(at);
  return `${date} ${clock}`;
}
