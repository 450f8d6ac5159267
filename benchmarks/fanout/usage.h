// Time, and the processor time of this program, the server, and all other programs.

#ifndef USAGE_H
#define USAGE_H

#include <stdint.h>
#include <sys/types.h>

/** Processor time used until now, in seconds. */
struct usage {
  double self, server, machine;
};

/** A monotonic clock, in nanoseconds. */
uint64_t clock_ns(void);

/** `server`: pid of the process to measure, 0 for none. */
struct usage usage_now(pid_t server);

/** Resident memory of a process in KiB; 0 if unknown. */
long resident_kib(pid_t pid);

#endif
