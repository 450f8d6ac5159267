// The reference server of `deno task bench`: fan-out of sheet 004's protocol in C, one thread, one
// write per client and turn. Usage: reference PORT (on 127.0.0.1); ends by SIGTERM.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  EVENTS = 1024,
  READ_BYTES = 64 * 1024,
  MAX_LINE = 16 * 1024,
  MAX_NAME = 32,
  FIRST_QUEUE = 8 * 1024,
  MAX_QUEUE = 64 * 1024 * 1024 // a client that leaves more than this unread is dropped
};

struct bytes {
  char *data;
  size_t length, capacity;
};

struct client {
  int fd;
  bool joined, gone, waiting; // waiting: for EPOLLOUT
  size_t index;               // its index in `clients`
  struct bytes out;           // bytes to be sent,
  size_t sent;                // and how many of them were sent
  struct bytes in;            // an unfinished line
  char name[MAX_NAME + 1];
};

static struct client **clients;
static size_t client_count, client_capacity;
static struct client **leaving;
static size_t leaving_count, leaving_capacity;
static int poller;

static void die(const char *what) {
  perror(what);
  exit(1);
}

/** Room for one more element in a growing array. */
static void *grown(void *array, size_t count, size_t *capacity, size_t element) {
  if (count < *capacity) return array;
  *capacity = *capacity ? *capacity * 2 : 64;
  array = realloc(array, *capacity * element);
  if (!array) die("realloc");
  return array;
}

static void append(struct bytes *to, const void *data, size_t length) {
  if (to->length + length > to->capacity) {
    to->capacity = to->length + length < FIRST_QUEUE ? FIRST_QUEUE : (to->length + length) * 2;
    to->data = realloc(to->data, to->capacity);
    if (!to->data) die("realloc");
  }
  memcpy(to->data + to->length, data, length);
  to->length += length;
}

static void watch(struct client *client, int operation, unsigned events) {
  struct epoll_event event = {.events = events, .data.ptr = client};
  if (epoll_ctl(poller, operation, client->fd, &event) < 0) die("epoll_ctl");
}

/** Marks a client to close at the end of the turn: events of this turn may still point to it. */
static void leave(struct client *client) {
  if (client->gone) return;
  client->gone = true;
  leaving = grown(leaving, leaving_count, &leaving_capacity, sizeof *leaving);
  leaving[leaving_count++] = client;
}

static void close_leaving(void) {
  while (leaving_count > 0) {
    struct client *client = leaving[--leaving_count];
    clients[client->index] = clients[--client_count];
    clients[client->index]->index = client->index;
    close(client->fd);
    free(client->in.data);
    free(client->out.data);
    free(client);
  }
}

static void accept_all(int listener) {
  for (;;) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno == EAGAIN) return;
      if (errno == EINTR || errno == ECONNABORTED) continue;
      die("accept4");
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    struct client *client = calloc(1, sizeof *client);
    if (!client) die("calloc");
    client->fd = fd;
    client->index = client_count;
    strcpy(client->name, "nobody");
    clients = grown(clients, client_count, &client_capacity, sizeof *clients);
    clients[client_count++] = client;
    watch(client, EPOLL_CTL_ADD, EPOLLIN);
  }
}

/** Queues a message for all other clients; it is written at the end of the turn. */
static void deliver(const struct client *from, const char *message, size_t length) {
  for (size_t i = 0; i < client_count; i++) {
    if (clients[i] != from && clients[i]->joined) append(&clients[i]->out, message, length);
  }
}

/** Handles one line without its ending. A client that has not joined receives no messages. */
static void on_line(struct client *client, const char *line, size_t length) {
  static char message[MAX_NAME + 2 * MAX_LINE];
  if (length > 0 && line[length - 1] == '\r') length--;
  if (length > 5 && memcmp(line, "USER ", 5) == 0) {
    size_t name = length - 5 < MAX_NAME ? length - 5 : MAX_NAME;
    memcpy(client->name, line + 5, name);
    client->name[name] = '\0';
    client->joined = true;
  } else if (length > 4 && length <= MAX_LINE && memcmp(line, "MSG ", 4) == 0) {
    size_t name = strlen(client->name);
    memcpy(message, line, 4);
    memcpy(message + 4, client->name, name);
    memcpy(message + 4 + name, line + 3, length - 3);
    message[name + length + 1] = '\n';
    deliver(client, message, name + length + 2);
  }
}

static void on_readable(struct client *client) {
  static char buffer[MAX_LINE + READ_BYTES];
  size_t kept = client->in.length;
  if (kept > 0) memcpy(buffer, client->in.data, kept);
  ssize_t got = read(client->fd, buffer + kept, READ_BYTES);
  if (got <= 0) {
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) leave(client);
    return;
  }
  char *at = buffer, *end = buffer + kept + got, *newline;
  while ((newline = memchr(at, '\n', end - at))) {
    on_line(client, at, newline - at);
    at = newline + 1;
  }
  client->in.length = 0;
  if (end - at > MAX_LINE) leave(client);
  else if (end > at) append(&client->in, at, end - at);
}

/** Writes all that is queued; what the socket does not take waits for EPOLLOUT. */
static void flush(struct client *client) {
  struct bytes *out = &client->out;
  if (out->length == 0 || client->gone) return;
  ssize_t sent = write(client->fd, out->data + client->sent, out->length - client->sent);
  if (sent < 0 && errno != EAGAIN && errno != EINTR) return leave(client);
  if (sent > 0) client->sent += sent;
  bool waiting = client->sent < out->length;
  if (!waiting) out->length = client->sent = 0;
  else if (out->length > MAX_QUEUE) leave(client);
  if (waiting == client->waiting) return;
  client->waiting = waiting;
  watch(client, EPOLL_CTL_MOD, waiting ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void end_turn(void) {
  for (size_t i = 0; i < client_count; i++) {
    if (!clients[i]->waiting) flush(clients[i]);
  }
  close_leaving();
}

static int listen_on(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) die("socket");
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) die("bind");
  if (listen(fd, 4096) < 0) die("listen");
  return fd;
}

int main(int argc, char **argv) {
  if (argc != 2) return fputs("Usage: reference PORT\n", stderr), 2;
  signal(SIGPIPE, SIG_IGN);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  int listener = listen_on(atoi(argv[1]));
  poller = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN}; // no client: the listener
  if (poller < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event) < 0) die("epoll");
  for (;;) {
    static struct epoll_event events[EVENTS];
    int ready = epoll_wait(poller, events, EVENTS, -1);
    if (ready < 0 && errno != EINTR) die("epoll_wait");
    for (int i = 0; i < ready; i++) {
      struct client *client = events[i].data.ptr;
      if (!client) accept_all(listener);
      else if (events[i].events & EPOLLOUT) flush(client);
      if (client && !client->gone && events[i].events & ~EPOLLOUT) on_readable(client);
    }
    end_turn();
  }
}
