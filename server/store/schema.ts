// The tables of a history, and the migrations that bring older files up to date. All tables are
// created here.

/** Marks a file as a minichat history: "mini" (PRAGMA application_id). */
export const APPLICATION_ID = 0x6d696e69;

/**
 * The statements from an empty file to today's tables; a file's `user_version` is the number
 * already applied. A released migration is never changed, since files that had it would not get the
 * change.
 */
export const MIGRATIONS: readonly string[] = [
  `
  -- Who may read a message: kind 0 everyone; 1 the members with serials a and b (the same one twice
  -- for a text of the server to one member); 2 the group with serial a, sent by the member with b.
  CREATE TABLE message (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,              -- milliseconds since the epoch
    sender TEXT NOT NULL,
    target TEXT,                      -- '@bob', '#cooks', NULL for everyone
    text TEXT NOT NULL,
    action INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    a INTEGER,
    b INTEGER,
    session INTEGER,                  -- the sender's serial, where the message has a ref
    ref TEXT
  ) STRICT;
  -- A message that its session sends again, because the ack was lost, is stored once.
  CREATE UNIQUE INDEX message_ref ON message (session, ref) WHERE ref IS NOT NULL;
  -- Serials are reserved in blocks, so that none is used twice.
  CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
  INSERT INTO counter VALUES ('serials', 0);
  `,
  `
  CREATE TABLE session (
    serial INTEGER PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,       -- SHA-256 of the secret, in hexadecimal digits
    name TEXT NOT NULL,
    groups TEXT NOT NULL,             -- JSON: [{name, serial, joinedAt}]
    since TEXT NOT NULL,
    seen INTEGER NOT NULL,            -- milliseconds since the epoch
    held INTEGER NOT NULL             -- 1: its name is held, also after a restart
  ) STRICT;
  `,
  `
  -- Decisions of operators and owners of names. until: milliseconds since the epoch, NULL for ever;
  -- key: the form in which subjects and names are compared.
  CREATE TABLE ban (
    key TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    until INTEGER,
    reason TEXT NOT NULL
  ) STRICT;
  CREATE TABLE mute (
    key TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    until INTEGER
  ) STRICT;
  -- n, r and p: the cost parameters of the hash (scrypt).
  CREATE TABLE claim (
    key TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    salt BLOB NOT NULL,
    hash BLOB NOT NULL,
    n INTEGER NOT NULL,
    r INTEGER NOT NULL,
    p INTEGER NOT NULL,
    since INTEGER NOT NULL,           -- milliseconds since the epoch
    used INTEGER NOT NULL,            -- when its passphrase was last given
    operator INTEGER NOT NULL
  ) STRICT;
  -- The claim whose passphrase the session gave: since and key, "" for none.
  ALTER TABLE session ADD COLUMN identity TEXT NOT NULL DEFAULT '';
  `,
  `
  -- Finds the sessions that were not resumed for longest.
  CREATE INDEX session_seen ON session (held, seen);
  `,
  `
  -- All messages up to number seq were stored at that age or before; ages are measured by time that
  -- was seen to pass. The state of that clock is in the counters age, clock and gap.
  CREATE TABLE age (
    seq INTEGER PRIMARY KEY,
    age INTEGER NOT NULL,             -- milliseconds
    clock INTEGER NOT NULL            -- the system's time then, milliseconds since the epoch
  ) STRICT;
  INSERT INTO age SELECT max(seq), min(max(at), 8640000000000000), min(max(at), 8640000000000000)
    FROM message GROUP BY at / 3600000;
  `,
  `
  -- A number for the sender's address, which means something only while that server runs.
  ALTER TABLE message ADD COLUMN source INTEGER;
  `,
];
