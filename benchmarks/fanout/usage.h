// Time, and who used the processor: this program, the server, everybody else.

#ifndef USAGE_H
#define USAGE_H

#include <stdint.h>
#include <sys/types.h>

/** Processor time used until now, in seconds. */
struct usage {
  double self, server, machine;
};

/** A clock that only runs forward, in nanoseconds. */
uint64_t clock_ns(void);

/** `server`: the process to look at, 0 for none. */
struct usage usage_now(pid_t server);

/** Resident memory of a process in KiB; 0 when it cannot be told. */
long resident_kib(pid_t pid);

#endif
