// English: the likely bug and its remedy when a check of a server fails, after `to fix`.

const seeProtocol = "See docs/protocol.md, which has a whole session";

const flowEnd =
  "Each flow from the server ends with ETX (\\x03), or the client never shows its prompt again";

export const serverCheckHints = {
  /** Checks of all dialects. */
  common: {
    closedUnused:
      "The server ends the connection before it has sent anything: keep the socket that accept() returns open until its client has left, and look whether the code that serves it returns immediately or ends by an exception",
    notRead:
      "The server closed the connection or stopped reading from it: after each message go back to reading",
    notAccepted:
      "The server does not accept every client: go on calling accept() while others are connected",
    died:
      "The server ended during this check, or when the clients of the one before left: look at its last output (an exception? Segmentation fault? Broken pipe?), and run it under gdb or valgrind",
    oneClient:
      "Only the first client is served: it is answered, and the next one gets nothing. Wait for new connections and for messages in the same loop (select() or poll() over the listening socket and all clients), or start a thread for each client",
    wrongForm:
      "The text arrives, but not in the right form or without the sender's name: keep the name of each client when it registers, and send it in front of each of its messages",
    notDelivered:
      "A message of one client does not reach another: keep all connections in a list, and write each message to every one of them",
    shortRead:
      "A short read is taken for a whole message: read() may return any part of what was sent, so keep the bytes in a buffer for each client, and take a message out only when all of it has arrived",
    diesOfPieces:
      "Probably a part of a message was taken for a whole one: recv() and read() return what has arrived, which may be less than a message, so repeat them until all of it is there",
    severalPerRead:
      "One read() may bring several messages: after the first one look again at what is left in the buffer, and handle each",
    keepRest:
      "What is left in the buffer after a message is the beginning of the next one: keep it, and append what the next read() brings",
    growBuffer:
      "The message is longer than a buffer: go on reading into a buffer that grows until the end of the message has arrived, never pass on the pieces as if each were a message",
    sendToAll:
      "Only some clients get the message: the loop that sends it must go over all of them, and stop neither at the sender nor at a free place in the list",
    sentTwice:
      "The message is sent twice to the same client: one entry for each client in your list is enough",
    leftovers:
      "The end of an earlier, longer message is sent again: send only as many bytes as this message has, and end a string with \\0 before you use it as one",
    unchanged:
      "The text is changed on its way: copy its bytes as they are, do not take it apart at spaces, and never use what a client sent as the format of printf()",
    leaveOutSender:
      "A message is for all the others: leave out the sender in the loop that sends it",
    includeSender:
      "A message is for all clients: do not leave out the sender in the loop that sends it",
    sigpipe:
      "The server ended when it wrote to a client that had disconnected: such a write raises SIGPIPE, which ends the program. Call signal(SIGPIPE, SIG_IGN) at the start (or use send() with MSG_NOSIGNAL), and take EPIPE (BrokenPipeError in Python) for a client that has left",
    removeClient:
      "A client that left disturbs the others: when read() returns 0 or -1 (ECONNRESET), close the socket and take the client out of your list, and leave the rest alone",
    failedWrite:
      "The server ends the connection of one client because it cannot write to another: a write to a client that has left fails with EPIPE or ECONNRESET (BrokenPipeError, ConnectionResetError in Python) and raises SIGPIPE. Call signal(SIGPIPE, SIG_IGN) in C, look at the result of each write or catch its exception inside the loop that writes to all, and let go of that one client alone",
    stalePlace:
      "A new client inherits the place of one that left: empty the buffer and the name of a place in the list when its client leaves",
    blocked:
      "The server waits for one client and serves no other: never read in a loop until a message is complete; read once when poll() or select() says so (non-blocking), keep what came, and go back to waiting for all",
    lostAtEnd:
      "The end of a connection loses what came before it: handle all that is in the buffer before you close the socket",
    halfClosed:
      "A client that has ended its side (shutdown with SHUT_WR) still reads: answer what it asked before you close the socket",
    closeSocket:
      "read() returns 0 when a client has left: close its socket then, or it stays open for ever and select() reports it again and again",
    /** `chars`: how many characters of a longer name are left. */
    nameCut: (chars: number) =>
      `Names are cut to ${chars} characters: that is short enough for a pseudo and long enough for most, but two names that differ only after that are one. Say in the answer what the name is now, or refuse a longer one`,
    nameLost:
      "A client with a longer name is not shown under it: take names of any reasonable length, or refuse them with an answer that gives the limit",
    nameAccents:
      "A name with an accent is not shown as it was given: it is more than one byte for each letter (UTF-8), so copy its bytes as they are, and do not test them with isalpha() or decode them as ASCII",
    takenName:
      "A name that is taken is given to a second client: look through your list when a client registers, and refuse the name or change it",
    blockedWrite:
      "The server waits in write() until one client has read: make the sockets non-blocking, keep what a client does not take in a queue of its own, and let go of one whose queue grows too long",
  },
  usermsg: {
    newline:
      "Without a newline a client cannot tell where one message ends and the next one begins: send MSG, the name, the text and \\n, and no \\0",
    carriageReturn:
      "The carriage return becomes part of the name: leave out a \\r in front of the newline",
    onlyMsg:
      "A line that does not begin with MSG is passed on as a message: compare the first word with MSG before you send the rest, and leave out or refuse any other line",
    diesOfLine:
      "A line that is not expected ends the server: look at what strtok(), strchr() or sscanf() returns before you use it",
    unknownLine:
      "After a line that it does not know the server serves the others no more: ignore the line, or close that connection alone",
  },
  framed: {
    /** `events`: connections, messages and departures until then. */
    countsRounds: (events: number) =>
      `The server ended after about ${events} events (connections, messages, departures): its loop seems to have a finite number of rounds, as exercise 5 asks for. For exercise 6 make the loop endless (while (1)), and end it at SIGINT and SIGTERM alone. If it should not have ended, look at its last output: an exception, a segmentation fault?`,
    takesNoHeader:
      "The server takes no header off: the others receive the sender's own header (nature and length) in front of the text, so it passes bytes on and reads no frames. Read the int and the size_t first, then as many bytes as the length says, and send those after the sender's name",
    splitHeader:
      "A header that arrives in pieces is taken for a whole one: read until all bytes of the header have arrived, look at the length, then read until all of the text has arrived",
    diesOfPieces:
      "Probably a header or a text arrived in pieces: recv(n) and read() return what has arrived, which may be fewer than n bytes, so repeat them until all bytes of the header are there, then until all bytes of the text are there",
    textWithHeader:
      "The text is expected in the same read() as the header: when only the header has arrived, wait for as many bytes as it announces",
    okForEach:
      "The sender waits for the two bytes ok after each of its messages: write them to its connection once a message is read",
    bareOk:
      "After ok come bytes that belong to no message: write exactly two bytes, not the whole buffer and not the \\0 at the end of the string",
    registrationOrder:
      "The first client to connect need not register first: keep a name for each socket, not for each number in the order of arrival",
    broadcastFrame:
      "A client cannot tell where bare text ends: send broadcasts as frames too, and minichat connect can join",
    diesOfLength:
      "A client may announce any length: compare it with a limit before you call malloc() or read, and close the connection of a client that exceeds it",
    hugeLength:
      "The server waits for a text that never ends, or has run out of memory: compare the length with a limit before you use it",
  },
  etx: {
    helloLine:
      "The answer to hello is the client's id (and its name) as one line that ends with \\n, not ETX: the session is not set up before that",
    flowEnd,
    defaultName: `The name of a client is its id until it chooses another. ${flowEnd}`,
    ownName: (command: string) =>
      `${command} asks for the client's own name: answer it, and end the answer with ETX (\\x03). The sheet gives the letter h alone; the others are those of the answer to h, or of minichat explain etx`,
    firstLetter:
      "Look at the first character of the command only, and skip the rest up to the next space",
    helpLines: "One line for each command is easiest to read; ETX, not \\n, ends the text",
    wholeList: "Put the whole list together and send it once, with one ETX at its end",
    lowestId:
      "Give a new client the first free place of your table, and free the place of each client that leaves",
    rename: "The server keeps the names: store the new one, and use it in the list and in messages",
    refuseRename:
      "Before a name is changed, look through the table whether another client has it, and refuse it then",
    refuseHello:
      "The rule for changing a name holds for hello too: no two clients have the same name",
    diesOfCommand:
      "The server crashed on a command without its arguments: strtok() returns NULL when there is no further word",
    eot: "EOT marks the end of the session for the client: send it, then close the socket",
    freePlace:
      "When a client sends bye or read() returns 0, free its place in the table and close its socket",
    recipient:
      "Look the recipient up among the names of the clients, then among those of the groups, and write to that client, or to the members of that group, alone",
    groupMembers: "For each group send its name and the names of its members, all in one flow",
    deleteGroup:
      "When a client leaves, clear its flag in every group, and delete each group that has no member any more",
    showName:
      "The reader cannot tell who sent a message: put the sender's name and `: ` in front of the text",
    controlCharacters:
      "A control character in a text passes for the server's own: take ETX and EOT out of what clients send",
  },
  plain: {
    welcome:
      "A person with telnet sees nothing but what the server sends: unless your own client program shows a welcome and the list of commands, send them as soon as accept() returns",
    listCommands:
      "A person with telnet cannot know the commands: unless your own client program lists them, send the list (@pseudo and @tous among them) after the welcome",
    nameNotFound:
      "The text arrives, but without the client's name: the first line, the commands that the server names and the usual ones (/nick, /pseudo, /login) were tried as the way to choose a name. Send each message with its sender's name; if names are given in another way, say how: --join '/command {name}'",
    private:
      "@pseudo TEXT is for the client of that name alone: look the name up in your list, and write to that one socket",
    /** `command` works instead of `@pseudo`. */
    privateOtherwise: (command: string) =>
      `${command} PSEUDO TEXT reaches that client alone, but the sheet writes @pseudo: take @pseudo TEXT for the same command`,
    diesOfName:
      "The server ended when a client wrote to a pseudo that no client has (@pseudo of an unknown person): look the name up before you use what the list returns (KeyError in Python, NULL in C), and answer the sender that no client is called that",
    unknownName:
      "After a message to a pseudo that no client has, the sender or the others are served no more: look the name up before you use what the list returns (KeyError in Python, NULL in C), and answer the sender that no client is called that",
    showArrivals:
      "A client cannot know who is connected: notify all the others of each new client, or have a command that lists the names",
    showDepartures:
      "A client cannot know who has left: when read() returns 0, take the client out of your list and notify the others",
    carriageReturn:
      "telnet ends a line with \\r\\n: leave out the \\r, or it becomes part of the name and of each text",
    confirm:
      "The sheet's client waits for an answer to each line and is stuck without one: confirm each message to its sender",
    bareLine:
      "A line without @tous is meant for everyone: send it to all, or at least answer how to address people",
  },
  native: {
    welcome: `A hello is answered with welcome. ${seeProtocol}`,
    ref: `The direct answer to a request carries its ref. ${seeProtocol}`,
    ack:
      `A message is acknowledged once it is stored; recipients counts the others. ${seeProtocol}`,
    unknownField: "Unknown fields are ignored: later versions add some",
    unknownType:
      "A request of an unknown type is answered with an error, and the connection stays open",
    notJson: "A line that is not JSON is answered with an error, and the connection stays open",
    missingField: "Check each field of a request before you use it",
    noSuchName: "Look the name up before you send, and answer an error if no client has it",
    bye: "bye is answered with a last line, closed, and then the connection ends",
    private: "A message with `to` goes to that person alone",
    joinedAndLeft: "All other clients are notified of each client that joins or leaves",
  },
};
