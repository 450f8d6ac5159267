// English: the checks of a server that the check starts itself: titles, what is expected and
// received, hints, and why it could not be started.

import { programExits } from "./program_exits.ts";

/** What the check of a server says about its program. */
export const servedProgram = {
  exits: programExits,
  /** How it ended, with the end of what it printed. */
  withLastLines: (how: string, lines: string) => `${how}: ${lines}`,
  stoppedListening: "it no longer listens",
  noTerminal: "this system has no pseudo-terminal for its console",
  /** Why it cannot be checked. */
  noProgram: (name: string) => `There is no program ${name} to start`,
  endedFirst: (how: string, lines: string) =>
    `The server did not listen, ${how}${lines === "" ? "" : `: ${lines}`}`,
  neverListened: (seconds: number, lines: string) =>
    `The server does not listen on any port or socket after ${seconds} s${
      lines === "" ? "" : `; its last lines: ${lines}`
    }`,
  listensElsewhere: (place: string, given: string) =>
    `The server listens on ${place}, not on ${given} that it was given: ${place} is checked`,
  /** After "because": a check needs the server again. */
  notAgain: (why: string) => `the server could not be started again (${why})`,
  /** A check failed, and the server ended meanwhile. */
  alsoEnded: (received: string, how: string) => `${received}; the server has ended: ${how}`,
  /** A check failed, and the server printed a stack trace meanwhile. */
  alsoPrinted: (received: string, line: string) => `${received}; the server printed: ${line}`,
};

export const servedProgramTitles = {
  usage: "Prints its usage when it is started without its arguments",
  "wrong-port": "Prints its usage when the port is no port: abc, 99999",
  "shows-address": "Shows its IP address and port when it starts",
  "operator-commands": "Shows the operator's commands when it starts: wall, kick, shutdown",
  "same-port": "Starts again on the same port, right after a client was connected",
  wall: "wall TEXT at its console reaches all clients",
  kick: "kick NAME at its console ends that client's connection alone",
  shutdown: "shutdown 2 at its console announces the end, and ends it after 2 s",
  "first-message": "Shows what echo -n and nc -U send, without a frame",
  "socket-removed": "Removes its socket file at its end",
  sigint: "SIGINT (CTRL-C) ends it and removes its socket file",
  sigterm: "SIGTERM (kill) ends it and removes its socket file",
  "sigint-eot": "SIGINT (CTRL-C) sends EOT to each client and ends it",
  "sigterm-eot": "SIGTERM (kill) sends EOT to each client and ends it",
  rounds: "Takes three connections, then their registrations in another order",
  endless: "Goes on after 12 clients that have come and left",
  screen: "Shows each message on its screen with the sender's name",
  "port-8080": "Listens on port 8080",
  "line-shown": "Shows the line of a client on its screen",
  "line-in-pieces": "Shows a line that arrives in pieces as one line",
  "answer-typed": "Sends what is typed at its keyboard after the client's line",
  "in-turns": "Client and server speak in turns, again and again",
  "both-ways": "Both sides can speak at any time (exercise 4)",
};

/** What is expected of the program. */
export const servedProgramExpected = {
  usage: "it prints how to start it, and ends",
  addressAndPort: (port: number) => `an IP address and the port ${port} on its screen`,
  commands: "wall, kick and shutdown on its screen before any client is there",
  startsAgain: (port: number) => `it starts again and listens on port ${port}`,
  wall: (text: string) => `"${text}", which was typed after wall,`,
  announcement: (seconds: number) => `the announcement that the server stops in ${seconds} s`,
  runsUntil: (seconds: number) => `it serves its clients until the ${seconds} s have passed`,
  endsAfter: (seconds: number) => `the end of its connection after ${seconds} s`,
  programEnds: "the program ends cleanly after its connections",
  endsBySignal: (signal: string) => `it ends within 3 s after ${signal}`,
  socketRemoved: (path: string) => `${path} is removed`,
  onScreen: (text: string) => `"${text}" on its screen`,
  namedOnScreen: (name: string, text: string) => `${name} and "${text}" on its screen`,
  sixEvents: "it goes on through 3 connections and 3 registrations",
  visits: (clients: number) => `it goes on while ${clients} clients come and leave`,
  port: (port: number) => `it listens on port ${port}`,
  bothWays: "lines both from the client and from the keyboard, each without waiting for the other",
};

/** What came instead. */
export const servedProgramReceived = {
  onScreen: (lines: string) => `on its screen: ${lines}`,
  listens: "it starts and listens",
  endedEarly: "it ended its connections, or itself, before that",
  stillThere: "the file is still there",
  endedAfterVisits: (clients: number, how: string) =>
    `after ${clients === 1 ? "1 client" : `${clients} clients`} ${how}`,
  waitsToSend: "nothing of what is typed, before it has sent a line itself",
};

export const servedProgramHints = {
  usage:
    "Compare the number of arguments (argc, len(sys.argv)) and the port with what is needed at the start; print a line such as Usage: ./server PORT and exit with status 1",
  showAddress:
    "The students of the sheet must know where to connect: print the IP address and the port once listen() has succeeded",
  showCommands:
    "Print the list of the operator's commands first when the server starts: wall TEXT, kick NAME, shutdown N",
  reuseAddress:
    "The port is kept by the system for a minute after a connection that the server ended: set SO_REUSEADDR with setsockopt() before bind()",
  wall:
    "Put the keyboard (descriptor 0) into the same select() or poll() as the sockets, or read it in a thread; write the text after wall to every client",
  kick: "Look up the name after kick, and close that client's socket after a last word to it",
  kickAlone: "Only the client that is sent away leaves: take it out of the list, and go on",
  shutdown:
    "shutdown N tells every client that the server stops in N seconds: write to each before you wait",
  announceShutdown: "Tell every client in how many seconds the server stops, before you stop it",
  shutdownEarly:
    "The clients have N seconds: go on serving them meanwhile (a timeout of select(), alarm() or a timer), never sleep()",
  shutdownLate: "After N seconds close every client's socket and the listening one, and exit",
  shutdownClean:
    "After N seconds end the program in order: close the sockets and return from main()",
  handleSignal:
    "Install a handler for the signal with sigaction() or signal(): it sets a flag that ends the loop (select() returns -1 with EINTR)",
  unlink:
    "Remove the socket file with unlink() (os.unlink() in Python) on every way out of the program, after the loop that a signal ends too",
  eot:
    "When the server is stopped it ends each session: write EOT (\\x04) to each client, close its socket, then end",
  firstMessage:
    "echo -n sends a text without a newline and without a frame, and nc then ends its side: read until read() returns 0, and print what came",
  rounds:
    "Accept connections and read from those that are there, whichever select() reports: a client that is connected need not be the next to send",
  endless:
    "The loop of exercise 5 ends after some rounds; exercise 6 makes it endless: replace the loop over rounds by one that only a signal ends",
  screen: "Print each message on the server's own screen, with the name of its sender in front",
  port: (port: number) => `The sheet's server waits on port ${port}`,
  showLines: "Print each line that the client sends as soon as it has arrived",
  sendTyped:
    "After the client's line is shown, read a line from the keyboard and send it with its newline",
  goOn: "The dialogue is an endless loop: after the answer wait for the next line of the client",
  bothWays:
    "Two processes (fork), each for one direction, or select() on the socket and the keyboard: neither direction waits for the other",
  lostClient:
    "A write to a client that has left raises BrokenPipeError or ConnectionResetError: catch it around each send, close that one socket, and go on",
  exception: (line: string) =>
    `The program ended by an exception that it did not catch (${line}): look up the line in its stack trace, and handle that case`,
  fault: (signal: string) =>
    `The program used memory that is not its own (${signal}): compile with -g -fsanitize=address and run it again, the first report shows the line`,
  endedItself:
    "The program came to its end by itself, without an error: probably a loop with a number of rounds (exercise 5 of sheet 000 has one, exercise 6 makes it endless), or one that ends with its first client",
};

/** Why a check was not tried. */
export const servedProgramSkips = {
  noArguments: "the command has no {port} or {path} to leave out",
  noPort: "it listens at a socket file",
  noSocketFile: "it listens on a port: give it {path} in place of {port}",
  portGiven: "the port is given on its command line: leave {port} out to try the default",
  laterExercise: "it reads frames (exercise 2): check the server of exercise 1 alone",
  showsLinesOnly: "it shows lines and sends nothing (exercise 1): check the server of exercise 3",
  hasDoneItsRounds:
    "it ended by itself after some rounds (exercise 5): make its loop endless (exercise 6)",
  takesTurns: "it waits for its turn (exercise 3): check the server of exercise 4",
};
