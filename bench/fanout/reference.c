// The opponent of `deno task bench`: a chat in C with nothing but the fan-out, as fast as it can be
// with one thread. It speaks the protocol of sheet 004 (`USER name`, then `MSG text`; everybody else
// gets `MSG name text`) and coalesces: a turn reads every ready socket, writes each message once
// into the block of the turn, and ends with one write for each client. It has no protection beyond
// its caps. Usage: reference PORT (on 127.0.0.1); ends by SIGTERM.

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
#include <sys/uio.h>
#include <unistd.h>

enum {
  EVENTS = 1024,
  READ_BYTES = 64 * 1024,
  MAX_LINE = 16 * 1024,
  MAX_NAME = 32,
  MAX_PIECES = 1024,           // what one writev() takes
  MAX_QUEUE = 64 * 1024 * 1024 // a client that leaves more than this unread is dropped
};

struct bytes {
  char *data;
  size_t length, capacity;
};

struct client {
  int fd;
  size_t index; // its place in `clients`
  char name[MAX_NAME + 1];
  bool joined, gone, waiting; // waiting: for EPOLLOUT
  size_t joined_at;           // where the block of the turn stood when it joined
  unsigned spoke_in;          // the last turn it said something in
  struct bytes in, out;       // an unfinished line; what the socket did not take
  size_t out_sent;            // how much of `out` has been taken since
};

/** One message of the turn: who said it, and where it lies in the block. */
struct message {
  const struct client *from;
  size_t start, end;
};

static struct client **clients;
static size_t client_count, client_capacity;
static struct client **leaving;
static size_t leaving_count, leaving_capacity;
static struct bytes block;
static struct message *messages;
static size_t message_count, message_capacity;
static unsigned turn = 1;
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
    to->capacity = (to->length + length) * 2;
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

/** Marks it; it is closed at the end of the turn, for events of this turn may still point to it. */
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

/** One line without its ending. Who has not joined hears nothing yet. */
static void on_line(struct client *client, const char *line, size_t length) {
  if (length > 0 && line[length - 1] == '\r') length--;
  if (length > 5 && memcmp(line, "USER ", 5) == 0) {
    size_t name = length - 5 < MAX_NAME ? length - 5 : MAX_NAME;
    memcpy(client->name, line + 5, name);
    client->name[name] = '\0';
    if (!client->joined) client->joined_at = block.length;
    client->joined = true;
    return;
  }
  if (length < 4 || memcmp(line, "MSG ", 4) != 0) return;
  size_t start = block.length;
  append(&block, "MSG ", 4);
  append(&block, client->name, strlen(client->name));
  append(&block, line + 3, length - 3);
  append(&block, "\n", 1);
  messages = grown(messages, message_count, &message_capacity, sizeof *messages);
  messages[message_count++] = (struct message){client, start, block.length};
  client->spoke_in = turn;
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

/** Sends what the socket refused before. */
static void on_writable(struct client *client) {
  struct bytes *out = &client->out;
  ssize_t sent = write(client->fd, out->data + client->out_sent, out->length - client->out_sent);
  if (sent < 0) {
    if (errno != EAGAIN && errno != EINTR) leave(client);
    return;
  }
  client->out_sent += sent;
  if (client->out_sent < out->length) return;
  out->length = client->out_sent = 0;
  client->waiting = false;
  watch(client, EPOLL_CTL_MOD, EPOLLIN);
}

/** Keeps the pieces behind their first `sent` bytes, and asks to be told when there is room. */
static void keep(struct client *client, const struct iovec *pieces, int count, size_t sent) {
  for (int i = 0; i < count; i++) {
    size_t skip = sent < pieces[i].iov_len ? sent : pieces[i].iov_len;
    append(&client->out, (char *)pieces[i].iov_base + skip, pieces[i].iov_len - skip);
    sent -= skip;
  }
  if (client->out.length > MAX_QUEUE) leave(client);
  if (client->waiting) return;
  client->waiting = true;
  watch(client, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
}

/** Hands the client these pieces of the block: in one write if it can take them. */
static void send_pieces(struct client *client, struct iovec *pieces, int count) {
  size_t length = 0, sent = 0;
  for (int i = 0; i < count; i++) length += pieces[i].iov_len;
  if (length == 0 || client->gone) return;
  if (!client->waiting) {
    ssize_t wrote = count == 1 ? write(client->fd, pieces[0].iov_base, length)
                               : writev(client->fd, pieces, count);
    if (wrote < 0 && errno != EAGAIN && errno != EINTR) return leave(client);
    sent = wrote < 0 ? 0 : (size_t)wrote;
  }
  if (sent < length) keep(client, pieces, count, sent);
}

/** The whole block of the turn to one client, except what it said itself. */
static void deliver(struct client *client) {
  static struct iovec pieces[MAX_PIECES];
  size_t from = client->joined_at;
  int count = 0;
  client->joined_at = 0;
  for (size_t i = 0; client->spoke_in == turn && i < message_count; i++) {
    if (messages[i].from != client) continue;
    if (messages[i].start > from) {
      pieces[count++] = (struct iovec){block.data + from, messages[i].start - from};
    }
    if (messages[i].end > from) from = messages[i].end;
    if (count < MAX_PIECES - 1) continue;
    send_pieces(client, pieces, count);
    count = 0;
  }
  if (block.length > from) {
    pieces[count++] = (struct iovec){block.data + from, block.length - from};
  }
  send_pieces(client, pieces, count);
}

static void end_turn(void) {
  for (size_t i = 0; block.length > 0 && i < client_count; i++) {
    if (clients[i]->joined && !clients[i]->gone) deliver(clients[i]);
  }
  block.length = 0;
  message_count = 0;
  turn++;
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
      else if (events[i].events & EPOLLOUT) on_writable(client);
      if (client && !client->gone && events[i].events & ~EPOLLOUT) on_readable(client);
    }
    end_turn();
  }
}
