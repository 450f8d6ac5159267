// Sheet 000, exercise 7: a server that sends each message with its author to all. Naive: select()
// with blocking reads; answers `ok` before it broadcasts; header and text leave in two writes.

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define NB_MAX 20
#define TEXT_MAX 9000

struct header {
  int nature;
  size_t length;
};

static int clients[NB_MAX];
static char pseudos[NB_MAX][64];
static volatile sig_atomic_t stopped = 0;

static void on_signal(int number) {
  (void)number;
  stopped = 1;
}

static int read_all(int fd, void *into, size_t count) {
  for (size_t at = 0; at < count;) {
    ssize_t got = read(fd, (char *)into + at, count - at);
    if (got <= 0) return 0;
    at += (size_t)got;
  }
  return 1;
}

static void put(int fd, const void *bytes, size_t count) {
  if (write(fd, bytes, count) != (ssize_t)count) perror("write");
}

static void broadcast(const char *pseudo, const char *text) {
  char line[TEXT_MAX + 80];
  struct header header = {1, 0};
  header.length = (size_t)snprintf(line, sizeof line, "%s: %s", pseudo, text);
  printf("%s\n", line);
  for (int i = 0; i < NB_MAX; i++) {
    if (clients[i] < 0) continue;
    put(clients[i], &header, sizeof header);
    put(clients[i], line, header.length);
  }
}

static void hang_up(int i) {
  printf("%s left\n", pseudos[i]);
  close(clients[i]);
  clients[i] = -1;
}

static void serve(int i) {
  struct header header;
  char text[TEXT_MAX + 1];
  if (!read_all(clients[i], &header, sizeof header) || header.length > TEXT_MAX ||
      !read_all(clients[i], text, header.length)) {
    hang_up(i);
    return;
  }
  text[header.length] = '\0';
  if (header.nature == 0) {
    snprintf(pseudos[i], sizeof pseudos[i], "%.63s", text);
    printf("%s joined\n", pseudos[i]);
    return;
  }
  put(clients[i], "ok", 2);
  broadcast(pseudos[i], text);
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "Usage: %s SOCKET\n", argv[0]);
    return 1;
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  struct sigaction action = {.sa_handler = on_signal};
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  signal(SIGPIPE, SIG_IGN);
  for (int i = 0; i < NB_MAX; i++) clients[i] = -1;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
      listen(listener, NB_MAX) < 0) {
    perror(argv[1]);
    return 1;
  }
  printf("listening on %s\n", argv[1]);
  while (!stopped) {
    fd_set ready;
    FD_ZERO(&ready);
    FD_SET(listener, &ready);
    int highest = listener;
    for (int i = 0; i < NB_MAX; i++) {
      if (clients[i] < 0) continue;
      FD_SET(clients[i], &ready);
      if (clients[i] > highest) highest = clients[i];
    }
    if (select(highest + 1, &ready, NULL, NULL, NULL) < 0) continue;
    for (int i = 0; i < NB_MAX; i++) {
      if (clients[i] >= 0 && FD_ISSET(clients[i], &ready)) serve(i);
    }
    if (!FD_ISSET(listener, &ready)) continue;
    int fd = accept(listener, NULL, NULL);
    int free_one = 0;
    while (free_one < NB_MAX && clients[free_one] >= 0) free_one++;
    if (free_one == NB_MAX) {
      close(fd);
      continue;
    }
    clients[free_one] = fd;
    strcpy(pseudos[free_one], "?");
  }
  unlink(argv[1]);
  return 0;
}
