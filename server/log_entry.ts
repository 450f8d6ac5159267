// Everything a server may write into the operator's log: each entry's word, its level, its fields, and
// what they mean. docs/operations.md has the same tables. Knows nothing of where entries go.

/** How much an entry matters, least first. */
export const LOG_LEVELS = ["debug", "info", "warning", "error"] as const;

/** One of {@linkcode LOG_LEVELS}. */
export type LogLevel = typeof LOG_LEVELS[number];

/** What each field holds, wherever it stands. */
export const LOG_FIELDS = {
  address: "where somebody comes from: an IP address, or `unix`",
  addresses: "where clients can join, as `tcp:HOST:PORT`, `tls:HOST:PORT` or `unix:PATH`",
  by: "who gave the order: `operator`, who runs the server, or an operator in the chat by name",
  cert: "the file a certificate was read from",
  changed: "limits that are others now, each by its name with what it was and is",
  clients: "connections at that moment",
  code: "`storage_full` or `storage_failed`",
  control: "the path of the control socket",
  count: "how often it has happened so far",
  detail: "what happened, in words",
  dialect: "what the client speaks, `unknown` before it has said anything",
  fault: "the exception, with its stack",
  fingerprint: "`SHA256:` and the certificate's",
  forced: "whether a second signal ended it before everyone had their goodbye",
  from: "the name before",
  id: "the number of a person's stay, which a new name does not change; `null` without one",
  kicked: "the names of those who were put out at once",
  lines: "how many entries are missing in front of this one",
  listener: "where it was accepted, as in `addresses`",
  maxClients: "most clients at once",
  messages: "how many messages",
  metrics: "where `/metrics` and `/healthz` are, or `null`",
  name: 'somebody\'s name, `""` before they have one; of `reloaded`: the part',
  order: "the command, such as `kick`",
  pid: "the process",
  problem: "what the system said",
  reason:
    "of `closed`: a code, as in docs/protocol.md; of `turned_back`: one of docs/tls.md; of `order`: the operator's words",
  replaced: "whether an announced stop was replaced",
  seconds:
    "of `storage_works`: how long it did not; of `closed`: how long it was there, `null` for one who never said what it speaks; of `order`: how long until the stop",
  sockets: "`system` (direct calls) or `runtime`",
  subject: "the name or IP address an order is about",
  to: "the name from now on",
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
  /** Always there. */
  readonly fields: readonly LogField[];
  /** There when they apply. */
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
    means: "Somebody has got a name",
    fields: ["id", "name", "address", "dialect"],
  },
  renamed: { level: "info", means: "Somebody has another name", fields: ["from", "to"] },
  closed: {
    level: "info",
    means: "A connection ended, whoever ended it",
    fields: ["id", "name", "address", "dialect", "reason", "seconds"],
  },
  turned_back: {
    level: "info",
    means: "A connection ended before its TLS handshake was done",
    fields: ["address", "reason", "detail"],
  },
  certificate: {
    level: "info",
    means: "A certificate is in force, at the start or after SIGHUP",
    fields: ["cert", "fingerprint", "until"],
  },
  certificate_expired: {
    level: "warning",
    means: "The same, and its time is over: clients that do not know it refuse it",
    fields: ["cert", "fingerprint", "until"],
  },
  order: {
    level: "info",
    means: "The operator gave an order that changed something",
    fields: ["order", "by"],
    sometimes: ["name", "subject", "reason", "until", "kicked", "seconds", "replaced"],
  },
  claimed: {
    level: "info",
    means: "Somebody has claimed the name, or changed its passphrase",
    fields: ["name", "address", "dialect"],
  },
  unclaimed: {
    level: "info",
    means: "Its owner has given the name up",
    fields: ["name", "address", "dialect"],
  },
  logged_in: {
    level: "info",
    means: "Somebody has proven a claimed name",
    fields: ["name", "address", "dialect"],
  },
  wrong_passphrase: {
    level: "warning",
    means: 'Somebody has not; `name` is `""` where nobody has claimed it',
    fields: ["name", "address", "dialect"],
  },
  wrong_password: {
    level: "warning",
    means: "Somebody has given a wrong password for the server",
    fields: ["address"],
  },
  accept_failed: {
    level: "warning",
    means: "The system refused to accept a connection; told once in a thousand times",
    fields: ["problem", "count"],
  },
  storage_failed: {
    level: "error",
    means: "Messages cannot be stored, so nothing that is said goes out; told once until it works",
    fields: ["code", "problem"],
  },
  storage_works: {
    level: "info",
    means: "Messages are stored again",
    fields: ["seconds"],
  },
  purged: {
    level: "info",
    means: "What was older than `--retain` allows has been forgotten",
    fields: ["messages"],
  },
  fault: {
    level: "error",
    means: "A bug: it cost one connection at most; please report it",
    fields: ["fault"],
  },
  log_lost: {
    level: "warning",
    means: "Entries could not be written, and now they can",
    fields: ["lines"],
  },
  reloaded: { level: "info", means: "SIGHUP: this part has been read anew", fields: ["name"] },
  reload_failed: {
    level: "warning",
    means: "SIGHUP: this part could not be read anew, what it had stays in force",
    fields: ["name", "problem"],
  },
  limits_changed: {
    level: "info",
    means: "SIGHUP: these limits have other values now",
    fields: ["changed"],
  },
  stopping: { level: "info", means: "Everybody is told goodbye", fields: ["clients"] },
  stopped: { level: "info", means: "The server has stopped", fields: ["forced", "uptime"] },
} as const satisfies Record<string, LogWordRow>;

/** A kind of entry. */
export type LogWord = keyof typeof LOG_WORDS;

type Sometimes<Word extends LogWord> = typeof LOG_WORDS[Word] extends
  { readonly sometimes: readonly (infer Field extends LogField)[] } ? Field : never;

/** What an entry of that kind tells. */
export type LogDetails<Word extends LogWord> =
  & { readonly [Field in typeof LOG_WORDS[Word]["fields"][number]]: unknown }
  & { readonly [Field in Sometimes<Word>]?: unknown };

/** Something worth a line in the operator's log: a stable word, with its own level and fields. */
export type LogEntry = {
  [Word in LogWord]: {
    readonly level: typeof LOG_WORDS[Word]["level"];
    readonly what: Word;
    readonly details: LogDetails<Word>;
  };
}[LogWord];
