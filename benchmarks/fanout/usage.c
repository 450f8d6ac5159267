// Reads /proc; see usage.h.

#include "usage.h"
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

uint64_t clock_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + now.tv_nsec;
}

static double of_self(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return used.ru_utime.tv_sec + used.ru_stime.tv_sec +
         (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/** All threads of a process, in ticks of a hundredth of a second. */
static double of_process(pid_t pid) {
  char path[64], line[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  size_t length = fread(line, 1, sizeof line - 1, file);
  fclose(file);
  line[length] = '\0';
  const char *behind_name = strrchr(line, ')');
  unsigned long user = 0, system = 0;
  if (!behind_name) return 0;
  sscanf(behind_name + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
  return (double)(user + system) / sysconf(_SC_CLK_TCK);
}

/** All processors together, without their idle time. */
static double of_machine(void) {
  FILE *file = fopen("/proc/stat", "r");
  if (!file) return 0;
  unsigned long long user = 0, nice = 0, system = 0, irq = 0, soft = 0, steal = 0;
  int read = fscanf(file, "cpu %llu %llu %llu %*u %*u %llu %llu %llu", &user, &nice, &system, &irq,
                    &soft, &steal);
  fclose(file);
  return read < 6 ? 0 : (double)(user + nice + system + irq + soft + steal) / sysconf(_SC_CLK_TCK);
}

struct usage usage_now(pid_t server) {
  return (struct usage){of_self(), server ? of_process(server) : 0, of_machine()};
}

long resident_kib(pid_t pid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/statm", pid);
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  long pages = 0;
  if (fscanf(file, "%*d %ld", &pages) != 1) pages = 0;
  fclose(file);
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}
