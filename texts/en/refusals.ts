// English: why a request was refused. Each names the remedy; `quoted` parameters are already in
// quotes.

export const refusals = {
  nameEmpty: "Choose a name: it was empty",
  nameTooLong: (maxChars: number) => `Choose a shorter name: at most ${maxChars} characters`,
  nameNotAllowed: (quoted: string) =>
    `Choose another name than ${quoted}: letters, digits, _ - . with at least one letter, ` +
    "not - or . first, no spaces",
  nameMixesScripts: (quoted: string) =>
    `Choose another name than ${quoted}: all its letters must be of one script`,
  nameReserved: (quoted: string) => `Choose another name: ${quoted} is reserved`,
  nameTaken: (quoted: string) => `Choose another name: ${quoted} is taken`,
  /** The bearer's connection was lost, and the name is held for it. */
  nameHeld: (quoted: string) =>
    `Choose another name, or wait a moment: ${quoted} was cut off and may come back`,
  /** For `seconds` a name is free only for the address or the claim of its last bearer. */
  nameJustLeft: (quoted: string, seconds: number) =>
    `Choose another name, or wait ${seconds} s: another client had the name ${quoted} just now`,
  /** In a dialect that cannot refuse a name (D6): why not the wanted one, and the one given. */
  nameGivenInstead: (why: string, name: string) => `${why}; you are ${name}`,
  noNameLeft: "Choose another name",
  nameClaimed: (quoted: string) =>
    `${quoted} is claimed: log in with its passphrase, or choose another name`,
  nameBanned: (quoted: string, reason: string) => `${quoted} is banned: ${reason}`,
  alreadyRegistered: (name: string) => `You are ${name} already: use rename`,
  unsupportedVersion: (version: number) => `Speak version ${version} of native`,
  noSuchSession: "No such session any more: say hello without resume",

  muted: "Not sent: the operator has muted you",
  mutedRename: "Not renamed: the operator has muted you",
  emptyMessage: "Type a message: there was no text",
  messageTooLong: (maxBytes: number) => `Not sent: at most ${maxBytes} bytes a message`,
  nobodyToReply: "Nobody to reply to: use @NAME TEXT",
  refReused: "Not sent: give every message a ref of its own",
  notStored: "Not stored",
  storageFull: "Not sent: the server's disk is full, try again later",
  /** `why`: `minichat.db was replaced`, say. */
  storageLost: (why: string) =>
    `Not sent: the server's history is gone (${why}), the server must be started again`,
  storageFailed: (why: string) => `Not sent: the server's history does not work (${why})`,
  noSuchGroup: (quoted: string) => `No group ${quoted}: /groups lists them`,
  noSuchName: (quoted: string) => `Nobody called ${quoted}: /list shows who is here`,

  alreadyInGroup: (quoted: string) => `You are in ${quoted} already`,
  notInGroup: (quoted: string) => `You are not in ${quoted}: /groups lists the groups`,
  tooManyGroupsJoined: (count: number) => `Leave a group first: you are in ${count}`,
  tooManyGroups: (max: number) => `Join a group that exists: there are ${max} already`,

  passwordRequired: "This chat has a password: type it, alone on a line",
  wrongPassword: "Wrong password: mind capitals and spaces",
  wrongPassphrase: "Wrong name or passphrase: mind capitals and spaces",
  tooManyGuesses: "Not checked: too many were wrong from your address or for this name, " +
    "try again in a minute",
  loginBusy: "Too many people log in at the moment: try again",
  nothingClaimed: "Nothing to give up: you have not claimed a name",
  passphraseLength: (min: number, max: number) =>
    `Choose another passphrase: it needs ${min} to ${max} characters`,
  passphraseIsName: "Choose another passphrase than the name",
  defaultNameClaimed: (quoted: string) =>
    `Choose a name of your own first: ${quoted} is a default name`,
  tooManyClaims: "Not claimed: the server has too many claimed names already",

  usage: (usage: string) => `Usage: ${usage}`,
  historyUsage: (max: number) => `Usage: /history [COUNT], COUNT from 1 to ${max}`,
  /** `words` are the commands that begin so. */
  ambiguousCommand: (quoted: string, words: readonly string[]) =>
    `Type more of ${quoted}: ${words.join(" or ")}`,
  /** `near` is the command that was probably meant. */
  unknownCommand: (quoted: string, near: string | undefined) =>
    `Unknown command ${quoted}: ${
      near === undefined ? "/help lists them" : `did you mean ${near}?`
    }`,
  /** The same in sheet 003's commands. */
  unknownEtxCommand: (quoted: string) => `Unknown command ${quoted}: h lists them`,
  /** In `etx`, after a refusal whose remedy is a command of other dialects. */
  etxRemedy: "h lists the commands",
  unknownOrder: (quoted: string) => `Unknown order: ${quoted}: help lists them`,
  unknownType: (quoted: string) => `Unknown type: ${quoted}`,
  unknownVerb: (quoted: string) => `Unknown verb: ${quoted}, expected USER or MSG`,

  tlsElsewhere: (port: number) => `TLS is served on port ${port}, not on this one`,
  /** One line for a client that sends no TLS handshake to a TLS port. */
  tlsHere: (port: number) => `This port takes TLS: minichat connect --tls HOST ${port}`,
  notServed: (protocol: string) =>
    `${protocol} is not served on this port: join with minichat connect, telnet or nc`,
  javaObjects:
    "Java objects are not read here: send lines with println(), or texts with writeUTF() of a " +
    "DataOutputStream",
  proxyHeader: "A PROXY header is taken only at a --listen address with ,proxy",
  /** The page that an HTTP request gets. */
  httpPage:
    "This is minichat, a chat. Its port speaks several protocols, but serves no web page.\n" +
    "Join with one of:\n\n" +
    "  minichat connect HOST PORT NAME\n" +
    "  telnet HOST PORT\n" +
    "  nc HOST PORT\n",
  notText: "Not text: this port serves a chat, in lines of UTF-8",
  nulInLine: "Not text: the line holds a NUL byte",
  invalidUtf8: "Not UTF-8: the line was not delivered",
  lineTooLong: (maxBytes: number) => `Line too long: at most ${maxBytes} bytes`,
  badFrame: (maxBytes: number) =>
    `Bad frame: expected an int 0 or 1, then a length from 1 to ${maxBytes}`,
  /** The same for a layout of no sheet. */
  badLength: (maxBytes: number) => `Bad frame: expected a length from 0 to ${maxBytes}`,
  /** For a client whose server sends frames of another layout (D2). */
  otherLayout:
    "The server's frames have another layout: try another --header (minichat explain framed)",
  notJson: (quoted: string) => `Not JSON: ${quoted}`,
  jsonTooLarge: (depth: number, items: number) =>
    `Too much JSON for a request: at most ${depth} objects and lists inside each other, and ` +
    `${items} keys and elements in one object`,
  notRequest: "Not a request: expected an object with a type",
  /** In native: the `field` of a request of that `type`, and one of the three problems below. */
  badField: (type: string, field: string, problem: string) => `Bad ${type}: ${field}: ${problem}`,
  fieldMissing: "Missing",
  /** `expected` as the schema calls it, such as `string`. */
  fieldExpected: (expected: string) => `Expected ${expected}`,
  refExpected: (maxChars: number, max: number) =>
    `Expected up to ${maxChars} characters or a number up to ${max}: quote greater ones`,
  countExpected: (max: number) => `Expected an integer from 0 to ${max}`,
  /** For a client: the connection ends, since nothing after such a line can be trusted. */
  serverLineRefused: (refusal: string) => `its line was refused (${refusal})`,
  serverLineNotNative: (quoted: string) => `The server sent a line that is not native: ${quoted}`,

  banned: (reason: string) => `banned: ${reason}`,
  serverFull: (maxClients: number) => `the server is full: ${maxClients} clients, try later`,
  tooManyFromAddress: (max: number) => `too many connections from your address: at most ${max}`,
  tooFastFromAddress: "too many connections from your address within a short time, try later",
};
