/* A server of sheet 004 with poll() that reads its lines well and forgets one thing: a client
   may be gone when it writes, and SIGPIPE then ends the program. Prints its port. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_CLIENTS 64
#define MAX_LINE 8192

struct client {
  char name[64];
  char line[MAX_LINE];
  size_t length;
};

static struct pollfd fds[1 + MAX_CLIENTS];
static struct client clients[1 + MAX_CLIENTS];
static int count = 1; /* place 0 is the listening socket */

static void write_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = write(fd, bytes, length);
    if (written <= 0) return;
    bytes += written;
    length -= (size_t)written;
  }
}

static void handle_line(int from, char *line) {
  static char out[MAX_LINE + 128];
  if (strncmp(line, "USER ", 5) == 0) {
    strncpy(clients[from].name, line + 5, sizeof clients[from].name - 1);
    return;
  }
  if (strncmp(line, "MSG ", 4) != 0) return;
  int length = snprintf(out, sizeof out, "MSG %s %s\n", clients[from].name, line + 4);
  for (int i = 1; i < count; i++)
    if (i != from) write_all(fds[i].fd, out, (size_t)length);
}

static void leave(int i) {
  close(fds[i].fd);
  count--;
  fds[i] = fds[count];
  clients[i] = clients[count];
  memset(&clients[count], 0, sizeof clients[count]);
}

static void read_from(int i) {
  struct client *client = &clients[i];
  if (client->length == sizeof client->line - 1) client->length = 0; /* too long: dropped */
  ssize_t n = read(fds[i].fd, client->line + client->length, sizeof client->line - 1 - client->length);
  if (n <= 0) {
    leave(i);
    return;
  }
  client->length += (size_t)n;
  char *end;
  while ((end = memchr(client->line, '\n', client->length)) != NULL) {
    *end = 0;
    handle_line(i, client->line);
    size_t used = (size_t)(end + 1 - client->line);
    client->length -= used;
    memmove(client->line, end + 1, client->length);
  }
}

int main(void) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof at;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&at, size) != 0 || listen(listener, 16) != 0) return 1;
  if (getsockname(listener, (struct sockaddr *)&at, &size) != 0) return 1;
  printf("%d\n", ntohs(at.sin_port));
  fflush(stdout);
  fds[0] = (struct pollfd){.fd = listener, .events = POLLIN};
  while (poll(fds, (nfds_t)count, -1) > 0) {
    for (int i = count - 1; i >= 1; i--)
      if (fds[i].revents != 0) read_from(i);
    if (fds[0].revents == 0) continue;
    int fd = accept(listener, NULL, NULL);
    if (fd < 0 || count > MAX_CLIENTS) {
      close(fd);
      continue;
    }
    fds[count] = (struct pollfd){.fd = fd, .events = POLLIN};
    count++;
  }
  return 0;
}
