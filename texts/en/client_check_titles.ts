// English: what each check of a client shows, by the id of its step. `bytes` is the length of a
// long text.

const CONNECTS = "Connects to the address it is given";
const SENDS_AGAIN = "Sends a second line the same way";
const TWO_MESSAGES = "Shows two messages that come in one packet";

export const clientCheckTitles = {
  /** Of every dialect. */
  ending: {
    "end-of-input":
      "At the end of its input (CTRL-D) closes the connection and ends with exit code 0",
    "server-closes": (mayReconnect: boolean) =>
      `Ends when the server closes the connection${mayReconnect ? ", or connects again" : ""}`,
    "server-vanishes":
      "Survives a server that disconnects in the middle of a message: no crash, no endless loop",
    "typed-to-nobody": "Is not killed (SIGPIPE) when a line is typed after the server has closed",
    interrupt: "Ends cleanly at CTRL-C (SIGINT): closes the connection, shows no error",
    idle: "Uses no processor time while there is nothing to do",
  },
  names: {
    "other-names": "Takes a name of 8 characters, and one with an accent",
  },
  pasted: {
    "pasted-lines": "Sends both of two lines that are typed, or come from a pipe, at the same time",
  },
  typing: {
    "while-typing":
      "On a terminal, shows a message while a line is being typed, and sends that line whole",
    "line-redrawn": "On a terminal, shows the line being typed again after a message",
  },
  native: {
    connects: CONNECTS,
    hello: "Sends hello first, version 1",
    sends: "Sends a typed line as say",
    "sends-json": "Sends quotes, backslashes and accents as JSON writes them",
    ref: "Gives each say a ref, by which its acknowledgement is known",
    shows: "Shows a message with its sender, though nothing is typed",
    escapes: "Reads JSON that writes accents as \\u00e9",
    unknown: "Ignores a type and fields it does not know",
    "two-in-one": TWO_MESSAGES,
    "in-pieces": "Shows a message that comes in pieces, one cut inside a character",
    long: (bytes: number) => `Shows a message of ${bytes} bytes whole`,
    "end-of-input": "At the end of its input (CTRL-D) closes its side and exits with 0",
    bye: "Sends bye when it leaves",
    closed: "Ends after closed",
  },
  framed: {
    connects: CONNECTS,
    registers: "Registers its pseudo first, in one consistent frame",
    sends: "Sends a typed line as a frame of nature 1",
    "sends-again": `${SENDS_AGAIN}, in UTF-8`,
    ko: "Shows ko when it has read ok, not before",
    "one-write": "Writes header and text in one write",
    broadcast: "Shows a broadcast with its sender, though nothing is typed",
    "split-header": "Reads a frame that is cut in its header",
    "split-text": "Reads a frame that is cut in its text, inside an accented letter",
    "two-in-one": "Reads two frames that come in one packet",
    "ok-and-frame": "Separates ok from a frame that follows it in the same packet",
    long: (bytes: number) => `Shows a broadcast of ${bytes} bytes whole`,
  },
  usermsg: {
    connects: CONNECTS,
    "user-first": "Sends USER and the name, once it has the name",
    "shows-at-once": "Shows a message that comes before anything is typed",
    sends: "Sends a typed line as MSG and the text",
    "sends-again": SENDS_AGAIN,
    "shows-after-typing": "Shows a message that comes between two typed lines",
    "two-in-one": TWO_MESSAGES,
    "in-pieces": "Shows a message that comes in three pieces as one",
    "utf8-out": "Sends accents and emoji as they were typed",
    "utf8-in": "Shows a letter whose two bytes come in two packets",
    "long-in": (bytes: number) => `Shows a message of ${bytes} bytes whole`,
    "long-out": (bytes: number) => `Sends a line of ${bytes} bytes as one message`,
  },
  etx: {
    usage: "Prints an explanation when the port is 99999, and exits with a failure",
    connects: CONNECTS,
    hello: "Sends hello first, ended by a newline",
    shows: "Shows a text when its ETX comes, though nothing is typed",
    sends: "Sends a typed line untouched",
    "sends-again": "Sends a second one untouched, spaces and accents too",
    "several-lines": "Shows a text of several lines whole",
    "in-pieces": "Shows a text that comes in three pieces as one",
    "two-in-one": "Shows two texts that come in one packet",
    "etx-unseen": "Does not print the ETX byte",
    "prompt-again": "Prints its prompt again after a text",
    long: (bytes: number) => `Shows a text of ${bytes} bytes whole`,
    eot: "Ends at EOT",
    "end-of-input": "At the end of its input (CTRL-D) sends bye and exits with 0",
    interrupt: "At CTRL-C (SIGINT) sends bye and ends",
    terminate: "At SIGTERM sends bye and ends",
    bye: "Sends bye as the single character q",
  },
  plain: {
    welcome: "Shows a welcome and the list of commands first, or leaves that to the server",
    usage: "Prints its usage when its arguments are missing, and exits with a failure",
    connects: "Connects to the host and port it is given",
    sends: "Sends a typed line",
    "shows-reply": "Shows the reply to a line",
    "goes-on": "Sends a third line and shows a third reply, accents whole",
    "long-reply": "Shows a reply of 3,000 bytes whole",
    unasked: "Shows what comes while nothing is typed",
    "two-in-one": "Shows two lines that come in one packet",
    "end-of-input": "At the end of its input (CTRL-D) closes its side and exits with 0",
    "last-reply": "Shows a reply that comes after the end of its input",
  },
};
