// Guesses the dialect of a client from the first bytes that it sends, as a server recognises a
// newcomer's; the name is typed for a client that asks for one.

import type { DialectName } from "../../protocol/dialect.ts";
import { detect } from "../../protocol/detect.ts";
import { systemClock } from "../../shared/clock.ts";
import { AcceptQueue } from "./accept_queue.ts";
import type { ClientCheckOptions } from "./client_runner.ts";
import { ClientProbe } from "./client_probe.ts";

/** What a client probably speaks, and its first bytes, which are empty if it sent none. */
export interface ClientGuess {
  readonly dialect: DialectName;
  readonly head: Uint8Array;
}

/** What a guess needs. */
export type ClientGuessOptions = Omit<ClientCheckOptions, "suite">;

/** A client that says nothing by itself, or what no sheet has, is taken for one of `plain`. */
const DEFAULT: DialectName = "plain";
/** Sent first by some editors and libraries (U+FEFF in UTF-8). */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Starts the client once, on a terminal if it does not connect on pipes, and closes the listener. */
export async function guessClient(
  { listener, driver: driverFor, texts, stop, clock = systemClock }: ClientGuessOptions,
): Promise<ClientGuess> {
  const record = (): void => {};
  const driver = driverFor(record);
  const connections = new AcceptQueue(listener, clock);
  const probe = new ClientProbe({ driver, connections, record, clock, texts, asksName: true });
  const abort = (): void => {
    connections.close(); // ends a wait for a connection
    probe.stop();
  };
  stop?.addEventListener("abort", abort);
  try {
    const head = await firstBytes(probe) ?? await onTerminal(probe) ?? new Uint8Array(0);
    const hasMark = BYTE_ORDER_MARK.every((byte, at) => head[at] === byte);
    const detected = detect(hasMark ? head.subarray(BYTE_ORDER_MARK.length) : head, true);
    const dialect = detected.kind === "dialect" ? detected.dialect.name : DEFAULT;
    return { dialect, head };
  } catch (problem) {
    if (!stop?.aborted) throw problem; // else the client was ended meanwhile
    return { dialect: DEFAULT, head: new Uint8Array(0) };
  } finally {
    stop?.removeEventListener("abort", abort);
    await probe.stop();
    await connections.close();
  }
}

async function onTerminal(probe: ClientProbe): Promise<Uint8Array | undefined> {
  await probe.stop();
  return probe.driver.byHand || !probe.driver.useTerminal(true)
    ? undefined
    : await firstBytes(probe);
}

/** Undefined if the client does not connect. */
async function firstBytes(probe: ClientProbe): Promise<Uint8Array | undefined> {
  if (await probe.connect() !== undefined) return undefined;
  await probe.waitForFirstBytes();
  await probe.wire.quiet(probe.timeouts.quietMs);
  return probe.wire.take();
}
