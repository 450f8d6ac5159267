// `minichat history backup FILE` and `minichat history check [FILE]`.

import { resolve } from "node:path";
import { quotedPath } from "../../protocol/sanitize.ts";
import { backUp } from "../../server/store/backup.ts";
import { type CheckedHistory, checkHistory } from "../../server/store/check_history.ts";
import { DATABASE_FILE } from "../../server/store/data_directory_check.ts";
import { openToRead } from "../../server/store/store.ts";
import { print } from "../print.ts";

/** Copies the history in `directory` and checks the copy; returns the exit code. */
export function runBackup(
  directory: string,
  { file, force, json }: {
    readonly file: string;
    readonly force: boolean;
    readonly json: boolean;
  },
): number {
  const db = openToRead(directory);
  if ("error" in db) return failed(db.error);
  const target = resolve(file);
  try {
    const source = `${directory}/${DATABASE_FILE}`;
    const problem = backUp(db, { source, target, force });
    if (problem !== undefined) return failed(problem.error);
  } finally {
    db.close();
  }
  return report(checkHistory(target), { json, done: "Copied" });
}

/** Checks a history; returns the exit code. */
export function runHistoryCheck(path: string, { json }: { readonly json: boolean }): number {
  return report(checkHistory(resolve(path)), { json, done: "Whole" });
}

function report(
  checked: CheckedHistory,
  { json, done }: { readonly json: boolean; readonly done: string },
): number {
  const { path, problems, messages, first, last, missing, bytes } = checked;
  const code = problems.length === 0 ? 0 : 1;
  if (json) {
    print(Deno.stdout, JSON.stringify({ whole: code === 0, ...checked }));
    return code;
  }
  const count = messages.toLocaleString("en");
  const numbers = messages === 0
    ? ""
    : `, numbers ${first} to ${last}${missing === 0 ? "" : ` without ${missing}`}`;
  const what = `${count} ${messages === 1 ? "message" : "messages"}${numbers}`;
  const size = `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  if (code === 0) print(Deno.stdout, `${done}: ${what}, ${size} in ${quotedPath(path)}`);
  for (const problem of problems) print(Deno.stderr, `minichat history: ${problem}`);
  if (code === 1 && messages > 0) print(Deno.stderr, `Readable: ${what} in ${quotedPath(path)}`);
  return code;
}

function failed(error: string): number {
  print(Deno.stderr, `minichat history: ${error}`);
  return 1;
}
