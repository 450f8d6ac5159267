// Sheet 004's client in one thread, with poll() over the keyboard and the socket. Naive: connects
// before it asks for the name; reads 256 bytes at a time and sends each piece of a line by itself.

#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SIZE 256

static int put(int fd, const char *bytes, size_t count) {
  return write(fd, bytes, count) == (ssize_t)count;
}

// `MSG name text` becomes `name: text`; anything else is shown as it came.
static void show(const char *bytes, ssize_t count) {
  static int matched = 0, in_name = 0, in_text = 0;
  for (ssize_t i = 0; i < count; i++) {
    char byte = bytes[i];
    if (byte == '\n') {
      matched = in_name = in_text = 0;
      putchar('\n');
    } else if (!in_text && !in_name && byte == "MSG "[matched]) {
      if (++matched == 4) in_name = 1;
    } else if (in_name && byte == ' ') {
      in_name = 0;
      in_text = 1;
      fputs(": ", stdout);
    } else {
      if (!in_name && !in_text) {
        fwrite("MSG ", 1, (size_t)matched, stdout);
        in_text = 1;
      }
      putchar(byte);
    }
  }
  fflush(stdout);
}

// The first line is the name, the others are messages.
static int send_typed(int server, const char *bytes, ssize_t count) {
  static int at_start = 1;
  static const char *verb = "USER ";
  for (ssize_t i = 0; i < count;) {
    if (at_start && !put(server, verb, strlen(verb))) return 0;
    const char *end = memchr(bytes + i, '\n', (size_t)(count - i));
    ssize_t piece = end == NULL ? count - i : end + 1 - (bytes + i);
    if (!put(server, bytes + i, (size_t)piece)) return 0;
    at_start = end != NULL;
    if (at_start) verb = "MSG ";
    i += piece;
  }
  return 1;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "Usage: %s HOST PORT\n", argv[0]);
    return 1;
  }
  struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
  if (getaddrinfo(argv[1], argv[2], &hints, &found) != 0) return 1;
  int server = socket(found->ai_family, found->ai_socktype, 0);
  if (connect(server, found->ai_addr, found->ai_addrlen) < 0) {
    perror(argv[1]);
    return 1;
  }
  freeaddrinfo(found);
  printf("Your name?\n");
  fflush(stdout);
  struct pollfd both[] = {{0, POLLIN, 0}, {server, POLLIN, 0}};
  char bytes[SIZE];
  while (poll(both, 2, -1) > 0) {
    if (both[1].revents) {
      ssize_t count = read(server, bytes, SIZE);
      if (count <= 0) break;
      show(bytes, count);
    }
    if (both[0].revents) {
      ssize_t count = read(0, bytes, SIZE);
      if (count <= 0 || !send_typed(server, bytes, count)) break;
    }
  }
  close(server);
  return 0;
}
