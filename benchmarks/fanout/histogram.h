// Latencies in nanoseconds, counted in buckets 3 % wide: one addition for each value.

#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

enum { STEPS_LOG2 = 5, STEPS = 1 << STEPS_LOG2, BUCKETS = 64 * STEPS };

struct histogram {
  uint64_t counts[BUCKETS];
  uint64_t total;
};

static inline void histogram_add(struct histogram *h, uint64_t value) {
  unsigned shift = value < STEPS ? 0 : 63 - __builtin_clzll(value) - STEPS_LOG2;
  h->counts[shift * STEPS + (value >> shift)]++;
  h->total++;
}

/** The lower end of the bucket that holds the given share (0 to 1) of all values; 0 if empty. */
static inline uint64_t histogram_at(const struct histogram *h, double share) {
  uint64_t below = 0;
  for (unsigned i = 0; i < BUCKETS; i++) {
    below += h->counts[i];
    if (below > 0 && below >= share * h->total) {
      unsigned shift = i < 2 * STEPS ? 0 : i / STEPS - 1;
      return (uint64_t)(i - shift * STEPS) << shift;
    }
  }
  return 0;
}

#endif
