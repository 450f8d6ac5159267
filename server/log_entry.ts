// The entries of the operator's log: their words, levels, fields and meanings. docs/operations.md
// has the same tables.

/** How much an entry matters, least first. */
export const LOG_LEVELS = ["debug", "info", "warning", "error"] as const;

/** One of {@linkcode LOG_LEVELS}. */
export type LogLevel = typeof LOG_LEVELS[number];

/** Meaning of each field. */
export const LOG_FIELDS = {
  address: "the client's IP address, or `unix`",
  addresses: "where clients can join, as `tcp:HOST:PORT`, `tls:HOST:PORT` or `unix:PATH`",
  by:
    "who gave the command: `operator` for the user who runs the server, or the name of an operator in the chat",
  cert: "the file a certificate was read from",
  changed: "the limits that changed, each by its name with its old and new value",
  clients: "number of connections at that moment",
  code: "`storage_full` or `storage_failed`",
  control: "the path of the control socket, or `null`",
  count: "how often this has happened so far",
  detail: "what happened, as text for a person",
  dialect: "the client's dialect, `unknown` before its first bytes",
  fault: "the exception, with its stack trace",
  fingerprint: "the certificate's fingerprint, `SHA256:` in front",
  forced: "whether a second signal ended the server before every client had its goodbye",
  from: "the old name",
  id:
    "the serial number of the session, which a new name does not change; `null` if the dialect was never recognised",
  kicked: "the names of the clients that were disconnected immediately",
  lines: "how many entries are missing before this one",
  listener: "the listener that accepted it, as in `addresses`",
  maxClients: "most clients at the same time",
  messages: "number of messages",
  metrics: "where `/metrics` and `/healthz` are, or `null`",
  name: 'the client\'s name, `""` before registration; of `reloaded`: the part',
  order: "the operator's command, such as `kick`",
  pid: "the process id",
  problem: "the system's error message",
  reason:
    "of `closed`: a code from docs/protocol.md; of `turned_back`: a code from docs/tls.md or docs/operations.md; of `order`: the operator's text",
  replaced: "whether it replaced an earlier announced stop",
  seconds:
    "of `storage_works`: how long storing failed; of `closed`: how long the client was connected, `null` if its dialect was never recognised; of `order`: how long until the stop",
  sockets: "`system` (direct calls) or `runtime`",
  subject: "the name or IP address the command is about",
  to: "the new name",
  until: "when a ban or a certificate ends, RFC 3339; `null` for never",
  uptime: "how long the server ran, in seconds",
  version: "the program's version",
} as const satisfies Record<string, string>;

/** A field an entry may have. */
export type LogField = keyof typeof LOG_FIELDS;

/** One kind of entry. */
interface LogWordRow {
  readonly level: LogLevel;
  readonly means: string;
  /** Always present. */
  readonly fields: readonly LogField[];
  /** Present if they apply. */
  readonly sometimes?: readonly LogField[];
}

/** Every kind of entry, by its stable word. */
export const LOG_WORDS = {
  listening: {
    level: "info",
    means: "The server has started",
    fields: [
      ...["version", "pid", "addresses", "maxClients", "sockets", "control", "metrics"] as const,
    ],
  },
  fewer_clients: {
    level: "warning",
    means: "The limit on open files allows fewer clients than were asked for",
    fields: ["maxClients", "problem"],
  },
  connected: {
    level: "debug",
    means: "A connection was accepted",
    fields: ["address", "listener"],
  },
  joined: {
    level: "info",
    means: "A client has registered with a name",
    fields: ["id", "name", "address", "dialect"],
  },
  renamed: { level: "info", means: "A client has changed its name", fields: ["from", "to"] },
  closed: {
    level: "info",
    means: "A connection ended, on either side",
    fields: ["id", "name", "address", "dialect", "reason", "seconds"],
  },
  turned_back: {
    level: "info",
    means: "A connection ended before its PROXY header or its TLS handshake was complete",
    fields: ["address", "reason", "detail"],
  },
  certificate: {
    level: "info",
    means: "A certificate is in use, at the start or after SIGHUP",
    fields: ["cert", "fingerprint", "until"],
  },
  certificate_expires: {
    level: "warning",
    means: "A certificate ends in less than 30 days, then 7, then 1",
    fields: ["cert", "fingerprint", "until"],
  },
  certificate_expired: {
    level: "warning",
    means: "The same, and it has expired: clients that do not know it refuse it",
    fields: ["cert", "fingerprint", "until"],
  },
  order: {
    level: "info",
    means: "An operator's command changed something",
    fields: ["order", "by"],
    sometimes: ["name", "subject", "reason", "until", "kicked", "seconds", "replaced"],
  },
  claimed: {
    level: "info",
    means: "A client has claimed the name, or changed its passphrase",
    fields: ["name", "address", "dialect"],
  },
  unclaimed: {
    level: "info",
    means: "Its owner has given the name up",
    fields: ["name", "address", "dialect"],
  },
  logged_in: {
    level: "info",
    means: "A client has proven a claimed name",
    fields: ["name", "address", "dialect"],
  },
  wrong_passphrase: {
    level: "warning",
    means: 'A client gave a wrong passphrase; `name` is `""` if the name is not claimed',
    fields: ["name", "address", "dialect"],
  },
  wrong_password: {
    level: "warning",
    means: "A client gave a wrong server password",
    fields: ["address"],
  },
  accept_failed: {
    level: "warning",
    means: "The system refused to accept a connection; logged once in a thousand times",
    fields: ["problem", "count"],
  },
  storage_failed: {
    level: "error",
    means: "Messages cannot be stored, so none is delivered; logged once until it works again",
    fields: ["code", "problem"],
  },
  storage_works: {
    level: "info",
    means: "Messages are stored again",
    fields: ["seconds"],
  },
  purged: {
    level: "info",
    means: "Messages older than `--retain` or beyond `--retain-bytes` were deleted",
    fields: ["messages"],
  },
  share_purged: {
    level: "warning",
    means: "The history is full: of one address with more than its share the oldest were deleted",
    fields: ["messages"],
  },
  history_damaged: {
    level: "warning",
    means: "Part of the history is damaged and left out, see `minichat history check`",
    fields: ["problem"],
  },
  clock_doubted: {
    level: "warning",
    means: "The clock contradicts the history: nothing is deleted by it until `retain now`",
    fields: ["problem"],
  },
  clock_believed: {
    level: "info",
    means: "Clock and history agree again",
    fields: [],
  },
  fault: {
    level: "error",
    means: "A bug that cost one connection at most; please report it",
    fields: ["fault"],
  },
  log_lost: {
    level: "warning",
    means: "Entries were lost because they could not be written; writing works again",
    fields: ["lines"],
  },
  reloaded: { level: "info", means: "SIGHUP: this part was reloaded", fields: ["name"] },
  reload_failed: {
    level: "warning",
    means: "SIGHUP: this part could not be reloaded; its old values stay in force",
    fields: ["name", "problem"],
  },
  limits_changed: {
    level: "info",
    means: "SIGHUP: these limits have new values",
    fields: ["changed"],
  },
  stopping: {
    level: "info",
    means: "The server says goodbye to every client",
    fields: ["clients"],
  },
  stopped: { level: "info", means: "The server has stopped", fields: ["forced", "uptime"] },
} as const satisfies Record<string, LogWordRow>;

/** A kind of entry. */
export type LogWord = keyof typeof LOG_WORDS;

type Sometimes<Word extends LogWord> = typeof LOG_WORDS[Word] extends
  { readonly sometimes: readonly (infer Field extends LogField)[] } ? Field : never;

/** The fields of an entry of that kind. */
export type LogDetails<Word extends LogWord> =
  & { readonly [Field in typeof LOG_WORDS[Word]["fields"][number]]: unknown }
  & { readonly [Field in Sometimes<Word>]?: unknown };

/** An entry of the operator's log: a stable word, with its own level and fields. */
export type LogEntry = {
  [Word in LogWord]: {
    readonly level: typeof LOG_WORDS[Word]["level"];
    readonly what: Word;
    readonly details: LogDetails<Word>;
  };
}[LogWord];
