// The clients of one measurement: readers that count and check every message, senders that keep a
// number of messages in flight.

#ifndef ROOM_H
#define ROOM_H

#include "histogram.h"
#include "wire.h"
#include <stdbool.h>

struct plan {
  int port; // on 127.0.0.1
  const struct wire *wire;
  const struct wire *half; // protocol of every second reader, or NULL
  unsigned readers, senders;
  unsigned window; // messages in flight, of all senders together
  size_t bytes;    // of one text
};

struct tally {
  uint64_t deliveries; // messages that readers received
  uint64_t sent, done; // messages; done: received by every reader
  uint64_t misplaced;  // lost, duplicated or out of order for one reader
  bool recording;      // whether the two below are recorded
  struct histogram each; // from sending to one reader receiving
  struct histogram all;  // from sending to the last reader receiving
};

extern struct tally tally;

/** Connects all clients, a few at a time; returns when every reader receives from every sender. */
void room_open(const struct plan *plan, uint64_t deadline_ns);

/** Reads, waiting at most `timeout_ms`; `speaking`: also sends what the window allows. */
void room_turn(int timeout_ms, bool speaking);

/** Ends the program with an error message on stderr. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
