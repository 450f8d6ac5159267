// English: the operator's console, commands and their answers, and what `serve` and `admin` print.
// `quoted` parameters are already in quotes; times are RFC 3339, and null stands for no end.

import { durationText } from "../../shared/duration.ts";

/** To the minute, in UTC: `2026-11-22 08:36Z`. */
function minute(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)}Z`;
}

function until(time: string | null): string {
  return time === null ? "" : ` until ${minute(time)}`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

const CHOOSE_DIRECTORY = "set XDG_RUNTIME_DIR to a directory of your own";

export const operator = {
  /** One line for each command, by its name. */
  help: {
    wall: "Sends TEXT to everyone, as server",
    msg: "Sends TEXT to one member, as server",
    kick: "Disconnects a member; --ban also bans the name",
    ban: "Keeps a name or address out (default until unban)",
    unban: "Lets a banned name or address in again",
    bans: "Lists who is banned, until when and why",
    mute: "Refuses messages of a name (default until unmute)",
    unmute: "Lets a muted member send messages again",
    mutes: "Lists who is muted, and until when",
    claims: "Lists claimed names, and when each was last proven",
    unclaim: "Frees a claimed name",
    op: "Lets the owner of a claimed name give orders",
    deop: "Takes the right to give orders away again",
    ops: "Lists who may give orders in the chat",
    who: "Lists who is connected, from where and since when",
    groups: "Lists the groups with their members",
    stats: "Shows the server's counters",
    tail: "Shows what happens from now on, until Ctrl-C",
    shutdown: "Stops in 90s or 5m, 0 is now; --cancel calls it off",
    help: "Lists the commands, or explains one",
  },
  /** Above the list of commands on the console; `shell` is what precedes a command in a shell. */
  helpTitle: (shell: string) => `Operator's commands, here or as ${shell}COMMAND in another shell:`,
  /** Of `@NAME TEXT` on the console. */
  helpPrivate: "The same as /msg NAME TEXT",
  /** Of `TEXT` on the console. */
  helpText: "Sends it to everyone; // or /@ for text with / or @",
  /** Of `/admin COMMAND` in the chat. */
  helpInChat: "any of these, where the chat has a command of that name",
  usage: (typed: string) => `Usage: ${typed}`,
  /** After the usage of an unknown command; `help` is the command that lists all. */
  helpLists: (help: string) => `${help} lists the commands`,

  unknownOption: (quoted: string, near: string | undefined) =>
    `Unknown option: ${quoted}${near === undefined ? "" : `, did you mean ${near}?`}`,
  unknownCommand: (quoted: string, near: string | undefined) =>
    `Unknown command: ${quoted}${near === undefined ? "" : `, did you mean ${near}?`}`,
  optionTakesNoValue: (option: string, quoted: string) =>
    `Option ${option} takes no value: ${quoted}`,
  missingValue: (option: string) => `Missing value: ${option} needs one`,
  unexpectedArgument: (quoted: string) => `Unexpected argument: ${quoted}`,
  notDuration: (quoted: string, remedy: string) => `Not a duration: ${quoted}, ${remedy}`,
  missingWallText: "Missing text: say what to tell everyone",
  missingMsgName: "Missing name: say whom to tell it",
  missingMsgText: (quoted: string) => `Missing text: say what to tell ${quoted}`,
  missingName: (command: string) => `Missing name: say whom to ${command}`,
  missingBanSubject: "Missing name or address: say whom to ban",
  missingTime: "Missing time: say when to stop, such as 90s or 5m, 0 is now",
  timeAndCancel: "Give a time or --cancel, not both",

  sentToPeople: (count: number) => `Sent to ${count === 1 ? "1 person" : `${count} people`}`,
  sentToMember: (name: string) => `Sent to ${name}`,
  kicked: (name: string) => `Kicked ${name}`,
  kickedAndBanned: (name: string) => `Kicked and banned ${name}`,
  kickedNotBanned: (name: string, why: string) => `Kicked ${name}, but not banned: ${why}`,
  banned: (subject: string, end: string | null, kicked: readonly string[]) =>
    `Banned ${subject}${until(end)}${kicked.length === 0 ? "" : `, kicked ${kicked.join(", ")}`}`,
  unbanned: (subject: string) => `Unbanned ${subject}`,
  muted: (name: string, end: string | null) => `Muted ${name}${until(end)}`,
  unmuted: (name: string) => `Unmuted ${name}`,
  freed: (name: string) => `Freed ${name}`,
  isOperator: (name: string) => `${name} is an operator`,
  isNoOperator: (name: string) => `${name} is no longer an operator`,
  shutdownCancelled: "Called off the shutdown",
  stopping: (seconds: number, replaced: boolean) =>
    (seconds === 0 ? "Stopping now" : `Stopping in ${durationText(seconds * 1000)}`) +
    (replaced ? ", instead of the earlier shutdown" : ""),

  messageLength: (maxBytes: number) => `Give a message of 1 to ${maxBytes} bytes`,
  noSuchMember: (quoted: string) => `No member called ${quoted}: see the command who`,
  noSubject: (quoted: string) =>
    `Neither a name nor an IP address: ${quoted}, give one of them, no range`,
  noSuchBan: (quoted: string) => `No ban on ${quoted}: see the command bans`,
  notMuted: (quoted: string) => `Not muted: ${quoted}`,
  notClaimed: (quoted: string) => `Not claimed: ${quoted}, see the command claims`,
  operatorNotClaimed: (quoted: string) =>
    `Not claimed: ${quoted}, its owner must claim it first, with /claim in the chat`,
  isOperatorAlready: (quoted: string) => `${quoted} is an operator already`,
  isNotOperator: (quoted: string) => `${quoted} is not an operator`,
  stillBanned: (why: string) => `Still banned: ${why}`,
  stillMuted: (why: string) => `Still muted: ${why}`,
  stillClaimed: (why: string) => `Still claimed: ${why}`,
  nothingChanged: (why: string) => `Nothing changed: ${why}`,
  /** `done` is an answer such as `Banned bob`; it could not be stored. */
  untilServerEnds: (done: string, why: string) => `${done}, but only until the server ends: ${why}`,
  shutdownSeconds: (max: number, given: number) =>
    `Give whole seconds from 0 to ${max}: got ${given}`,
  stoppingAlready: "Nothing to do: the server is stopping already",
  noShutdown: "Nothing to cancel: no shutdown is announced",
  /** The reason of a ban that was given none. */
  byOperator: "by the operator",
  /** In the goodbye, and after `left` in the chat. */
  kickedFor: (reason: string) => `kicked: ${reason}`,
  /** In place of a private message where the operator watches; `to` without its `@`. */
  privateText: (to: string) => `(to ${to}, not shown)`,
  /** In place of the text of an order `msg`. */
  orderText: "(not shown)",

  noClients: "No client is connected",
  noGroups: "There are no groups",
  noBans: "No bans",
  noMutes: "No mutes",
  noClaims: "No name is claimed",
  noOperators: "No operators in the chat",
  clientHeads: ["ID", "NAME", "DIALECT", "ADDRESS", "SINCE", "QUEUED BYTES", "GROUPS"],
  banHeads: ["BANNED", "KIND", "UNTIL", "REASON"],
  muteHeads: ["MUTED", "UNTIL"],
  claimHeads: ["NAME", "CLAIMED", "LAST PROVEN", "OPERATOR"],
  noNameYet: "(no name yet)",
  /** After a name. */
  isMuted: "(muted)",
  yes: "yes",
  no: "no",
  time: (time: string) => minute(time),
  /** In a column of ends. */
  end: (time: string | null) => time === null ? "for good" : minute(time),
  /** Names of the rows of `stats`. */
  stats: {
    version: "version",
    pid: "pid",
    started: "started",
    listening: "listening",
    metrics: "figures",
    clients: "clients",
    dialects: "dialects",
    groups: "groups",
    messages: "messages",
    history: "history",
    queued: "queued",
    connections: "connections",
    closed: "closed",
    memory: "memory",
    eventLoop: "event loop",
    limits: "limits",
    shutdown: "shutdown",
  },
  started: (at: string, seconds: number) => `${at} (${durationText(seconds * 1000)} ago)`,
  clients: (count: number, max: number, named: number) =>
    `${count} of ${max}, ${named} with a name`,
  messages: (stored: number, deliveries: number) =>
    `${stored} stored, ${deliveries} copies delivered`,
  /** `file` and `bytes` of a history on a disk; `problem` is why it cannot be written. */
  history: (
    { messages, oldest, file, bytes, problem }: {
      readonly messages: number;
      readonly oldest: string | null;
      readonly file: string | null;
      readonly bytes: number;
      readonly problem: string | null;
    },
  ) => {
    const since = oldest === null ? "" : ` since ${minute(oldest)}`;
    const place = file === null ? "in memory" : `${mebibytes(bytes)} in ${file}`;
    return `${messages} messages${since}, ${place}${problem === null ? "" : `: ${problem}`}`;
  },
  queued: (queuedBytes: number, bytes: number, maxBytes: number) =>
    `${queuedBytes} bytes, in ${bytes} of ${maxBytes} bytes of memory`,
  connections: (accepted: number, errors: number) =>
    `${accepted} accepted, ${errors} accept errors`,
  memory: (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MiB resident`,
  /** In milliseconds, of the last ten seconds. */
  eventLoop: (median: number, worst: number) => `${median} ms late, ${worst} ms at worst in 10 s`,
  /** `changed` are names with values. */
  limits: (changed: readonly string[]) =>
    changed.length === 0 ? "all as usual" : `${changed.join(", ")}, others as usual`,
  shutdownIn: (seconds: number) => `in ${durationText(seconds * 1000)}`,
  none: "none",

  /** At Ctrl-D on the console. */
  consoleClosed: (shell: string) =>
    `Console closed, the server still runs: Ctrl-C or ${shell}shutdown 0 stops it`,
  /** For `/quit` and the like on the console. */
  howToStop: "/shutdown 0 stops the server, Ctrl-D leaves the console",
  unknownWord: (quoted: string, hint: string) => `Unknown command: ${quoted}, ${hint}`,
  didYouMean: (command: string) => `did you mean ${command}?`,
  sentToNoOne: "Sent, but no member is connected",
  quietConsole: (command: string) =>
    `A quiet console shows no events: type ${command} in another shell`,
  shownAlready: (command: string) =>
    `Everything is shown here already: ${command} is for another shell`,

  notJson: (quoted: string) => `Not JSON: ${quoted}`,
  notControl: (quoted: string) => `Not of the control protocol: ${quoted}`,
  alreadyStreaming: "Already streaming: open another connection",
  badAnswer: (problem: string) => `Bad answer: ${problem}`,
  answerLost: "The connection ended before the server answered",
  streamLost: "Lost the server: it was killed, or it dropped this reader as too slow",
  silentServer: (quoted: string) =>
    `The server at ${quoted} does not answer: it may be stopped or overloaded`,
  cannotConnect: (quoted: string, why: string) =>
    `Cannot connect to the control socket ${quoted}: ${why}`,
  otherUsersSocket: "no permission, it belongs to another user",
  cannotMakeDirectory: (quoted: string, why: string) =>
    `Cannot make the control directory ${quoted}: ${why}, ${CHOOSE_DIRECTORY}, or unset it`,
  cannotListDirectory: (quoted: string, why: string) =>
    `Cannot list the control directory ${quoted}: ${why}, ${CHOOSE_DIRECTORY}, or unset it`,
  cannotReadDirectory: (quoted: string, why: string) =>
    `Cannot look at the control directory ${quoted}: ${why}, ${CHOOSE_DIRECTORY}, or unset it`,
  refusedDirectory: (quoted: string, why: string) =>
    `Refused the control directory ${quoted}: ${why}`,
  isLink: `a link, remove it, or ${CHOOSE_DIRECTORY}`,
  isFile: `a file, remove it, or ${CHOOSE_DIRECTORY}`,
  isOtherUsers: `it belongs to another user, ${CHOOSE_DIRECTORY}`,
  isOpenToOthers: "other users may enter it, run chmod 700 on it",
  noPermission: "no permission",
  noParentDirectory: "the directory above it does not exist",

  missingCommand: "Missing command",
  portAndSocket: "Give --port or --socket, not both",
  missingSocketPath: "Missing path: --socket needs one",
  notPort: (quoted: string) => `Not a port: ${quoted}, expected --port with 1 to 65535`,
  noServer: "No server is running for this user: start one with minichat serve",
  noServerAt: (quoted: string) => `No server answers on ${quoted}`,
  /** `choices` are flags to add, such as `--port 8080`. */
  noServerOnPort: (port: number, choices: readonly string[]) =>
    `No server of this user on port ${port}: choose ${choices.join(" or ")}`,
  severalServers: (choices: readonly string[]) =>
    `Several servers are running: choose ${choices.join(" or ")}`,
  cannotWrite: (why: string) => `Cannot write to standard output: ${why}`,

  /** `place` is HOST:PORT or unix:PATH; `dialect` the only one that is spoken there. */
  listening: (place: string, tls: boolean, dialect: string | undefined) =>
    `Listening on ${place}${tls ? ", through TLS" : ""}` +
    `${dialect === undefined ? "" : `, ${dialect} only`}. Join with:`,
  /** Two commands that do the same. */
  eitherCommand: (first: string, second: string) => `${first}    or    ${second}`,
  /** A command, and what is typed afterwards. */
  commandThen: (command: string, typed: string) => `${command}    and ${typed}`,
  certificateIs: (fingerprint: string) => `Its certificate is ${fingerprint}`,
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
