// The history of `minichat serve`: opens the store before the server listens, and starts its
// maintenance.

import type { Problem } from "../../protocol/problem.ts";
import { historyStats } from "../../server/storage/history_stats.ts";
import type { ListenAddress } from "../../server/net/address.ts";
import type { Server } from "../../server/server.ts";
import { StorageMaintenance } from "../../server/storage/storage_maintenance.ts";
import { openStore, type Store } from "../../server/store/store.ts";
import type { ServeTexts } from "../../texts/texts.ts";
import type { HistoryAnnouncement } from "./history_announcement.ts";
import {
  type HistoryDirectory,
  historyDirectory,
  type HistoryEnvironment,
} from "../history_directory.ts";
import {
  DEFAULT_RETAIN_BYTES,
  DEFAULT_RETAIN_MS,
  type HistoryOptions,
} from "../history_options.ts";
import type { ServeOptions } from "./options.ts";

/** A history ready to use. */
export interface OpenedHistory {
  /** Undefined for a history in memory. */
  readonly store: Store | undefined;
  readonly place: HistoryDirectory;
  /** How long messages are kept, in milliseconds. */
  readonly retainMs: number;
  /** Most bytes of them on disk. */
  readonly retainBytes: number;
}

/** Opens the history that the flags ask for; returns an error message and the exit code otherwise. */
export function openHistory(
  options: ServeOptions & { readonly addresses: readonly ListenAddress[] },
  env: HistoryEnvironment,
  texts: ServeTexts,
): OpenedHistory | Problem & { readonly code: number } {
  const misuse = misuseOf(options);
  if (misuse !== undefined) return { ...misuse, code: 2 };
  surviveFileLimit();
  const retainMs = options.retain ?? DEFAULT_RETAIN_MS;
  const retainBytes = options.retainBytes ?? DEFAULT_RETAIN_BYTES;
  const retained = { retainMs, retainBytes };
  const place = historyDirectory(options, options.addresses, env);
  if (place.kind === "memory") {
    return options.durable
      ? { error: `Nothing to make durable: ${texts.inMemory[place.why]}`, code: 2 }
      : { store: undefined, place, ...retained };
  }
  const { directory } = place;
  const store = openStore({ directory, durable: options.durable === true });
  return "error" in store ? { error: store.error, code: 1 } : { store, place, ...retained };
}

/** Makes a write beyond `ulimit -f` fail; without a listener the signal kills the process (F47). */
function surviveFileLimit(): void {
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGXFSZ", () => {});
}

function misuseOf({ data, noHistory, durable }: HistoryOptions): Problem | undefined {
  const flag = data !== undefined ? "--data" : durable ? "--durable" : undefined;
  if (!noHistory || flag === undefined) return undefined;
  return { error: `${flag} and --no-history contradict each other: leave one out` };
}

/** Runs the maintenance of a server's history until the server has stopped. */
export function maintainHistory(
  server: Server,
  { retainMs, retainBytes }: OpenedHistory,
): StorageMaintenance {
  const maintenance = new StorageMaintenance(server, retainMs, retainBytes);
  maintenance.start();
  void server.stopped.then(() => maintenance.stop());
  return maintenance;
}

/** The facts to announce about it. */
export function announcementOf(
  server: Server,
  { place, retainMs }: OpenedHistory,
): HistoryAnnouncement {
  return { place, retainMs, messages: historyStats(server).messages };
}
