// Clients on sockets; see room.h. Senders take turns with consecutive numbers: a number shows the
// sender, the time of sending, and the number that a reader must receive next from that sender.

#define _GNU_SOURCE
#include "room.h"
#include "text.h"
#include "usage.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  EVENTS = 512,
  READ_BYTES = 256 * 1024,
  LONGEST_FRAME = 64 * 1024,
  FLIGHT = 1 << 16,     // messages between the oldest in flight and the newest
  PARALLEL = 4,         // connections begun before a pause of PAUSE_NS for the server to accept,
  PAUSE_NS = 2000000,   // since a full accept queue costs a second
  PROBE_EVERY_NS = 200000000
};

struct client {
  int fd;
  bool sender, answered; // answered: whether anything was received
  unsigned index;        // among readers, or among senders
  const struct wire *wire;
  char *kept; // reader: an unfinished message
  size_t kept_length;
  size_t frame; // reader: bytes from one message to the next, 0 if not known yet
  char *out;    // sender: bytes the socket has not taken
  size_t out_length, out_sent, out_capacity;
};

struct tally tally;

static struct plan plan;
static struct client *readers, *senders;
static int poller;
static bool probing = true;
static bool *heard;        // reader by sender: whether a probe arrived
static unsigned *heard_by; // of each sender: how many readers received its probe
static uint32_t *expected; // reader by sender: the number that must arrive next
static uint32_t missing[FLIGHT];
static uint64_t said_at[FLIGHT];

void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  exit(1);
}

static void *zeroed(size_t count, size_t size) {
  void *memory = calloc(count ? count : 1, size);
  if (!memory) fail("Out of memory");
  return memory;
}

/** Edge-triggered: the kernel need not report a socket again that was read empty. */
static void watch(struct client *client, unsigned events) {
  struct epoll_event event = {.events = events | EPOLLET, .data.ptr = client};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, client->fd, &event) < 0) fail("epoll_ctl: %s", strerror(errno));
}

static void flush(struct client *client) {
  while (client->out_sent < client->out_length) {
    ssize_t sent = send(client->fd, client->out + client->out_sent,
                        client->out_length - client->out_sent, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) return; // epoll reports when there is room
    if (sent < 0) fail("The server hung up on a sender: %s", strerror(errno));
    client->out_sent += sent;
  }
  client->out_length = client->out_sent = 0;
}

/** Queues one text; `kind`: 'm' for a message, 'p' for a probe. */
static void say(struct client *client, char kind, uint32_t number) {
  char *to = client->out + client->out_length;
  size_t needed = client->out_length + plan.bytes + 256;
  if (needed > client->out_capacity) {
    client->out_capacity = needed * 2;
    client->out = realloc(client->out, client->out_capacity);
    if (!client->out) fail("Out of memory");
    to = client->out + client->out_length;
  }
  to += sprintf(to, client->wire->before, plan.bytes);
  text_write(to, kind, number, plan.bytes);
  to += plan.bytes;
  to += sprintf(to, "%s", client->wire->after);
  client->out_length = to - client->out;
}

/**
 * Sends as many messages as the window allows, the senders in turn. A message is one write, as
 * most clients do it: batching would save every server the same work.
 */
static void fill_window(void) {
  while (tally.sent - tally.done < plan.window && missing[tally.sent % FLIGHT] == 0) {
    struct client *sender = &senders[tally.sent % plan.senders];
    missing[tally.sent % FLIGHT] = plan.readers;
    said_at[tally.sent % FLIGHT] = clock_ns();
    say(sender, 'm', tally.sent);
    flush(sender);
    tally.sent++;
  }
}

static void hear(struct client *reader, const char *text, uint64_t now) {
  uint32_t number = text_number(text);
  unsigned sender = number % plan.senders;
  size_t pair = (size_t)reader->index * plan.senders + sender;
  if (*text == 'p') {
    if (!heard[pair]) heard_by[sender]++;
    heard[pair] = true;
    return;
  }
  tally.deliveries++;
  if (number != expected[pair]) tally.misplaced++;
  expected[pair] = number + plan.senders;
  uint32_t slot = number % FLIGHT;
  if (missing[slot] == 0) return; // a duplicate, counted as misplaced
  if (tally.recording) histogram_add(&tally.each, now - said_at[slot]);
  if (--missing[slot] > 0) return;
  tally.done++;
  if (tally.recording) histogram_add(&tally.all, now - said_at[slot]);
}

/**
 * Counts every whole message and returns their bytes. While a server sends nothing else, all its
 * messages have one length, so that the next one is usually at a known offset.
 */
static size_t hear_all(struct client *reader, const char *buffer, size_t length, uint64_t now) {
  const char *at = buffer, *end = buffer + length, *last = NULL;
  size_t behind = plan.bytes + reader->wire->tail;
  for (;;) {
    size_t frame = reader->frame;
    if (frame && (size_t)(end - at) >= frame && at[frame - 1] == '\n' &&
        text_is(at + frame - behind, plan.bytes)) {
      hear(reader, at + frame - behind, now);
      last = at += frame;
      continue;
    }
    const char *newline = memchr(at, '\n', end - at);
    if (!newline) return at - buffer;
    const char *next = newline + 1;
    if ((size_t)(next - at) >= behind && text_is(next - behind, plan.bytes)) {
      hear(reader, next - behind, now);
      if (last && !probing) reader->frame = next - last;
      last = next;
    }
    at = next;
  }
}

/** Reads once; returns whether there may be more. */
static bool read_messages(struct client *reader) {
  static char buffer[LONGEST_FRAME + READ_BYTES];
  memcpy(buffer, reader->kept, reader->kept_length);
  ssize_t got = recv(reader->fd, buffer + reader->kept_length, READ_BYTES, 0);
  if (got < 0 && errno == EAGAIN) return false;
  if (got < 0) fail("The server hung up on a reader: %s", strerror(errno));
  if (got == 0) fail("The server hung up on a reader");
  size_t length = reader->kept_length + got;
  size_t used = hear_all(reader, buffer, length, clock_ns());
  if (length - used > LONGEST_FRAME) fail("The server sent a line without an end");
  reader->kept_length = length - used;
  if (reader->kept_length > 0) {
    reader->kept = realloc(reader->kept, reader->kept_length);
    if (!reader->kept) fail("Out of memory");
    memcpy(reader->kept, buffer + used, reader->kept_length);
  }
  return got == READ_BYTES;
}

/** The same for a sender, whose input is not used: MSG_TRUNC drops it without a copy. */
static bool drop_input(struct client *sender) {
  ssize_t got = recv(sender->fd, NULL, READ_BYTES, MSG_TRUNC);
  if (got < 0 && errno == EAGAIN) return false;
  if (got <= 0) fail("The server hung up on a sender");
  return got == READ_BYTES;
}

void room_turn(int timeout_ms, bool speaking) {
  static struct epoll_event events[EVENTS];
  if (speaking) fill_window();
  int ready = epoll_wait(poller, events, EVENTS, timeout_ms);
  for (int i = 0; i < ready; i++) {
    struct client *client = events[i].data.ptr;
    if (events[i].events & EPOLLOUT) flush(client);
    if (!(events[i].events & ~EPOLLOUT)) continue;
    client->answered = true;
    while (client->sender ? drop_input(client) : read_messages(client)) continue;
    if (speaking) fill_window();
  }
}

static void join(struct client *client, const char *hello, const char *name) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(plan.port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (client->fd < 0) fail("socket: %s", strerror(errno));
  if (connect(client->fd, (struct sockaddr *)&address, sizeof address) < 0) {
    fail("Cannot connect: %s", strerror(errno));
  }
  setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
  char line[512];
  int length = snprintf(line, sizeof line, hello, name);
  if (send(client->fd, line, length, MSG_NOSIGNAL) < 0) {
    fail("The server hung up on a newcomer: %s", strerror(errno));
  }
  fcntl(client->fd, F_SETFL, O_NONBLOCK);
  watch(client, client->sender ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

/** Sends probes from each sender until all readers have received one: then all have joined. */
static void probe(uint64_t deadline_ns) {
  uint64_t next = 0;
  for (unsigned missing_senders = plan.senders; missing_senders > 0;) {
    uint64_t now = clock_ns();
    if (now > deadline_ns) fail("%u senders are not heard by everyone", missing_senders);
    missing_senders = 0;
    for (unsigned i = 0; i < plan.senders; i++) {
      if (heard_by[i] == plan.readers) continue;
      missing_senders++;
      if (now >= next) say(&senders[i], 'p', i);
      flush(&senders[i]);
    }
    if (now >= next) next = now + PROBE_EVERY_NS;
    room_turn(10, false);
  }
  probing = false;
}

void room_open(const struct plan *given, uint64_t deadline_ns) {
  plan = *given;
  poller = epoll_create1(EPOLL_CLOEXEC);
  size_t pairs = (size_t)plan.readers * plan.senders;
  readers = zeroed(plan.readers, sizeof *readers);
  senders = zeroed(plan.senders, sizeof *senders);
  heard = zeroed(pairs, sizeof *heard);
  heard_by = zeroed(plan.senders, sizeof *heard_by);
  expected = zeroed(pairs, sizeof *expected);
  for (size_t i = 0; i < pairs; i++) expected[i] = i % plan.senders;
  char name[16];
  for (unsigned i = 0; i < plan.readers + plan.senders; i++) {
    bool sender = i >= plan.readers;
    struct client *client = sender ? &senders[i - plan.readers] : &readers[i];
    *client = (struct client){.sender = sender, .index = sender ? i - plan.readers : i};
    client->wire = plan.half && !sender && i % 2 == 1 ? plan.half : plan.wire;
    snprintf(name, sizeof name, sender ? "s%03u" : "r%05u", client->index);
    join(client, sender ? client->wire->sender_hello : client->wire->reader_hello, name);
    uint64_t pause_end = clock_ns() + PAUSE_NS;
    while (client->wire->one_by_one ? !client->answered && clock_ns() < deadline_ns
                                    : i % PARALLEL == 0 && clock_ns() < pause_end) {
      room_turn(1, false);
    }
    if (clock_ns() > deadline_ns) fail("Only %u clients could join", i);
  }
  probe(deadline_ns);
}
