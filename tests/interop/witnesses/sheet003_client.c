// Sheet 003's client: one process listens, one sends, a semaphore keeps prompt and text apart.
// Naive: holds the lock from the first byte of a flow until ETX, and reads one byte at a time.

#include <netdb.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ETX '\03'
#define EOT '\04'
#define DEFAULT_PORT "8080"

static int server;
static sem_t *screen;
static char prompt[80];

static void put(int fd, const char *bytes, size_t count) {
  if (write(fd, bytes, count) != (ssize_t)count) exit(1);
}

static void put_text(int fd, const char *text) { put(fd, text, strlen(text)); }

static void on_signal(int number) {
  (void)number;
  put_text(2, "signal\n");
  _exit(0);
}

static int connect_to(const char *host, const char *port) {
  struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
  if (getaddrinfo(host, port, &hints, &found) != 0) return -1;
  int fd = socket(found->ai_family, found->ai_socktype, 0);
  if (connect(fd, found->ai_addr, found->ai_addrlen) < 0) return -1;
  freeaddrinfo(found);
  return fd;
}

// The answers of the beginning are a line or a flow.
static void read_answer(char *into, size_t size) {
  size_t at = 0;
  char byte;
  while (at + 1 < size && recv(server, &byte, 1, 0) == 1 && byte != '\n' && byte != ETX) {
    into[at++] = byte;
  }
  into[at] = '\0';
}

static void listen_on(void) {
  char byte;
  signal(SIGINT, on_signal);
  signal(SIGTERM, on_signal);
  while (recv(server, &byte, 1, 0) == 1) {
    sem_wait(screen);
    put(1, "\n", 1);
    do {
      if (byte == EOT) {
        sem_post(screen);
        exit(0);
      }
      if (byte == ETX) break;
      put(1, &byte, 1);
    } while (recv(server, &byte, 1, 0) == 1);
    put(1, "\n", 1);
    put_text(1, prompt);
    sem_post(screen);
  }
  exit(0);
}

static void send_on(void) {
  char line[9000];
  signal(SIGINT, on_signal);
  signal(SIGTERM, on_signal);
  for (;;) {
    sem_wait(screen);
    put_text(1, prompt);
    sem_post(screen);
    if (fgets(line, sizeof line, stdin) == NULL) exit(0);
    send(server, line, strlen(line), 0);
  }
}

int main(int argc, char **argv) {
  if (argc != 2 && argc != 3) {
    fprintf(stderr, "Usage: %s HOST [PORT]\n", argv[0]);
    return 1;
  }
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  server = connect_to(argv[1], argc == 3 ? argv[2] : DEFAULT_PORT);
  if (server < 0) {
    perror(argv[1]);
    return 1;
  }
  screen = mmap(NULL, sizeof *screen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (screen == MAP_FAILED || sem_init(screen, 1, 1) < 0) {
    perror("semaphore");
    return 1;
  }
  char answer[70];
  put_text(server, "hello\n");
  read_answer(answer, sizeof answer);
  int id = atoi(answer);
  put_text(server, "w\n");
  read_answer(answer, sizeof answer);
  snprintf(prompt, sizeof prompt, "%s> ", answer);
  printf("id %d, name %s\n", id, answer);
  fflush(stdout);
  pid_t listener = fork();
  if (listener == 0) listen_on();
  pid_t sender = fork();
  if (sender == 0) send_on();
  pid_t ended = wait(NULL);
  kill(ended == listener ? sender : listener, SIGKILL);
  wait(NULL);
  if (write(server, "q\n", 2) == 2) recv(server, answer, sizeof answer, 0);
  close(server);
  munmap(screen, sizeof *screen);
  put_text(1, "\nbye\n");
  return 0;
}
