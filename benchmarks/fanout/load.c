// The load generator of `deno task bench`: joins a chat as readers and senders, keeps W messages in
// flight, and prints the result as one JSON object; with --idle, only the server's memory.

#include "room.h"
#include "text.h"
#include "usage.h"
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MS = 1000000, STALLED_MS = 5000 };

struct options {
  struct plan plan;
  uint64_t warmup, measure, deadline, idle; // in ms
  pid_t server;
};

/** The counters at one moment. */
struct moment {
  uint64_t at, deliveries, done;
  struct usage used;
};

static const struct wire *wire_of(const char *name) {
  const struct wire *wire = wire_named(name);
  if (!wire) fail("Unknown protocol: \"%s\"", name);
  return wire;
}

/**
 * --port N --wire NAME [--half NAME] --readers N --senders N --window N --bytes N
 * [--warmup MS] [--measure MS] [--deadline MS] [--server PID] [--idle MS]
 */
static struct options parse(int argc, char **argv) {
  static const struct option NAMES[] = {
    {"port", required_argument, NULL, 'p'},     {"wire", required_argument, NULL, 'w'},
    {"half", required_argument, NULL, 'h'},     {"readers", required_argument, NULL, 'r'},
    {"senders", required_argument, NULL, 's'},  {"window", required_argument, NULL, 'f'},
    {"bytes", required_argument, NULL, 'b'},    {"warmup", required_argument, NULL, 'u'},
    {"measure", required_argument, NULL, 'm'},  {"deadline", required_argument, NULL, 'd'},
    {"server", required_argument, NULL, 'i'},   {"idle", required_argument, NULL, 'q'},
    {0},
  };
  struct options o = {.warmup = 1000, .measure = 2000, .deadline = 30000};
  for (int c; (c = getopt_long(argc, argv, "", NAMES, NULL)) != -1;) {
    long number = optarg ? atol(optarg) : 0;
    if (c == 'p') o.plan.port = number;
    else if (c == 'w') o.plan.wire = wire_of(optarg);
    else if (c == 'h') o.plan.half = wire_of(optarg);
    else if (c == 'r') o.plan.readers = number;
    else if (c == 's') o.plan.senders = number;
    else if (c == 'f') o.plan.window = number;
    else if (c == 'b') o.plan.bytes = number;
    else if (c == 'u') o.warmup = number;
    else if (c == 'm') o.measure = number;
    else if (c == 'd') o.deadline = number;
    else if (c == 'i') o.server = number;
    else if (c == 'q') o.idle = number;
    else exit(2);
  }
  if (!o.plan.wire || !o.plan.readers || !o.plan.senders || !o.plan.window || !o.plan.port) {
    fail("Needed: --port, --wire, --readers, --senders, --window, --bytes");
  }
  if (o.plan.bytes < TEXT_SHORTEST || o.plan.bytes > TEXT_LONGEST) {
    fail("--bytes: %d to %d", TEXT_SHORTEST, TEXT_LONGEST);
  }
  return o;
}

static struct moment moment_now(pid_t server) {
  return (struct moment){clock_ns(), tally.deliveries, tally.done, usage_now(server)};
}

/** Sends and receives until `end`. */
static void run_until(uint64_t end) {
  uint64_t deliveries = tally.deliveries, progress_at = clock_ns();
  for (uint64_t now = progress_at; now < end; now = clock_ns()) {
    room_turn(100, true);
    if (tally.deliveries != deliveries) progress_at = now;
    deliveries = tally.deliveries;
    if (now > progress_at + (uint64_t)STALLED_MS * MS) {
      fail("Nothing came for %d s: %llu messages are in flight", STALLED_MS / 1000,
           (unsigned long long)(tally.sent - tally.done));
    }
  }
}

/** Waits for messages in flight; fails unless each reader received each message once, in order. */
static void finish(unsigned read_by) {
  uint64_t end = clock_ns() + (uint64_t)STALLED_MS * MS;
  while (tally.done < tally.sent && clock_ns() < end) room_turn(100, false);
  if (tally.misplaced > 0 || tally.deliveries != tally.sent * read_by) {
    fail("%llu of %llu deliveries came, %llu of them out of order",
         (unsigned long long)tally.deliveries, (unsigned long long)(tally.sent * read_by),
         (unsigned long long)tally.misplaced);
  }
}

static void report(const struct options *o, const struct moment *from, const struct moment *to) {
  double seconds = (to->at - from->at) / 1e9, cores = sysconf(_SC_NPROCESSORS_ONLN);
  double self = (to->used.self - from->used.self) / seconds;
  double server = (to->used.server - from->used.server) / seconds;
  double machine = (to->used.machine - from->used.machine) / seconds;
  double others = machine - self - server;
  printf("{\"seconds\":%.3f,\"messages\":%llu,\"deliveries\":%llu,\"deliveriesPerSecond\":%.0f,",
         seconds, (unsigned long long)(to->done - from->done),
         (unsigned long long)(to->deliveries - from->deliveries),
         (to->deliveries - from->deliveries) / seconds);
  printf("\"eachUs\":{\"p50\":%.1f,\"p99\":%.1f},\"allUs\":{\"p50\":%.1f,\"p99\":%.1f},",
         histogram_at(&tally.each, 0.5) / 1e3, histogram_at(&tally.each, 0.99) / 1e3,
         histogram_at(&tally.all, 0.5) / 1e3, histogram_at(&tally.all, 0.99) / 1e3);
  printf("\"perServerCpuSecond\":%.0f,",
         server > 0 ? (to->deliveries - from->deliveries) / seconds / server : 0);
  printf("\"loadCpu\":%.3f,\"serverCpu\":%.3f,\"othersCpu\":%.3f,\"serverKib\":%ld}\n", self,
         server, others < 0 ? 0 : others / cores, o->server ? resident_kib(o->server) : 0);
}

/** Measures the server while all clients are joined and idle. */
static int idle(const struct options *o) {
  for (uint64_t end = clock_ns() + o->idle * MS; clock_ns() < end;) room_turn(100, false);
  printf("{\"clients\":%u,\"serverKib\":%ld}\n", o->plan.readers + o->plan.senders,
         resident_kib(o->server));
  return 0;
}

int main(int argc, char **argv) {
  struct options o = parse(argc, argv);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  alarm((o.deadline + o.warmup + o.measure + o.idle + 2 * STALLED_MS) / 1000 + 1);
  room_open(&o.plan, clock_ns() + o.deadline * MS);
  if (o.idle > 0) return idle(&o);
  run_until(clock_ns() + o.warmup * MS);
  tally.recording = true;
  struct moment from = moment_now(o.server);
  run_until(from.at + o.measure * MS);
  struct moment to = moment_now(o.server);
  tally.recording = false;
  finish(o.plan.readers);
  report(&o, &from, &to);
  return 0;
}
