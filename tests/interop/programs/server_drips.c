/* Sends one byte every 100 ms to each client, for ever, never a newline, and reads nothing. */
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct sockaddr_in a = { 0 };
    int c, un = 1, s = socket(AF_INET, SOCK_STREAM, 0);
    if (argc != 2) return 1;
    signal(SIGCHLD, SIG_IGN);
    a.sin_family = AF_INET;
    a.sin_port = htons(atoi(argv[1]));
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &un, sizeof un);
    if (bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 5)) return 1;
    while ((c = accept(s, 0, 0)) >= 0) {
        if (fork() == 0) {
            close(s);
            while (send(c, ".", 1, MSG_NOSIGNAL) == 1) usleep(100000);
            _exit(0);
        }
        close(c);
    }
    return 0;
}
