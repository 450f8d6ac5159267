// The clients of one measurement: readers that count and check every message, senders that keep a
// number of messages in flight. Knows neither options nor reports.

#ifndef ROOM_H
#define ROOM_H

#include "histogram.h"
#include "wire.h"
#include <stdbool.h>

struct plan {
  int port; // on 127.0.0.1
  const struct wire *wire;
  const struct wire *half; // what every second reader speaks, or NULL
  unsigned readers, senders;
  unsigned window; // messages in flight, of all senders together
  size_t bytes;    // of one text
};

struct tally {
  uint64_t deliveries; // messages that came to readers
  uint64_t sent, done; // messages; done: every reader has it
  uint64_t misplaced;  // lost, doubled or out of order for one reader
  bool recording;      // whether the two below are kept
  struct histogram each; // from saying it to one reader having it
  struct histogram all;  // from saying it to the last reader having it
};

extern struct tally tally;

/** Connects all clients, a few at a time, and waits until every reader hears every sender. */
void room_open(const struct plan *plan, uint64_t deadline_ns);

/** Waits at most `timeout_ms` for something to read, and reads it; speaking: keeps the window full. */
void room_turn(int timeout_ms, bool speaking);

/** Ends the program with one sentence on stderr. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
