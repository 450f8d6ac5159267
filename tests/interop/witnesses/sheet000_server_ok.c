// Sheet 000, exercise 4: a server for one client, which answers `ok` to each message. Naive: takes
// what one read gives for the whole payload; ends with its only client.

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct header {
  int nature;
  size_t length;
};

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "Usage: %s SOCKET\n", argv[0]);
    return 1;
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 1) < 0) {
    perror(argv[1]);
    return 1;
  }
  printf("listening on %s\n", argv[1]);
  int client = accept(listener, NULL, NULL);
  struct header header;
  char text[1000];
  while (read(client, &header, sizeof header) == (ssize_t)sizeof header &&
         header.length < sizeof text) {
    ssize_t count = read(client, text, header.length);
    if (count <= 0) break;
    text[count] = '\0';
    if (header.nature == 0) {
      printf("%s joined\n", text);
      continue;
    }
    printf("received: %s\n", text);
    if (write(client, "ok", 2) != 2) break;
  }
  printf("the client left\n");
  close(client);
  unlink(argv[1]);
  return 0;
}
