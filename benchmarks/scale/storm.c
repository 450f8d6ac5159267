// Many clients that join at the same time, in the native protocol, until all are welcomed and
// nothing more arrives. Prints one JSON object. Usage: storm PORT CLIENTS DEADLINE_MS

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 512, READ_BYTES = 256 * 1024, QUIET_MS = 500, KEPT = 32 };

struct joiner {
  int fd;
  unsigned index;
  bool connected, joined, greeted;
  char kept[KEPT]; // the last bytes before the welcome, which reads may split anywhere
  size_t kept_length;
};

static struct joiner *joiners;
static unsigned count, connected, joined, greeted;
static uint64_t bytes, lines;
static int poller;

_Noreturn static void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  exit(1);
}

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void begin(struct joiner *one, int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  one->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (one->fd < 0) fail("socket: %s", strerror(errno));
  setsockopt(one->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
  if (connect(one->fd, (struct sockaddr *)&address, sizeof address) < 0 && errno != EINPROGRESS) {
    fail("connect: %s", strerror(errno));
  }
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = one};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, one->fd, &event) < 0) fail("epoll_ctl: %s", strerror(errno));
}

static void say_hello(struct joiner *one) {
  char line[64];
  int length = snprintf(line, sizeof line, "{\"type\":\"hello\",\"name\":\"j%05u\"}\n", one->index);
  if (send(one->fd, line, length, MSG_NOSIGNAL) != length) {
    fail("Joiner %u could not say hello: %s", one->index, strerror(errno));
  }
  one->connected = true;
  connected++;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = one};
  if (epoll_ctl(poller, EPOLL_CTL_MOD, one->fd, &event) < 0) fail("epoll_ctl: %s", strerror(errno));
}

/** Searches for the welcome; text before it is the greeting for a person. */
static void hear(struct joiner *one) {
  static const char WELCOME[] = "{\"type\":\"welcome\"";
  static char buffer[KEPT + READ_BYTES];
  memcpy(buffer, one->kept, one->kept_length);
  char *fresh = buffer + one->kept_length;
  ssize_t got = recv(one->fd, fresh, READ_BYTES, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) fail("The server hung up on joiner %u", one->index);
  bytes += got;
  for (char *at = fresh, *end = fresh + got; (at = memchr(at, '\n', end - at)); at++) lines++;
  if (one->joined) return;
  if (one->kept_length == 0 && !one->greeted && *fresh != '{') {
    one->greeted = true;
    greeted++;
  }
  size_t length = one->kept_length + got;
  if (memmem(buffer, length, WELCOME, sizeof WELCOME - 1)) {
    one->joined = true;
    joined++;
  }
  one->kept_length = one->joined ? 0 : length < KEPT ? length : KEPT;
  memcpy(one->kept, buffer + length - one->kept_length, one->kept_length);
}

int main(int argc, char **argv) {
  if (argc != 4) return fputs("Usage: storm PORT CLIENTS DEADLINE_MS\n", stderr), 2;
  int port = atoi(argv[1]);
  count = atoi(argv[2]);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  joiners = calloc(count, sizeof *joiners);
  poller = epoll_create1(EPOLL_CLOEXEC);
  if (!joiners || poller < 0) fail("No room for %u clients", count);
  double start = now_ms(), deadline = start + atoi(argv[3]);
  double connected_at = 0, joined_at = 0, heard_at = start;
  for (unsigned i = 0; i < count; i++) {
    joiners[i].index = i;
    begin(&joiners[i], port);
  }
  double begun_at = now_ms();
  while (joined < count || now_ms() < heard_at + QUIET_MS) {
    static struct epoll_event events[EVENTS];
    int ready = epoll_wait(poller, events, EVENTS, 20);
    double now = now_ms();
    if (now > deadline) fail("After %s ms only %u of %u have joined", argv[3], joined, count);
    for (int i = 0; i < ready; i++) {
      struct joiner *one = events[i].data.ptr;
      if (events[i].events & EPOLLOUT && !one->connected) say_hello(one);
      if (events[i].events & ~EPOLLOUT) hear(one);
    }
    if (ready > 0) heard_at = now_ms();
    if (connected == count && connected_at == 0) connected_at = now_ms();
    if (joined == count && joined_at == 0) joined_at = now_ms();
  }
  printf("{\"begunMs\":%.1f,\"connectedMs\":%.1f,\"joinedMs\":%.1f,\"quietMs\":%.1f,", begun_at - start,
         connected_at - start, joined_at - start, heard_at - start);
  printf("\"bytes\":%llu,\"lines\":%llu,\"greeted\":%u}\n", (unsigned long long)bytes,
         (unsigned long long)lines, greeted);
  return 0;
}
