// The operator's figures of the history: size, age and whether it works. Contains no message text.

import type { HistoryStats } from "../control.ts";
import type { Server } from "../server.ts";

/** The figures of a server's history now. */
export function historyStats({ storage, texts }: Pick<Server, "storage" | "texts">): HistoryStats {
  const { ages, history, store } = storage;
  const { firstSeq, lastSeq } = history;
  const [oldest] = history.next({ since: firstSeq - 1, limit: 1, visible: () => true }).messages;
  return {
    file: store?.path ?? null,
    messages: lastSeq - firstSeq + 1,
    bytes: store?.bytes ?? 0,
    oldest: oldest?.at ?? null,
    problem: store?.problem?.text(texts.refusals) ?? null,
    clock: ages.doubt === undefined ? null : texts.notices.clockDoubted(ages.doubt),
  };
}
