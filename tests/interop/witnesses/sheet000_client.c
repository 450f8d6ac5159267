// Sheet 000, exercise 7: a client that waits for the keyboard and the socket with select(). Naive:
// sends the struct with its unset padding; what one read of the keyboard gives is one message.

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

struct header {
  int nature;
  size_t length;
};

static void die(const char *what) {
  perror(what);
  exit(1);
}

static int connect_unix(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) die("connect");
  return fd;
}

static int connect_tcp(const char *host, const char *port) {
  struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
  if (getaddrinfo(host, port, &hints, &found) != 0) {
    fprintf(stderr, "no such host: %s\n", host);
    exit(1);
  }
  int fd = socket(found->ai_family, found->ai_socktype, 0);
  if (connect(fd, found->ai_addr, found->ai_addrlen) < 0) die("connect");
  freeaddrinfo(found);
  return fd;
}

static void send_message(int fd, int nature, char *text, size_t length) {
  struct header header;
  header.nature = nature;
  header.length = length;
  struct iovec parts[] = {{&header, sizeof header}, {text, length}};
  if (writev(fd, parts, 2) < 0) die("writev");
}

static void read_all(int fd, void *into, size_t count) {
  for (size_t at = 0; at < count;) {
    ssize_t got = read(fd, (char *)into + at, count - at);
    if (got <= 0) exit(0);
    at += (size_t)got;
  }
}

// Two letters tell an acknowledgement from a message.
static void show_next(int fd) {
  struct header header;
  read_all(fd, &header, 2);
  if (memcmp(&header, "ok", 2) == 0) {
    puts("ko");
    return;
  }
  read_all(fd, (char *)&header + 2, sizeof header - 2);
  char part[256];
  while (header.length > 0) {
    size_t count = header.length < sizeof part ? header.length : sizeof part;
    read_all(fd, part, count);
    fwrite(part, 1, count, stdout);
    header.length -= count;
  }
  putchar('\n');
}

int main(int argc, char **argv) {
  if (argc != 3 && argc != 4) {
    fprintf(stderr, "Usage: %s SOCKET PSEUDO | HOST PORT PSEUDO\n", argv[0]);
    return 1;
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  int fd = argc == 3 ? connect_unix(argv[1]) : connect_tcp(argv[1], argv[2]);
  char *pseudo = argv[argc - 1];
  send_message(fd, 0, pseudo, strlen(pseudo));
  for (;;) {
    fd_set ready;
    FD_ZERO(&ready);
    FD_SET(0, &ready);
    FD_SET(fd, &ready);
    if (select(fd + 1, &ready, NULL, NULL, NULL) < 0) die("select");
    if (FD_ISSET(fd, &ready)) show_next(fd);
    if (FD_ISSET(0, &ready)) {
      char typed[9000];
      ssize_t count = read(0, typed, sizeof typed);
      if (count <= 0) break;
      send_message(fd, 1, typed, (size_t)count);
    }
  }
  close(fd);
  return 0;
}
