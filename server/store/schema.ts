// The tables of a history, and how an older file becomes one of today. Nothing else may make a table.

/** Marks a file as a history of minichat: "mini" (PRAGMA application_id). */
export const APPLICATION_ID = 0x6d696e69;

/**
 * The steps from an empty file to today's tables; a file's `user_version` says how many it has had. A
 * step that was ever released is never changed: whoever has it would not get the change.
 */
export const MIGRATIONS: readonly string[] = [
  `
  -- Who may read a message: kind 0 everyone; 1 the people with the serials a and b (the same one
  -- twice for the server's own words to one person); 2 the group with serial a, said by serial b.
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
  -- A session that says the same thing again, because its ack was lost, says it once.
  CREATE UNIQUE INDEX message_ref ON message (session, ref) WHERE ref IS NOT NULL;
  -- Serials are handed out in blocks, so that none is used twice.
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
    held INTEGER NOT NULL             -- 1: its name is nobody else's, also after a restart
  ) STRICT;
  `,
  `
  -- What operators and the owners of names have settled. until: milliseconds since the epoch, NULL for
  -- good; key: the form under which subjects and names are compared.
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
  -- n, r and p: what the hash (scrypt) cost when it was made.
  CREATE TABLE claim (
    key TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    salt BLOB NOT NULL,
    hash BLOB NOT NULL,
    n INTEGER NOT NULL,
    r INTEGER NOT NULL,
    p INTEGER NOT NULL,
    since INTEGER NOT NULL,           -- milliseconds since the epoch
    used INTEGER NOT NULL,            -- last proven
    operator INTEGER NOT NULL
  ) STRICT;
  -- Which claim a session had proven: since and key, "" for none.
  ALTER TABLE session ADD COLUMN identity TEXT NOT NULL DEFAULT '';
  `,
  `
  -- For those that nobody went on with for longest.
  CREATE INDEX session_seen ON session (held, seen);
  `,
];
