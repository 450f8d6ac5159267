/* Sheet 004 in C, poll(): what one read() returns is taken for one line. */
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>

#define MAX 200
int main(int argc, char *argv[]) {
    struct pollfd f[MAX];
    static char nom[MAX][50], lu[9000], sortie[9200];
    int n = 1, un = 1;
    struct sockaddr_in a = { 0 };
    if (argc < 2) { puts("usage: serveur port"); return 1; }
    signal(SIGPIPE, SIG_IGN);
    f[0].fd = socket(AF_INET, SOCK_STREAM, 0);
    f[0].events = POLLIN;
    setsockopt(f[0].fd, SOL_SOCKET, SO_REUSEADDR, &un, sizeof(int));
    a.sin_family = AF_INET;
    a.sin_port = htons(atoi(argv[1]));
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(f[0].fd, (struct sockaddr *)&a, sizeof a);
    listen(f[0].fd, 30);
    for (;;) {
        poll(f, n, -1);
        for (int i = n - 1; i > 0; i--) {
            if (!f[i].revents) continue;
            int k = read(f[i].fd, lu, sizeof lu - 1);
            if (k <= 0) {
                close(f[i].fd);
                n--;
                f[i] = f[n];
                strcpy(nom[i], nom[n]);
                continue;
            }
            lu[k] = 0;
            lu[strcspn(lu, "\r\n")] = 0;
            if (strncmp(lu, "USER ", 5) == 0) strncpy(nom[i], lu + 5, 49);
            else if (strncmp(lu, "MSG ", 4) == 0) {
                sprintf(sortie, "MSG %s %s\n", nom[i], lu + 4);
                for (int j = 1; j < n; j++) if (j != i) send(f[j].fd, sortie, strlen(sortie), MSG_DONTWAIT);
            }
        }
        if (f[0].revents && n < MAX) {
            f[n].fd = accept(f[0].fd, 0, 0);
            f[n].events = POLLIN;
            f[n].revents = 0;
            nom[n++][0] = 0;
        }
    }
}
