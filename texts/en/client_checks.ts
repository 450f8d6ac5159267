// English: the checks of clients. Expectations, what came instead, hints, and what the tester is to
// do.

import { clientCheckDialects } from "./client_check_dialects.ts";
import { clientCheckTitles } from "./client_check_titles.ts";
import { programExits } from "./program_exits.ts";

export const clientChecks = {
  titles: clientCheckTitles,
  ...clientCheckDialects,

  /** Questions and orders for the person who runs the client by hand, one line each. */
  tester: {
    start: (place: string, again: boolean) =>
      `Start your client${again ? " again" : ""} in another terminal: ${place}`,
    hostAndPort: (host: string, port: number) => `host ${host}, port ${port}`,
    socket: (path: string) => `socket ${path}`,
    type: (line: string) => `Type into your client, then press Enter: ${line}`,
    typePart: (text: string) => `Type into your client, and do not press Enter: ${text}`,
    typeName: (name: string) => `If your client asks for a name, answer: ${name}`,
    endInput: "Press CTRL-D in your client, on an empty line",
    interrupt: "Press CTRL-C in your client",
    terminate: "Send SIGTERM to your client: kill PID, from a third terminal",
    hasShown: (texts: string) => `Did your client show ${texts}?`,
    hasShownAlready: (text: string) => `Did your client show ${text} already?`,
    hasEnded: "Has your client ended?",
    hasEndedWell: "Did it end without an error message?",
    stop: "End your client, if it still runs",
    /** After a question. */
    choices: "[y/n]",
    /** Which answer a typed line is; undefined if neither. `oui` is a yes too. */
    answer: (line: string): boolean | undefined => {
      if (/^\s*[yo]/i.test(line)) return true;
      return /^\s*n/i.test(line) ? false : undefined;
    },
  },

  /** The place where clients are awaited, and the command that starts one. */
  command: {
    noPath: (place: string) => `No path in "${place}": expected unix:PATH`,
    longPath: (path: string, bytes: number) =>
      `Choose a shorter path than "${path}": a Unix socket's may have ${bytes} bytes`,
    badPlace: (place: string) =>
      `Cannot listen at "${place}": expected PORT, HOST:PORT or unix:PATH`,
    cannotListen: (place: string, reason: string) => `Cannot listen at ${place}: ${reason}`,
    pathNeedsUnix: "{path} needs --listen unix:PATH",
    portNeedsTcp: "{port} needs --listen PORT or HOST:PORT",
    noTerminal: "This system has no pseudo-terminal for the client: leave out --pty",
    noProgram: (quoted: string) => `No such program: ${quoted}, give its path, as in ./client`,
  },

  exits: programExits,

  /** Bytes and texts on the wire and on the screen. */
  data: {
    nothing: "nothing",
    /** Texts that are expected together. */
    all: (quoted: readonly string[]) => quoted.join(" and "),
    onScreen: (texts: string) => `${texts} on the screen`,
    notOnScreen: (text: string) => `no ${text} on the screen`,
    screenShowed: (text: string) => `the screen showed ${text}`,
    notSeen: "you did not see it",
    /** What came from the client, and whether its side has ended. */
    received: (data: string, end: "open" | "fin" | "reset" | "flood") => {
      const ends = {
        open: "",
        fin: ", then it closed the connection",
        reset: ", then it reset the connection",
        flood: ", it sends without end",
      };
      return data + ends[end];
    },
    stayedOpen: (received: string) => `${received}; it stayed open`,
    endAlone: "the end alone",
    notTyped:
      "It sends text of its own and not what is typed: read the lines from standard input, as they are " +
      "typed",
    nulHint:
      "The NUL that ends a C string is sent too: send strlen(text) bytes, not the size of the " +
      "buffer",
    /** A hint, where nothing was shown so far. */
    orFlush: (hint: string) =>
      `${hint}; if it shows when the program ends, the output is not flushed: fflush(stdout)`,
  },

  /** The start of a client and its connection. */
  start: {
    starts: "the program starts",
    checkCommand: "Check the command after --",
    connection: "a connection to the address it was given",
    noConnection: "no connection",
    showed: (received: string, screen: string) => `${received}; it showed ${screen}`,
    limits:
      "Look for a loop without a wait in it, or one that prints, allocates or forks in each turn",
    address:
      "The client takes its address from its arguments: put {host}, {port} or {path} where " +
      "they belong in the command",
  },

  /** Why a check is skipped. */
  skipped: {
    failed: (id: string) => `${id} failed`,
    notConnected: "it did not connect again",
    notIntroduced: "it did not introduce itself again",
    byHand: "it is too much to do by hand: give the command that starts the client after --",
    unknownShown: (texts: string) => `it is not known whether it showed ${texts}`,
    unknownEnd: "it is not known whether it ended",
    unknownSurvival: "it is not known whether it crashed",
    unknownSignal: "it is not known which signal ended it",
    unknownLoad: "it is not known how much processor time it used",
  },

  /** What a client speaks, if no flag says it. */
  guess: {
    /** `began` is what it sent first, which may be empty. */
    because: (title: string, dialect: string, began: string) => {
      const why = began === "" ? "sends nothing before its user types" : `began with "${began}"`;
      return `Guessed ${title} (--dialect ${dialect}): it ${why}`;
    },
  },

  /** Names that a client takes. */
  names: {
    /** The title of a registration, with where the name comes from. */
    from: {
      own: (title: string) => `${title}; the name is its own`,
      typed: (title: string) => `${title}; the name is the first line typed`,
      argument: (title: string) => `${title}; the name is an argument after the address`,
    },
    /** Why a check is skipped. */
    itsOwn: "its name is its own",
    registered: (name: string) => `"${name}" registered`,
    hint:
      "A name may have 8 characters and letters of several bytes: give its buffer room, and use " +
      "the number of bytes as its length",
  },

  /** Two lines typed as one paste. */
  pasted: {
    hint:
      "After select or poll read with read, and take all the lines out of what came: fgets, scanf and " +
      "readline of Python keep the second line in a buffer of their own, which select does not see",
  },

  /** A message that comes while a line is being typed. */
  typing: {
    /** Why a check is skipped. */
    synchronous: "it reads from the server only after a line was typed",
    noTerminal: "this system has no pseudo-terminals to run it on",
    notSeen: "the line being typed was not seen",
    /** The title of a check that failed on pipes. */
    onTerminal: (title: string) => `${title} (on a terminal; on pipes it does not)`,
    /** Expected and received. */
    lineAfter: (line: string) => `"${line}" in the line of the cursor, after the message`,
    cursorLine: (quoted: string) => `the line of the cursor shows ${quoted}`,
    /** Hints. */
    shows:
      "Wait for the server and the keyboard at the same time (select, poll or a thread): a read " +
      "of the keyboard that waits for a whole line must not hold up what the server sends",
    survives: "What was typed before the message came belongs to the line: keep it until Enter",
    redraw:
      "Before the message clear the line (\\r and ESC [K), after it write the prompt and what " +
      "was typed again; readline: rl_on_new_line and rl_redisplay; with a terminal in raw mode the " +
      "program has the line itself",
  },

  /** How clients of every dialect end. */
  endings: {
    /** Expected. */
    closes: "the connection is closed",
    exitsWithZero: "exit code 0",
    ends: "the program ends",
    endsAfterServer: "the program ends, for the server has closed",
    endsOrWaits: "the program ends or waits",
    endsCleanly: "a clean end",
    reportsServer: "the program shows that the server has closed",
    littleLoad: "less than a tenth of one processor",
    /** Received; `share` is 1 for all of one processor. */
    load: (share: number) => `${Math.round(share * 100)} % of one processor`,
    /** Hints. */
    closeAtEnd: "Standard input at its end reads as 0 bytes: close the socket and end the program",
    normalEnd: "A normal end returns 0 from main",
    spins:
      "A loop that never waits: a read that returns 0 or an error returns the same the next time, " +
      "so leave the loop",
    crashes: "What read, recv or send return is used unchecked: 0 is the end, below 0 an error",
    broken: "Writing to a closed socket fails (EPIPE or ECONNRESET; BrokenPipeError, " +
      "ConnectionResetError in Python): look at what send returns, or catch the exception, show the " +
      "user and end",
    sigpipe:
      "Writing to a closed socket raises SIGPIPE: ignore it (signal(SIGPIPE, SIG_IGN), or send " +
      "with MSG_NOSIGNAL) and look at what send returns",
    sigint: "Handle SIGINT (KeyboardInterrupt in Python): close the socket and end the program",
    readsZero:
      "A read that returns 0 means that the other side has closed: leave the loop and end the " +
      "program",
    polls:
      "It asks again and again whether something came: let select, poll or a blocking read wait",
  },
};
