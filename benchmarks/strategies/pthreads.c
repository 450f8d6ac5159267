// Measures threads without an isolate, for comparison with Workers: starts N threads that wait as
// the servers of sheet 004 do, and prints the time and the memory that took.

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void *wait_for_ever(void *unused) {
  poll(NULL, 0, -1);
  return unused;
}

static double microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

/* Resident memory of this process in KiB. */
static long resident(void) {
  char line[256];
  long kib = 0;
  FILE *status = fopen("/proc/self/status", "r");
  while (status && fgets(line, sizeof line, status)) sscanf(line, "VmRSS: %ld", &kib);
  if (status) fclose(status);
  return kib;
}

/* More would use up the process numbers of the machine. */
enum { MOST = 10000 };

/* Usage: pthreads THREADS; built with `cc -O1 -pthread`. */
int main(int argc, char **argv) {
  int wanted = argc > 1 ? atoi(argv[1]) : 1000;
  int started = 0;
  if (wanted > MOST) wanted = MOST;
  pthread_t thread;
  long before = resident();
  double from = microseconds();
  while (started < wanted && pthread_create(&thread, NULL, wait_for_ever, NULL) == 0) started++;
  double us = microseconds() - from;
  if (started == 0) return 1;
  printf("%d threads: %.1f us and %.1f KiB each\n", started, us / started,
         (double)(resident() - before) / started);
  return 0;
}
