// Sheet 004's server in one thread, with poll(). Naive: reads 256 bytes at a time into a line
// buffer of fixed size, cuts what is longer, blocks in writes, calls a client without a name `?`.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_CLIENTS 64
#define LINE_MAX_BYTES 9000

struct client {
  char name[64];
  char line[LINE_MAX_BYTES];
  size_t count;
};

static struct pollfd fds[MAX_CLIENTS + 1];
static struct client clients[MAX_CLIENTS + 1];
static int used = 1;

static void on_line(int from) {
  struct client *client = &clients[from];
  if (strncmp(client->line, "USER ", 5) == 0) {
    snprintf(client->name, sizeof client->name, "%.63s", client->line + 5);
    printf("%s joined\n", client->name);
  } else if (strncmp(client->line, "MSG ", 4) == 0) {
    static char out[LINE_MAX_BYTES + 80];
    int length = snprintf(out, sizeof out, "MSG %s %s\n", client->name, client->line + 4);
    printf("%s: %s\n", client->name, client->line + 4);
    for (int i = 1; i < used; i++) {
      if (i != from && write(fds[i].fd, out, (size_t)length) < 0) perror("write");
    }
  } else {
    printf("? %s\n", client->line);
  }
}

static void on_bytes(int from, const char *bytes, ssize_t count) {
  struct client *client = &clients[from];
  for (ssize_t i = 0; i < count; i++) {
    if (bytes[i] == '\n') {
      client->line[client->count] = '\0';
      client->count = 0;
      on_line(from);
    } else if (client->count + 1 < sizeof client->line) {
      client->line[client->count++] = bytes[i];
    }
  }
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "Usage: %s PORT\n", argv[0]);
    return 1;
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  signal(SIGPIPE, SIG_IGN);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  int yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  struct sockaddr_in address = {.sin_family = AF_INET};
  address.sin_port = htons((unsigned short)atoi(argv[1]));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 64) < 0 ||
      getsockname(listener, (struct sockaddr *)&address, &size) < 0) {
    perror("listen");
    return 1;
  }
  printf("listening on 127.0.0.1 port %d\n", ntohs(address.sin_port));
  fds[0] = (struct pollfd){listener, POLLIN, 0};
  while (poll(fds, (nfds_t)used, -1) > 0) {
    for (int i = used - 1; i > 0; i--) {
      if (!fds[i].revents) continue;
      char bytes[256];
      ssize_t count = read(fds[i].fd, bytes, sizeof bytes);
      if (count > 0) {
        on_bytes(i, bytes, count);
        continue;
      }
      printf("%s left\n", clients[i].name);
      close(fds[i].fd);
      used--;
      fds[i] = fds[used];
      clients[i] = clients[used];
    }
    if (!fds[0].revents) continue;
    int fd = accept(listener, NULL, NULL);
    if (fd < 0) continue;
    if (used > MAX_CLIENTS) {
      close(fd);
      continue;
    }
    clients[used] = (struct client){.name = "?"};
    fds[used++] = (struct pollfd){fd, POLLIN, 0};
  }
  return 0;
}
