// English: the operator's console, the help and the wrong uses of its commands, and what `admin`
// prints. `quoted` parameters are already in quotes.

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
    who: "Lists who is connected or away, where, since when",
    groups: "Lists the groups with their members",
    stats: "Shows the server's counters",
    tail: "Shows what happens from now on, until Ctrl-C",
    retain: "Confirms the clock: what has expired is deleted",
    shutdown: "Stops in 90s or 5m, 0 is now; --cancel calls it off",
    help: "Lists the commands, or explains one",
  },
  /** Above the list of commands on the console; `shell` is what precedes a command in a shell. */
  /** In one line, where no terminal takes commands. */
  helpNames: (shell: string, names: readonly string[]) =>
    `Operator's commands, as ${shell}COMMAND in another shell: ${names.join(", ")}`,
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
  missingNow: "Missing now: retain now confirms that the clock is right",
  missingTime: "Missing time: say when to stop, such as 90s or 5m, 0 is now",
  timeAndCancel: "Give a time or --cancel, not both",

  /** At Ctrl-D on the console. */
  consoleClosed: (shell: string) =>
    `Console closed, the server still runs: Ctrl-C or ${shell}shutdown 0 stops it`,
  /** For `/quit` and the like on the console. */
  howToStop: "/shutdown 0 stops the server, Ctrl-D leaves the console",
  /** A line without a slash begins with the word of `command`, and may be text. */
  commandOrText: (command: string) =>
    `Is that the command ${command}? y runs it, n sends the line to everyone, Enter does neither`,
  /** The question was not answered. */
  neither: (line: string) => `Neither run nor sent: ${line}`,
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
};
