/* A client of sheet 004 with a process for each direction, for the tests of minichat check: the one
   that reads the keyboard knows nothing of the other, so it writes to a server that has gone. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
  char line[8192], out[8300];
  struct sockaddr_in place = {.sin_family = AF_INET};
  int fd = socket(AF_INET, SOCK_STREAM, 0), first = 1;
  if (argc != 3) return 1;
  place.sin_port = htons(atoi(argv[2]));
  inet_pton(AF_INET, argv[1], &place.sin_addr);
  if (connect(fd, (struct sockaddr *)&place, sizeof place)) return 1;
  if (fork() == 0) {
    FILE *from = fdopen(fd, "r");
    char name[64], text[8192];
    while (fgets(line, sizeof line, from))
      if (sscanf(line, "MSG %63s %8191[^\n]", name, text) == 2) printf("%s: %s\n", name, text);
    return 0;
  }
  while (fgets(line, sizeof line, stdin)) {
    int count = snprintf(out, sizeof out, "%s %s", first ? "USER" : "MSG", line);
    first = 0;
    write(fd, out, count);
  }
  shutdown(fd, SHUT_WR);
  return 0;
}
