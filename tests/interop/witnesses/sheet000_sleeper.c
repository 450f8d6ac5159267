// Sheet 000, exercise 2: connects, sleeps, sends its pseudo, sleeps, leaves. Naive: writes nature,
// length and pseudo in three writes (12 bytes of header), never reads.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void must_write(int fd, const void *bytes, size_t count) {
  if (write(fd, bytes, count) != (ssize_t)count) {
    perror("write");
    exit(1);
  }
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "Usage: %s SOCKET PSEUDO MILLISECONDS\n", argv[0]);
    return 1;
  }
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
    perror("connect");
    return 1;
  }
  useconds_t nap = 1000 * (useconds_t)atoi(argv[3]);
  usleep(nap);
  int nature = 0;
  size_t length = strlen(argv[2]);
  must_write(fd, &nature, sizeof nature);
  must_write(fd, &length, sizeof length);
  must_write(fd, argv[2], length);
  usleep(nap);
  close(fd);
  return 0;
}
