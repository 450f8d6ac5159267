// What the load generator knows of each server's protocol: how to join, how to say a text, and where
// the text lies in what readers get. It knows no sockets.

#ifndef WIRE_H
#define WIRE_H

#include <stdbool.h>
#include <stddef.h>

struct wire {
  const char *name;
  /** Sent on connecting; %s stands for a name. */
  const char *reader_hello, *sender_hello;
  /** What surrounds a text that is sent; %zu stands for its length. */
  const char *before, *after;
  /** Bytes behind the text of a message in what a reader gets: it ends with a newline. */
  size_t tail;
  /** Whether each client waits for an answer before the next one connects. */
  bool one_by_one;
};

/** The protocol of that name, or NULL. */
const struct wire *wire_named(const char *name);

#endif
