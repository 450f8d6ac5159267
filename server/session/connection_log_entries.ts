// The log entries of connections: accepted, registered, closed, failed.

import type { CloseReason } from "../../protocol/failures.ts";
import type { Member } from "../chat/member.ts";
import type { LogEntry } from "../log_entry.ts";
import { formatAddress, type ListenAddress } from "../net/address.ts";
import type { Session } from "./session.ts";

/** A connection was accepted from `address`. */
export function connectedEntry(address: string, listener: ListenAddress): LogEntry {
  const details = { address, listener: formatAddress(listener) };
  return { level: "debug", what: "connected", details };
}

/** A client has registered. */
export function joinedEntry({ serial: id, name, peer: { address, dialect } }: Member): LogEntry {
  return { level: "info", what: "joined", details: { id, name, address, dialect } };
}

/** A connection has ended, at `now`, milliseconds since the epoch. */
export function closedEntry(session: Session, reason: CloseReason, now: number): LogEntry {
  const { address, dialect, member } = session;
  const [id, name] = [member?.serial ?? null, member?.name ?? ""];
  // The clock may be set back.
  const seconds = member ? Math.max(0, now - Date.parse(member.since)) / 1000 : null;
  return {
    level: "info",
    what: "closed",
    details: { id, name, address, dialect, reason, seconds },
  };
}

/** An exception, with its stack trace. */
export function faultEntry(fault: unknown): LogEntry {
  const text = fault instanceof Error ? fault.stack ?? fault.message : String(fault);
  return { level: "error", what: "fault", details: { fault: text } };
}
