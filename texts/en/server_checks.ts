// English: the checks of servers: titles, what is expected and received, and hints.

import { serverCheckHints } from "./server_check_hints.ts";
import { serverCheckTitles } from "./server_check_titles.ts";
import {
  servedProgram,
  servedProgramExpected,
  servedProgramHints,
  servedProgramReceived,
  servedProgramSkips,
  servedProgramTitles,
} from "./served_program.ts";

/** What the server is expected to do, after `expected`. Names are those of the check's clients. */
const expected = {
  common: {
    /** `what` is one of the others, or bytes. */
    gets: (name: string, what: string, seconds: number) =>
      `${name} gets ${what} within ${seconds} s`,
    readsFrom: (name: string) => `the server reads what ${name} sends`,
    acceptsConnection: (name: string) => `the server accepts a connection of ${name}`,
    stillRuns: "the server still accepts connections afterwards",
    /** A text too long to print, of `bytes` bytes, by its two ends. */
    longText: (head: string, tail: string, bytes: number) =>
      `${head}...${tail} (all ${bytes} bytes of it)`,
    once: (name: string, what: string) => `${name} gets ${what} once`,
    noMoreThan: (name: string, what: string) => `${name} gets ${what} and no more`,
    notOwn: (name: string) => `${name} does not get its own message`,
    nothingOfIt: (name: string) => `${name} gets nothing of it`,
    nothingFor: (name: string, recipient: string) =>
      `${name} gets nothing of what was for ${recipient}`,
    onlyBearer: (name: string) => `only ${name} sends as ${name}`,
    afterHalfClose: (answer: string) => `${answer}, although it has ended its own side`,
    end: "the end of its connection",
    endAfterHalfClose: "the end of its connection after it has ended its own side",
  },
  usermsg: {
    noMessage: (name: string, line: string) => `${name} gets nothing of the line ${line}`,
  },
  framed: {
    broadcast: (name: string, text: string) => `${name}: ${text}, in a frame or as it is,`,
    /** `length` in bytes. */
    frame: (length: number, text: string) => `[nature 1, length ${length}] ${text}`,
    okFor: (text: string) => `ok for "${text}"`,
    bareOk: (name: string) => `${name} gets ok, two bytes without \\0 or newline`,
  },
  etx: {
    idLine: (name: string) => `a line with its id and its name, such as 1 ${name}\\n,`,
    nameWithId: (id: number, command: string) =>
      `a name with its id ${id} in it, ended by \\x03, for ${command}`,
    ownName: (answer: string, command: string) => `${answer} for ${command}`,
    sameName: (name: string, command: string) => `${name}\\x03 for ${command}, its name as before,`,
    otherName: (name: string, command: string) => `another name than ${name} for ${command}`,
    help: "a help text that ends with \\x03",
    sameHelp: (command: string) => `the same text for ${command} as for h`,
    severalLines: "a text of several lines",
    list: (first: string, second: string, third: string) =>
      `one flow with ${first}, ${second} and ${third}, ended by \\x03,`,
    listWithout: (name: string) => `a list without ${name}, which has left,`,
    renamed: (name: string, was: string) => `${name} instead of ${was} in the list`,
    freedId: (id: number, name: string) => `the id ${id}, which ${name} had until it left,`,
    eot: "EOT (\\x04) and the end of its connection",
    groups: (group: string) => `one flow with the group ${group} and its members, ended by \\x03,`,
    groupsWithout: (group: string) => `a list of groups without ${group}, whose members have left,`,
    oneFlow: "one flow with One, two and three",
  },
  plain: {
    line: (name: string, text: string) => `a line with ${name} and ${text}`,
    welcome: "a welcome before it has sent anything",
    commands: "the list of commands, such as @pseudo TEXT and @tous TEXT,",
    answer: "an answer to its line",
    /** `asked` are the commands for a list that were tried. */
    arrival: (name: string, asked: readonly string[]) =>
      `a line with ${name} when it joins${orAnswer(asked)}`,
    departure: (name: string, asked: readonly string[]) =>
      `a line with ${name} when it leaves${orAnswer(asked)}`,
  },
  program: servedProgramExpected,
  native: {
    /** `line` is the answer to a ping after what is checked. */
    afterwards: (line: string) => `${line} afterwards`,
  },
};

function orAnswer(asked: readonly string[]): string {
  return asked.length === 0 ? "" : `, or in the answer to ${asked.join(" ")}`;
}

/** What the commands of sheet 003 do. */
const ETX_ACTIONS = {
  list: "lists the clients",
  listGroups: "lists the groups",
  rename: "changes the client's name",
  ownName: "answers with the client's own name",
  send: "sends a text to one client",
  sendGroup: "sends a text to a group",
  broadcast: "sends a text to everyone",
  create: "creates a group",
  join: "joins a group",
  part: "leaves a group",
  quit: "ends the session",
};

export const serverChecks = {
  /** What is checked, in the report's first line. */
  suites: {
    native: "native (docs/protocol.md)",
    framed: (headerBytes: number) => `framed (sheet 000), headers of ${headerBytes} bytes`,
    usermsg: "usermsg (sheet 004)",
    etx: "etx (sheet 003)",
    plain: "plain (sheet 001)",
    turns: "turns (sheet 002)",
  },
  titles: { ...serverCheckTitles, program: servedProgramTitles },
  expected,
  /** What came instead, after `received`, where it is not the bytes alone. */
  received: {
    nothing: "nothing",
    closed: "the connection was closed",
    reset: "the connection was reset",
    thenClosed: (bytes: string) => `${bytes}, then the connection was closed`,
    thenReset: (bytes: string) => `${bytes}, then the connection was reset`,
    buffersFull: "its buffers are full",
    noConnection: "no connection",
    notAccepting: "the server no longer accepts connections",
    ...servedProgramReceived,
  },
  hints: { ...serverCheckHints, program: servedProgramHints },
  program: servedProgram,
  /** Why a check was not tried, after `because`; `id` is a check it depends on. */
  skips: {
    failed: (id: string) => `${id} failed`,
    skipped: (id: string) => `${id} was skipped`,
    serverEnded: "the server has ended",
    /** `source`: the requirement that the server meets instead. */
    otherWay: (source: string) => `the server shows it in the other way (${source})`,
    tooSlow: "the server reads too slowly for so many bytes",
    /** `command` is what minichat would send. */
    noLetter: (action: keyof typeof ETX_ACTIONS, command: string) =>
      `the answer to h lists no command that ${
        ETX_ACTIONS[action]
      }, and ${command} is not it: list its letter with a description there`,
    namesGiven: "the server chooses the names",
    ...servedProgramSkips,
  },
  /** How clients got their names, at the end of the report. */
  joinedBy: {
    server: "The server chooses its clients' names: they were read in what it sends first",
    lines: (lines: string) => `Clients got their names by the line ${lines}`,
  },
  /** Without `--dialect`: what was guessed, with the flags that choose it, and why. */
  guess: {
    becauseTalk: (suite: string, flags: string) =>
      `Guessed ${suite} (${flags}): in it a message of one client reached another`,
    answersHello: (suite: string, flags: string) =>
      `Probably ${suite} (${flags}): hello was answered with an id, but in no protocol a message of one client reached another`,
    answersOk: (suite: string, flags: string) =>
      `Probably ${suite} (${flags}): a frame was answered with ok, but in no protocol a message of one client reached another`,
    greets: (suite: string, flags: string) =>
      `Probably ${suite} (${flags}): the server begins with text, but in no protocol a message of one client reached another`,
    socketFile: (suite: string, flags: string) =>
      `Probably ${suite} (${flags}): it listens at a socket file, but in no protocol a message of one client reached another`,
    showsLines: (suite: string, flags: string) =>
      `Probably ${suite} (${flags}): it shows the line of one client at a time on its screen, and answers nothing`,
    ended: (suite: string) =>
      `The server ended while its protocol was being guessed, after the first messages of ${suite}: start it again, and give --dialect`,
    none:
      "Cannot guess what the server speaks: in no protocol a message of one client reached another. Give --dialect (minichat explain lists them)",
  },
  /** The server speaks another dialect than it was checked for; `flags` choose it. */
  otherDialect: (suite: string, flags: string) =>
    `The server speaks ${suite}: check it with ${flags}`,
};
