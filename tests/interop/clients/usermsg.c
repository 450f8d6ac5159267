// A client of sheet 004 as a beginner writes it, for the tests of minichat check: poll() over the
// keyboard and the socket, the name first. -DBUG=N compiles one bug into it.

#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* 1 takes each read for one message, 2 forgets that 0 bytes are the end, 3 sends the NUL too. */
#ifndef BUG
#define BUG 0
#endif

static char pending[65536];
static size_t held;

static void show(char *line) {
  char name[64], *text;
  if (sscanf(line, "MSG %63s", name) != 1) return;
  text = strchr(line + 4, ' ');
  printf("%s: %s\n", name, text ? text + 1 : "");
}

static void take(char *bytes, size_t count) {
  char *end;
  memcpy(pending + held, bytes, count);
  held += count;
  pending[held] = 0;
#if BUG == 1
  pending[strcspn(pending, "\n")] = 0;
  show(pending);
  held = 0;
  return;
#endif
  while ((end = memchr(pending, '\n', held))) {
    *end = 0;
    show(pending);
    held -= end + 1 - pending;
    memmove(pending, end + 1, held);
  }
}

static int dial(const char *host, const char *port) {
  struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
  int fd;
  if (getaddrinfo(host, port, &hints, &found)) return -1;
  fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(fd, found->ai_addr, found->ai_addrlen)) return -1;
  freeaddrinfo(found);
  return fd;
}

int main(int argc, char **argv) {
  char name[64], line[8192], out[8300], bytes[4096];
  struct pollfd waiting[2] = {{.fd = 0, .events = POLLIN}, {.events = POLLIN}};
  ssize_t count;
  if (argc != 3) {
    fprintf(stderr, "Usage: %s HOST PORT\n", argv[0]);
    return 1;
  }
  setvbuf(stdin, NULL, _IONBF, 0); /* or a line could wait in the buffer, unseen by poll */
  if (!fgets(name, sizeof name, stdin)) return 1;
  if ((waiting[1].fd = dial(argv[1], argv[2])) < 0) return 1;
  count = snprintf(out, sizeof out, "USER %s", name);
  write(waiting[1].fd, out, count);
  while (poll(waiting, 2, -1) >= 0) {
    if (waiting[1].revents) {
      count = read(waiting[1].fd, bytes, sizeof bytes);
#if BUG != 2
      if (count <= 0) break;
#endif
      if (count > 0) take(bytes, count);
    }
    if (waiting[0].revents) {
      if (!fgets(line, sizeof line, stdin)) break;
      count = snprintf(out, sizeof out, "MSG %s", line);
      write(waiting[1].fd, out, BUG == 3 ? count + 1 : count);
    }
  }
  return 0;
}
