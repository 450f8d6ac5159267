// Each server's protocol for the load generator: how to join, how to send a text, and where the
// text is in the bytes that readers receive.

#ifndef WIRE_H
#define WIRE_H

#include <stdbool.h>
#include <stddef.h>

struct wire {
  const char *name;
  /** Sent on connecting; %s stands for a name. */
  const char *reader_hello, *sender_hello;
  /** The bytes around a sent text; %zu stands for its length. */
  const char *before, *after;
  /** Number of bytes after the text of a message that a reader receives, up to its newline. */
  size_t tail;
  /** Whether each client waits for an answer before the next one connects. */
  bool one_by_one;
};

/** The protocol of that name, or NULL. */
const struct wire *wire_named(const char *name);

#endif
