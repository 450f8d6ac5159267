// Checks direct calls for sockets, the clock, the terminal and the name localhost. Pure.

import { quoted } from "../protocol/failures.ts";
import { type Diagnosis, failing, passing, warning } from "./diagnosis.ts";

/** Facts about direct calls of the C library. */
export interface SocketFacts {
  /** Whether the C library's functions can be called. */
  readonly loaded: boolean;
  readonly os: string;
  readonly arch: string;
  /** Whether the program has the permission for foreign functions. */
  readonly allowed: boolean;
}

/** Checks whether sockets are used by direct calls, and if not, why. */
export function checkSockets({ loaded, os, arch, allowed }: SocketFacts): Diagnosis {
  const id = "sockets";
  if (loaded) return passing(id, "Reached by direct calls of the C library");
  const cost = "reached through the runtime, at twice the cost";
  if (os !== "linux") return passing(id, `On ${os} ${cost}`);
  if (!allowed) return warning(id, `Without --allow-ffi ${cost}`, "give --allow-ffi to deno run");
  return warning(id, `No glibc for ${arch} was found: ${cost}`, "use a system with glibc");
}

/** Facts about the clock. */
export interface ClockFacts {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Such as `Europe/Paris`. */
  readonly zone: string;
  /** When files were last changed, in milliseconds since the epoch, by path. */
  readonly changed: Readonly<Record<string, number>>;
}

/** No year before this program existed can be right. */
const FIRST_YEAR = 2025;
const LAST_YEAR = 2100;
/** Files may be this much newer, in milliseconds: another machine wrote them, or a zone is wrong. */
const MAX_AHEAD_MS = 24 * 60 * 60 * 1000;

/** Checks whether the clock can be right; messages show its times. */
export function checkClock({ now, zone, changed }: ClockFacts): Diagnosis {
  const id = "clock";
  const remedy = "set the clock: sudo timedatectl set-ntp true";
  const year = new Date(now).getUTCFullYear();
  const found = `It is ${new Date(now).toISOString().replace(/\.\d+Z$/, "Z")}, time zone ${zone}`;
  if (year < FIRST_YEAR || year > LAST_YEAR) return failing(id, `${found}: that cannot be`, remedy);
  const ahead = Object.entries(changed).find(([, at]) => at - now > MAX_AHEAD_MS);
  if (ahead === undefined) return passing(id, found);
  const [path, at] = ahead;
  return warning(id, `${found}, but ${quoted(path)} is of ${new Date(at).toISOString()}`, remedy);
}

/** Facts about the terminal. */
export interface TerminalFacts {
  readonly isTerminal: boolean;
  readonly columns: number | undefined;
  readonly term: string | undefined;
  /** The locale for characters from the environment; "" without one. */
  readonly locale: string;
  readonly colours: boolean;
}

const FEWEST_COLUMNS = 40;

/** Checks whether the line editor, names in any script and colours work on the terminal. */
export function checkTerminal(facts: TerminalFacts): Diagnosis {
  const id = "terminal";
  const { isTerminal, columns, term, locale, colours } = facts;
  if (!isTerminal) return passing(id, "None: events are printed line by line");
  if (term === undefined || term === "" || term === "dumb") {
    const found = term === "dumb" ? "TERM is dumb" : "TERM is not set";
    return warning(id, `${found}: no line editor, no colours`, "set TERM, such as xterm-256color");
  }
  if (!/utf-?8/i.test(locale)) {
    const found = `The locale ${
      quoted(locale || "C")
    } is not UTF-8: names and texts may look wrong`;
    return warning(id, found, "run export LANG=C.UTF-8 before");
  }
  if (columns !== undefined && columns < FEWEST_COLUMNS) {
    return warning(id, `Only ${columns} columns`, "make the window wider");
  }
  const size = columns === undefined ? "" : `, ${columns} columns`;
  return passing(id, `${term}, UTF-8${size}, ${colours ? "colours" : "no colours"}`);
}

/** Checks whether `localhost`, which the printed commands connect to, is this machine. */
export function checkLocalhost(addresses: readonly string[]): Diagnosis {
  const id = "localhost";
  const remedy = "write 127.0.0.1 localhost into /etc/hosts";
  if (addresses.length === 0) return failing(id, "localhost has no address", remedy);
  const foreign = addresses.find((address) => !/^(127\.|::1$)/.test(address));
  if (foreign !== undefined) return failing(id, `localhost is ${foreign}`, remedy);
  const has4 = addresses.some((address) => address.startsWith("127."));
  const found = `localhost is ${addresses.join(" and ")}`;
  return has4 ? passing(id, found) : warning(id, `${found}, and no IPv4 address`, remedy);
}
