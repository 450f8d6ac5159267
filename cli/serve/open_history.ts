// What `minichat serve` remembers with: opens the store before anything listens, has it cared for while
// the server runs, and says where it is. How to keep messages is the server's business.

import { historyStats } from "../../server/storage/history_stats.ts";
import type { ListenAddress } from "../../server/net/address.ts";
import type { Server } from "../../server/server.ts";
import { StorageMaintenance } from "../../server/storage/storage_maintenance.ts";
import { openStore, type Store } from "../../server/store/store.ts";
import type { HistoryAnnouncement } from "./history_announcement.ts";
import {
  type HistoryDirectory,
  historyDirectory,
  type HistoryEnvironment,
} from "../history_directory.ts";
import { DEFAULT_RETAIN_MS, type HistoryOptions } from "../history_options.ts";
import type { ServeOptions } from "./options.ts";

/** What a server remembers with. */
export interface OpenedHistory {
  /** Nothing where it remembers in memory only. */
  readonly store: Store | undefined;
  readonly place: HistoryDirectory;
  /** How long messages are kept, in milliseconds. */
  readonly retainMs: number;
}

/** Opens the history that the flags ask for; a sentence, and the exit code, when that cannot be. */
export function openHistory(
  options: ServeOptions & { readonly addresses: readonly ListenAddress[] },
  env: HistoryEnvironment,
): OpenedHistory | { readonly error: string; readonly code: number } {
  const misuse = misuseOf(options);
  if (misuse !== undefined) return { error: misuse, code: 2 };
  surviveFileLimit();
  const retainMs = options.retain ?? DEFAULT_RETAIN_MS;
  const place = historyDirectory(options, options.addresses, env);
  if (place.kind === "memory") {
    return options.durable
      ? { error: `Nothing to make durable: ${place.why}`, code: 2 }
      : { store: undefined, place, retainMs };
  }
  const { directory } = place;
  const store = openStore({ directory, durable: options.durable === true });
  return "error" in store ? { error: store.error, code: 1 } : { store, place, retainMs };
}

/** A write beyond what `ulimit -f` allows is to fail; without a listener it kills (F47). */
function surviveFileLimit(): void {
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGXFSZ", () => {});
}

function misuseOf({ data, noHistory, durable }: HistoryOptions): string | undefined {
  if (!noHistory) return undefined;
  if (data !== undefined) return "--data and --no-history contradict each other: leave one out";
  return durable ? "--durable and --no-history contradict each other: leave one out" : undefined;
}

/** Has the history of a server that listens looked after until it has stopped. */
export function maintainHistory(
  server: Server,
  { retainMs }: OpenedHistory,
): StorageMaintenance {
  const care = new StorageMaintenance(server, retainMs);
  care.start();
  void server.stopped.then(() => care.stop());
  return care;
}

/** What can be announced of it. */
export function announcementOf(
  server: Server,
  { place, retainMs }: OpenedHistory,
): HistoryAnnouncement {
  return { place, retainMs, messages: historyStats(server.storage).messages };
}
