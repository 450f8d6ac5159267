// English: what `serve` prints: its addresses, its history, why it cannot listen, what it reloads.

import { durationText } from "../../shared/duration.ts";

export const serve = {
  /** `place` is HOST:PORT or unix:PATH; `dialect` the only one that is spoken there. */
  listening: (place: string, tls: boolean, dialect: string | undefined) =>
    `Listening on ${place}${tls ? ", through TLS" : ""}` +
    `${dialect === undefined ? "" : `, ${dialect} only`}. Join with:`,
  listeningForProxy: (place: string) =>
    `Listening on ${place}, for a proxy that sends PROXY headers`,
  /** Two commands that do the same. */
  eitherCommand: (first: string, second: string) => `${first}    or    ${second}`,
  /** A command, and what is typed afterwards. */
  commandThen: (command: string, typed: string) => `${command}    and ${typed}`,
  certificateIs: (fingerprint: string) => `Its certificate is ${fingerprint}`,
  /** `quoted` is the file; `now` in milliseconds since the epoch. */
  certificateEnds: (quoted: string, until: Date, now: number) =>
    until.getTime() <= now
      ? `The certificate ${quoted} ended on ${day(until)}, so clients refuse it: renew it, ` +
        `then send SIGHUP`
      : `The certificate ${quoted} ends on ${day(until)}, in ${
        durationText(Math.ceil((until.getTime() - now) / 3_600_000) * 3_600_000)
      }: renew it, then send SIGHUP`,
  certificateRefused: (quoted: string, until: Date) =>
    `The certificate ${quoted} ended on ${day(until)}: make another with minichat cert, ` +
    `or give --allow-expired`,
  /** `why` there is no control socket, with the remedy. */
  noControl: (why: string) => `No control socket, so minichat admin finds no server here: ${why}`,
  /** `why` the system or the runtime refused. */
  addressesUnlisted: (why: string) =>
    `This machine's addresses cannot be listed (${why}): other machines join at any of them`,
  /** `why` is the message of what was thrown. */
  cannotStart: (why: string) => `Cannot start: ${why}`,
  metricsAt: (url: string) => `Figures at ${url}`,
  maxClients: (count: number) => `At most ${count} clients`,
  /** Fewer than wanted, because of the limit on open files. */
  fewerClients: (count: number, openFiles: number) =>
    `At most ${count} clients: this shell allows ${openFiles} open files, raise it with ulimit -n`,
  /** `first` is the side that begins, `client` or `server`. */
  turns: (first: string) => `Two people take turns here, the ${first} first`,
  historyInMemory: (why: string) => `History: in memory only (${why})`,
  /** Why a history is in memory only. */
  inMemory: {
    no_history: "--no-history",
    any_port: "the port changes with each start; --data DIR keeps it",
    no_home: "HOME is not set; --data DIR keeps it",
  },
  /** `retainMs` is Infinity for messages that are never deleted. */
  historyKept: (directory: string, messages: number, retainMs: number) =>
    `History: ${directory}, ${messages.toLocaleString("en")} message${
      messages === 1 ? "" : "s"
    }, ` +
    `kept ${retainMs === Infinity ? "for good" : durationText(retainMs)}`,
  /** Why a socket cannot listen, and what helps; `place` is `HOST:PORT`. */
  listen: {
    portInUse: (port: number) =>
      `Port ${port} is in use: stop the program that listens there, or choose another with --port`,
    minichatOnPort: (port: number) =>
      `A minichat runs at port ${port} already: join it (minichat connect localhost ${port}), ` +
      `stop it (minichat admin --port ${port} shutdown 0), or choose another with --port`,
    /** Both as in `--listen`. */
    besideOwn: (place: string, own: string) =>
      `Cannot listen at ${place} beside ${own}, which has that port: leave one of them out, ` +
      `or choose another port`,
    portForbidden: (place: string) =>
      `No permission to listen at ${place}: choose a port above 1023 with --port`,
    notThisMachine: (host: string) =>
      `${host} is no address of this machine: choose another --host, or leave it out`,
    cannotListen: (place: string, why: string) =>
      `Cannot listen at ${place}: ${why}: choose another --host or --port`,
    cannotListenAtPath: (path: string, why: string) => `Cannot listen at ${path}: ${why}`,
    serverAtPath: (path: string) =>
      `Another server is running at ${path}: stop it or choose another path`,
    notSocket: (path: string) =>
      `${path} exists and is no socket: remove it or choose another path`,
    cannotTell: (path: string, why: string) => `Cannot tell whether ${path} is in use: ${why}`,
    cannotLock: (path: string, why: string) => `Cannot lock ${path}: ${why}`,
    noPermission: "no permission for that directory",
    noDirectory: "the directory does not exist",
  },
  /** At SIGHUP; `state` is what is in force now, or "". */
  reloaded: (part: string, state: string) => `Reloaded: ${part}${state === "" ? "" : ` ${state}`}`,
  notReloaded: (part: string, why: string) => `Not reloaded, ${part} as before: ${why}`,
  linesNotShown: (count: number) => `(${count} lines not shown: this output was not read)`,
  stopped: (why: string | undefined) => why === undefined ? "Stopped" : `Stopped: ${why}`,
};

/** The day in UTC, as certificates have it. */
function day(time: Date): string {
  return time.toISOString().slice(0, 10);
}
