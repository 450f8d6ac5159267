// What there is to say of what a server remembers, for its operator: how much, since when, whether it
// works. Who may read which message plays no part here: no text leaves this file.

import { EN } from "../../texts/en.ts";
import type { HistoryStats } from "../control.ts";
import type { Storage } from "./storage.ts";

/** The figures of a server's history now. */
export function historyStats({ history, store }: Pick<Storage, "history" | "store">): HistoryStats {
  const { firstSeq, lastSeq } = history;
  const [oldest] = history.next({ since: firstSeq - 1, limit: 1, visible: () => true }).messages;
  return {
    file: store?.path ?? null,
    messages: lastSeq - firstSeq + 1,
    bytes: store?.bytes ?? 0,
    oldest: oldest?.at ?? null,
    problem: store?.problem?.text(EN.refusals) ?? null,
  };
}
