// Sizes that both ends of a connection must agree on. Operational limits (queues, timeouts, number
// of clients) are in server/limits/limits.ts.

/** Longest text of one message, in UTF-8 bytes; a longer one is refused, never cut (D18). */
export const MAX_MESSAGE_BYTES = 8192;

/**
 * Longest line of a text dialect, in bytes without its line ending: a full message plus room for
 * `MSG `, `@name ` or a command word. A longer line, with or without a newline, closes the
 * connection.
 */
export const MAX_TEXT_LINE_BYTES = MAX_MESSAGE_BYTES + 512;

/** Longest payload of a frame a client may send, in bytes: the same as a line (D2). */
export const MAX_FRAME_BYTES = MAX_TEXT_LINE_BYTES;

/** Longest payload of a frame a client accepts from a server, in bytes. */
export const MAX_SERVER_FRAME_BYTES = 64 * 1024;

/**
 * Longest line a client may send in `native`, in bytes. JSON may spell any character as `\\u00e9`, and
 * Python does so: six bytes for one or two, so a message of full length still fits.
 */
export const MAX_NATIVE_LINE_BYTES = 64 * 1024;

/** Longest line a client accepts from a server, in bytes: a list of members is one line. */
export const MAX_SERVER_LINE_BYTES = 4 * 1024 * 1024;

/** Longest name of a person or group, in characters (code points) after normalisation. */
export const MAX_NAME_CHARS = 32;

/**
 * Longest spelling of a name before it is normalised, in UTF-16 units: {@linkcode MAX_NAME_CHARS}
 * characters, each taken apart into its letter and more marks than any script has. A longer one is
 * no name, and is not looked at: normalising takes quadratic time.
 */
export const MAX_NAME_UNITS = 8 * MAX_NAME_CHARS;

/** Most objects and arrays inside each other in a line of JSON from a client. */
export const MAX_JSON_DEPTH = 32;

/** Most keys and elements in one object of JSON from a client, with those of all objects in it. */
export const MAX_JSON_ITEMS = 512;

/** Most objects of JSON without a line end between them that a client may send. */
export const MAX_JSON_OBJECTS = 256;

/** Longest reason given to a kick, a ban or a goodbye, in characters. */
export const MAX_REASON_CHARS = 200;

/** Most members, groups or messages in one answer; the answer's `total` counts all. */
export const MAX_LISTED = 1000;

/**
 * Most names in one list of members with their groups, or of groups with their members: the list
 * fits the reader's send queue however long the names are.
 */
export const MAX_NAMES_LISTED = 4 * MAX_LISTED;

/** Most names in each list of a `presence` event. */
export const MAX_NEWS_NAMES = 20;

/**
 * Most text in one page of history, in UTF-16 units, so that it fits the send queue; the next page
 * has the rest.
 */
export const MAX_PAGE_CHARS = 16 * MAX_MESSAGE_BYTES;

/**
 * The same for the messages replayed to a new member; lower, since many may join at the same time.
 */
export const MAX_REPLAY_CHARS = 4 * MAX_MESSAGE_BYTES;

/** Longest countdown of a shutdown, in seconds: a day (D10). */
export const MAX_SHUTDOWN_SECONDS = 86_400;

/** Default TCP port of servers and clients (R45, R56). */
export const DEFAULT_PORT = 8080;

/** The version of the native protocol this program speaks. */
export const NATIVE_VERSION = 1;
