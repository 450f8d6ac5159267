// English: why a connection ended, by its code.

export const closeReasons = {
  bye: "left",
  eof: "disconnected",
  reset: "connection lost",
  timeout: "connection lost: the other machine no longer answered",
  error: "a fault of the server ended the connection",
  slow: "too slow: did not read what was sent",
  kicked: "kicked",
  banned: "banned",
  shutdown: "the server stopped",
  registration_timeout: "gave no name in time",
  line_too_long: "sent a line that was too long",
  binary_input: "sent bytes that are not text",
  bad_frame: "sent an invalid frame",
  unsupported_protocol: "spoke a protocol that is not served here",
  server_full: "the server is full",
  too_many_connections: "too many connections from one address",
  resumed: "resumed on another connection",
  replaced: "logged in on another connection",
  wrong_password: "gave a wrong password too often",
  wrong_passphrase: "gave a wrong passphrase too often",
};
