// English: what the checks of one dialect's clients expect and receive, why they skip, and how to
// fix.

const READ_IS_NO_LINE =
  "it may be half of one, or several. Keep what came in a buffer, and take a line out of it at each " +
  '"\\n"';
const NO_ZERO_EXIT = "an exit code that is not 0";

export const clientCheckDialects = {
  native: {
    suite: "native (docs/protocol.md)",
    /** Expected. */
    helloFields: "a name that is text, and version 1",
    jsonLine: (type: string) => `a line of JSON whose type is ${type}`,
    request: (type: string) => `a ${type}`,
    text: (quoted: string) => `the text ${quoted}`,
    refInEachSay: 'a "ref" in each say',
    /** Received. */
    otherRequests: (count: number) => `${count} other requests`,
    noRef: "none",
    /** Why a check is skipped. */
    sentNothing: "it has sent nothing",
    notLeft: "it has not left",
    /** Hints. */
    hello: 'One JSON object on one line: {"type":"hello","name":"ana","version":1}',
    say: 'A typed line is sent as {"type":"say","text":"..."} and a newline; JSON.stringify, ' +
      "json.dumps and the like write quotes and accents rightly",
    oneRead: `What one read returns is no line: ${READ_IS_NO_LINE}`,
    shows: "A message has from and text: show both, also while waiting for the keyboard",
    endOfInput: "Standard input at its end reads as 0 bytes: send bye, close the socket, end",
    unknown:
      "Skip a type that is not known, ignore a field that is not known: later versions add some",
    ref: 'With "ref": 1, 2, 3, ... the acknowledgement tells which message was stored',
    escapes: "\\u00e9 inside a JSON string is é: leave it to a JSON parser",
    bye: 'A client that leaves sends {"type":"bye"} first: the others then read that it left',
    closed: "closed is the last line of a connection: end after it",
  },
  framed: {
    suite: "framed (sheet 000)",
    /** Expected and received. */
    registration: "a frame: an int 0, the length of the pseudo, the pseudo",
    registrationIn: (header: string) =>
      `an int 0, a length, as many bytes of pseudo; the header is ${header}`,
    onePacket: "header and text in one packet",
    packets: (count: number) => `${count} packets for one frame`,
    oneCall: "one write for each frame",
    /** The sizes of the writes, as strace shows them. */
    calls: (sizes: readonly number[]) =>
      `${sizes.length} writes for one frame, of ${sizes.join(" and ")} bytes (strace)`,
    /** The header of a frame: 16, 12 or 8 bytes. */
    header: (bytes: 16 | 12 | 8, littleEndian: boolean) => {
      const parts = {
        16: "an int, 4 bytes of padding and a 64-bit length (a C struct)",
        12: "an int and a 64-bit length",
        8: "an int and a 32-bit length",
      };
      return `${bytes} bytes: ${parts[bytes]}, ${littleEndian ? "little" : "big"}-endian`;
    },
    /** The title of the check `registers` once the header is known. */
    registersIn: (header: string) => `Registers its pseudo first; its header is ${header}`,
    /** Why a check is skipped. */
    bareText: "it takes broadcasts as bare text, not as frames",
    noBroadcast: "it shows no broadcast",
    noFrame: "it sent no frame",
    noStrace: "two writes in a row mostly arrive together: install strace, which shows them",
    straceFailed: "strace could not follow the program",
    /** Hints. */
    frame:
      "A frame is an int (0 registers, 1 is a message), a size_t with the length of the text in " +
      "bytes, and exactly so many bytes of text",
    firstInt: "The first frame registers the pseudo: its int is 0",
    tooShort: (length: number, came: number) =>
      `The header says ${length} bytes of text and ${came} came: the length is strlen(pseudo)`,
    pseudoAlone: "The text is the pseudo alone: its length is strlen(pseudo)",
    tooLong: (length: number) =>
      `The header says ${length} bytes of text and more came: write the header and as many bytes as ` +
      "it says, not the whole buffer",
    whole:
      "One read may return half a frame or several: read until the header is whole, then until " +
      "as many bytes of text have come as it says, and keep the bytes after them",
    broadcast:
      "What the server sends to all is shown with the pseudo in front, also while the client " +
      "waits for the keyboard: watch both with select",
    koEarly: "ko means that the message was received: show it when ok was read, not before",
    koAfterOk: "Once the two bytes ok have been read, the client shows ko",
    oneWrite:
      "Put header and text into one buffer and write it once (or use writev): between two " +
      "writes another program's bytes can come, and the reader sees half a frame",
  },
  usermsg: {
    suite: "usermsg (sheet 004)",
    /** Expected. */
    userLine: '"USER name\\n" and nothing else',
    /** Hints. */
    byteOrderMark:
      "The three bytes EF BB BF in front are a byte order mark: write UTF-8 without one (in Python " +
      "utf-8, not utf-8-sig)",
    nul: "The NUL that ends a C string is sent too: send strlen(line) bytes",
    noNewline: 'The newline is missing: send "USER name\\n"',
    carriageReturn: 'The line ends with "\\n" alone, without "\\r"',
    oneWord: "One line with one word as the name, and nothing after it",
    user: "The first input of the user is the name: send it as USER, a space, the name, a newline",
    oneRead: `What one read returns is no message: ${READ_IS_NO_LINE}`,
    wholeLines:
      `What one read returns is no message: ${READ_IS_NO_LINE}; only a whole line is decoded`,
    asTyped: "A typed line is sent as MSG, a space, the line and one newline, in UTF-8",
    shows: "The client reads MSG name text and shows the name and the text",
    showsUnasked:
      "The client reads MSG name text and shows the name and the text, also while it waits " +
      "for the keyboard: watch both with select, poll or a thread",
    longIn: "The buffer is shorter than a message: read until the newline",
    longOut: "A line that is longer than the buffer is sent in parts: read it to its end first " +
      "(getline)",
  },
  etx: {
    suite: "etx (sheet 003)",
    /** Expected. */
    helloLine: '"hello\\n" or "hello NAME\\n"',
    promptAfterText: "the prompt after the text",
    byeThenEnd: '"q", then the end',
    byeLetters: '"q" or "q\\n"',
    failureCode: NO_ZERO_EXIT,
    explanation: "an explanation",
    /** Why a check is skipped. */
    noPrompt: "it shows no prompt when its input is a pipe",
    noBye: "it has not sent bye",
    notRun: "it was not run with a wrong port, or did not end",
    /** Hints. */
    hello:
      "The first thing on the connection is the command hello on a line of its own: the answer " +
      "to it is the id",
    untouched: "A typed line is sent as it is, with its newline: nothing in front, nothing removed",
    untilEtx:
      "A text ends at ETX (\\x03) and nowhere else: a newline is part of it, and one recv may " +
      "return half of it, or the end of one and the start of the next",
    listener: "The listener shows what comes while the sender waits for the keyboard",
    etxByte: "ETX marks the end and is no text: leave it out",
    thisPrompt: (quoted: string) => `At ETX the prompt ${quoted} is printed again`,
    prompt: "At ETX the prompt is printed again",
    eot: "EOT (\\x04) closes the session: listener and sender both end, whatever the keyboard does",
    bye: "However the client ends, it first sends the command bye (q), then closes the socket",
    byeLetter:
      "minichat's server knows bye as the single letter q: any other word is another command " +
      "there",
    badPort: "Wrong arguments end the program early, with an explanation and exit(1)",
  },
  plain: {
    /** Expected; why the check is skipped; the hint. */
    welcomeFirst: "a welcome and the list of commands, before anything is typed",
    notSeen: "you start it, and have seen yourself what it shows first",
    welcome:
      "When it starts, the client shows a welcome and its commands (@pseudo, @tous, how to list, how " +
      "to leave), unless the server sends them to each client that connects",
    /** The title of a check, with what stands before each typed line. */
    withPrefix: (title: string, prefix: string) => `${title}; "${prefix}" stands before it`,
    suite: "plain (sheets 001 and 002)",
    /** Expected. */
    failureCode: NO_ZERO_EXIT,
    usageLine: 'a line with "Usage:"',
    /** Why a check is skipped. */
    notRun: "it was not run without its arguments, or did not end",
    /** Hints. */
    asTyped: "Each typed line is sent as it is, with its newline",
    shows: "What recv returns is written to standard output, whole, until it returns nothing",
    asynchronous:
      "The client waits for the keyboard and reads nothing meanwhile: watch both with " +
      "select (the sheet: make it asynchronous)",
    exitCode: "Wrong arguments end the program: exit(1)",
    usage: "Without its arguments it shows Usage: PROGRAM HOST PORT",
    halfClose:
      "At the end of standard input: shutdown(SHUT_WR), which tells the server that no more " +
      "will come",
    stillOpen:
      "After shutdown(SHUT_WR) the other direction is still open: read until recv returns " +
      "nothing, then close",
  },
};
