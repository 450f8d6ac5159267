// English: the chat client, on a terminal and in a pipe. Addresses, commands and flags in them are
// not translated; `quoted` parameters are already in quotes.

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

export const client = {
  /** After connecting (R25); `where` is `localhost, 8080` or the path of a socket. */
  connectedTo: (where: string, throughTls: boolean) =>
    `connected to: (${where})${throughTls ? " through TLS" : ""}`,

  // What a chat on a terminal shows first. Lines of more than 77 columns are wrapped.
  /** `toOne`: the server can address one person or group. */
  greeting: (toOne: boolean) =>
    `Welcome to minichat. Lines go to everyone${
      toOne ? ", @NAME TEXT to one person or group" : ""
    }`,
  /** `commands` with their slash. */
  alsoCommands: (commands: readonly string[]) => `Also: ${commands.join(" ")}`,
  /** Where the server has commands of its own. */
  greetingTyped: "Welcome to minichat. Every line goes to the server as it is typed\n/quit leaves",

  // Prompts: what stands in front of the line being typed.
  namePrompt: "Your name: ",
  passwordPrompt: "Password: ",
  passphrasePrompt: (name: string) => `Passphrase of ${name} (Enter: another name): `,

  // Help of what can be typed, besides the group `commands`.
  toGroup: "to one group",
  slashText: "say a text that starts with / to everyone",
  operatorCommands: "You are an operator, and can order:",

  // What is wrong with a typed line, a name or a flag.
  emptyAddressed: (quoted: string) => `Nothing to say to ${quoted}: add the text`,
  noPrivateYet: "You have no private message to reply to yet: use /msg NAME TEXT",
  badName: (quoted: string) => `Bad name ${quoted}: use letters, digits, _ - . without spaces`,
  nameNeeded: "This server gives no names: type one",
  noHeader: (dialect: string) => `--header makes no sense with ${dialect}: its messages have none`,
  /** `what` is one of the next four, or a command's word. */
  unsupported: (dialect: string, what: string) =>
    `${dialect} has no ${what}: that needs a minichat server and --dialect native`,
  groups: "groups",
  privateMessages: "private messages",
  memberList: "list of people",
  nameChange: "change of name",
  lineTooLong: (maxBytes: number) => `Not sent: at most ${maxBytes} bytes a line`,
  tooManyPending: (max: number, line: string) =>
    `Not sent, for ${max} lines wait for the server's answer: ${line}`,
  notSent: (line: string) => `Not sent: ${line}`,
  unknownIfSent: "Not known whether it was sent",
  unknownIfSentLine: (line: string) => `Not known whether it was sent: ${line}`,
  /** `count` messages typed while there was no connection were sent. */
  delayedSent: (count: number) =>
    `Sent: ${count === 1 ? "the message" : `the ${count} messages`} that had to wait`,

  // In a pipe, on standard error.
  /** `number` counts lines of standard input from 1. */
  inputLine: (number: number, problem: string) => `Line ${number}: ${problem}`,
  unconfirmed: (count: number) => `Not confirmed by the server: ${count} of the messages`,
  cannotWriteOutput: (reason: string) => `Cannot write to standard output: ${reason}`,
  outputIsClosed: "Not sent: standard output was closed",
  timeIsOver: "Not sent: the time of --timeout is over",
  notJoined: "Not joined: the server has not answered yet",
  /** `quoted` is the pattern of `--until`. */
  noLineMatched: (quoted: string) => `No line matched ${quoted}`,
  passwordFileNeeded: "This chat has a password: give it with --password-file FILE",
  passphraseFileNeeded: (quoted: string) =>
    `${quoted} is claimed: give its passphrase with --passphrase-file FILE, or choose another name`,
  /** `end` says how the connection ended, `atMost` is a duration. */
  reconnecting: (end: string, atMost: string) => `${end}; coming back, for at most ${atMost}`,
  notBackInTime: (end: string) => `Not back in time: ${end}`,

  // The end of a connection, and the way back.
  noWelcome: "No welcome from the server: if it is no minichat server, try --dialect auto",
  /** `reason` is the server's; `again` the command that joins again, "" for none. */
  serverClosed: (reason: string, again: string) =>
    `The server closed the connection: ${reason}${toComeBack(again)}`,
  noReason: "it gave no reason",
  lost: (address: string, detail: string, again: string) =>
    `Lost the connection to ${address}: ${detail}${toComeBack(again)}`,
  youLeft: "You left",
  /** Why a connection counts as lost. */
  noSignOfLife: (seconds: number) => `no sign of life for ${seconds} s`,
  comingBack: (atMost: string) =>
    `Coming back by itself, for at most ${atMost}: type on, it is sent then`,
  comingBackKeys: "Enter tries now, /quit leaves",
  tryingAgain: "Trying again; /name NAME takes another name",
  /** In the prompt; `seconds` until the attempt, 0 while it is made. */
  attempt: (attempt: number, seconds: number) =>
    seconds < 1 ? `attempt ${attempt}` : `attempt ${attempt} in ${seconds} s`,
  backAfter: (duration: string) => `Back after ${duration}`,
  backInNewSession: (duration: string, name: string) =>
    `Back after ${duration}, as ${name} in a new session: the server no longer knew the old one, ` +
    "so messages sent meanwhile may be missing",

  // What the client found out about a server. `flags` choose the same without trying.
  foundDialect: (dialect: string, summary: string, flags: string) =>
    `The server speaks ${dialect}, ${summary}: ${flags} chooses it without trying`,
  otherDialect: (dialect: string) =>
    `This server seems to speak ${dialect}: try --dialect ${dialect}, or none`,
  otherHeaderShown: (header: string) =>
    `This server's frames have another header: try --header ${header}`,
  nameRefused: (quoted: string, reason: string) =>
    `The server does not take the name ${quoted}: ${reason}`,
  namedByServer: (name: string) =>
    `The server gives the names: you are ${name}, and it says no way to change that`,
  endedWhenTried: (flags: string) =>
    "The server no longer accepts connections: it probably ended when it read bytes that were sent to find out " +
    `what it speaks. Start it again, and add ${flags} to the command`,
  noDialect: "The server hangs up on every dialect that was tried: choose one with --dialect",
  otherHeader:
    "The server hung up on the header: probably it reads another one, try --header 16, 12 or 8",

  // No connection. `remedy` is one of the two that start a server, or the caller's.
  startServer: (command: string) => `start a server with ${command}`,
  /** `there`: on the other machine. */
  startOne: (command: string, there: boolean) =>
    `start one${there ? " there" : ""} with ${command}`,
  /** A word in the place of the port was taken for the name. */
  orGivePort: (remedy: string, quoted: string) =>
    `${remedy}, or give its port: ${quoted} was taken for your name`,
  noServer: (address: string, remedy: string) => `No server at ${address}: ${remedy}`,
  noAnswer: (address: string) =>
    `No answer from ${address}: check the address, the network and the firewall`,
  unknownHost: (quoted: string) =>
    `Unknown host ${quoted}: check the spelling, or use its IP address`,
  zoneNeeded: (host: string) =>
    `${host} does not say through which network interface: add it, for example ${host}%eth0`,
  cannotReach: (where: string, reason: string) => `Cannot reach ${where}: ${reason}`,
  noSocket: (quoted: string, remedy: string) => `No such socket ${quoted}: ${remedy}`,
  noServerOnSocket: (quoted: string, remedy: string) => `No server listens on ${quoted}: ${remedy}`,
  socketForbidden: (quoted: string) =>
    `Not allowed to use ${quoted}: ask its owner for access to the socket`,

  // TLS. `address` is `HOST:PORT`.
  cannotReadKnownHosts: (file: string, reason: string) =>
    `Cannot read the known servers in ${file}: ${reason}`,
  cannotRemember: (address: string, file: string, reason: string) =>
    `Cannot remember ${address} in ${file}: ${reason}`,
  noPermission: "no permission",
  notTrusted: (address: string) => `Not trusted: ${address}`,
  certificateOfOtherName: (address: string, quoted: string) =>
    `The certificate of ${address} is not for ${quoted}: use a name that stands in it, or trust it ` +
    "by --fingerprint alone",
  /** `authority` is the file given with --ca, undefined without it. */
  certificateNotVouched: (address: string, authority: string | undefined, reason: string) =>
    `The certificate of ${address} is not vouched for${
      authority === undefined ? "" : ` by the authority in "${authority}"`
    } (${reason}): ask the server's operator, or trust it by --fingerprint alone`,
  keyNotProven: (address: string, reason: string) =>
    `REFUSED: ${address} did not prove that the certificate it shows is its own (${reason}). ` +
    "The connection may be intercepted: ask the server's operator",
  noTls: (address: string, reason: string) =>
    `No TLS at ${address}: leave --tls out if the server speaks plainly there (${reason})`,
  noCertificate: "It showed no certificate",
  hungUp: "It hung up",
  connectionClosed: "The connection was closed",
  certificateUnknown: (address: string, shown: string) =>
    `Not known yet: ${address} shows a certificate that no known authority has signed. Compare its ` +
    "fingerprint with the one the server printed when it started, and if they are the same add " +
    `--fingerprint ${shown}`,
  certificateChanged: (address: string, pinned: string, shown: string, file: string) =>
    `REFUSED: THE CERTIFICATE OF ${address} HAS CHANGED. The connection may be intercepted.\n` +
    `  trusted so far: ${pinned}\n` +
    `  shown now:      ${shown}\n` +
    "Ask the server's operator. If the new one is theirs, add " +
    `--fingerprint ${shown}, or remove the line "${address}" from ${file}`,
  certificateUnexpected: (address: string, expected: string, shown: string) =>
    `REFUSED: ${address} shows another certificate than you demand\n` +
    `  demanded:  ${expected}\n` +
    `  shown now: ${shown}\n` +
    "Ask the server's operator, and correct --fingerprint",
  /** The cursor stays after it; `trustAnswer` says yes, anything else no. */
  trustQuestion: (address: string, shown: string) =>
    `${address} is not known yet: no known authority has signed its certificate.\n` +
    `Its fingerprint is  ${shown}\n` +
    "Compare it with the one the server printed when it started.\n" +
    "Type yes to trust it from now on: ",
  trustAnswer: "yes",

  /** In front of the time of an earlier day: `21 Nov`; `month` counts from 0. */
  date: (day: number, month: number) => `${day} ${MONTHS[month]}`,
};

function toComeBack(again: string): string {
  return again === "" ? "" : `; to come back: ${again}`;
}
