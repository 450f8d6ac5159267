/* Sheet 004, select(): the author forgot that a client may leave before it has sent USER. */
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

struct client { char *nom; char lu[9000]; int n; } *clients[FD_SETSIZE];

int main(int argc, char **argv) {
    struct sockaddr_in a = { 0 };
    int un = 1, e = socket(AF_INET, SOCK_STREAM, 0);
    fd_set tous, r;
    if (argc != 2) return 1;
    signal(SIGPIPE, SIG_IGN);
    a.sin_family = AF_INET;
    a.sin_port = htons(atoi(argv[1]));
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(e, SOL_SOCKET, SO_REUSEADDR, &un, sizeof un);
    if (bind(e, (struct sockaddr *)&a, sizeof a) || listen(e, 30)) return 1;
    FD_ZERO(&tous);
    FD_SET(e, &tous);
    for (;;) {
        r = tous;
        select(FD_SETSIZE, &r, 0, 0, 0);
        for (int s = 3; s < FD_SETSIZE; s++) {
            if (!FD_ISSET(s, &r)) continue;
            if (s == e) {
                int c = accept(e, 0, 0);
                FD_SET(c, &tous);
                clients[c] = calloc(1, sizeof(struct client));
                continue;
            }
            struct client *c = clients[s];
            int k = read(s, c->lu + c->n, 8999 - c->n);
            if (k <= 0) {
                printf("%s (%zu lettres) est parti\n", c->nom, strlen(c->nom));
                FD_CLR(s, &tous);
                close(s);
                free(c->nom);
                free(c);
                continue;
            }
            c->n += k;
            char *fin;
            while ((fin = memchr(c->lu, '\n', c->n))) {
                char sortie[10000];
                *fin = 0;
                if (fin > c->lu && fin[-1] == '\r') fin[-1] = 0;
                if (!strncmp(c->lu, "USER ", 5)) c->nom = strdup(c->lu + 5);
                else if (!strncmp(c->lu, "MSG ", 4) && c->nom) {
                    int n = snprintf(sortie, sizeof sortie, "MSG %s %s\n", c->nom, c->lu + 4);
                    for (int d = 3; d < FD_SETSIZE; d++)
                        if (d != e && d != s && FD_ISSET(d, &tous)) send(d, sortie, n, MSG_DONTWAIT);
                }
                c->n -= fin + 1 - c->lu;
                memmove(c->lu, fin + 1, c->n);
            }
        }
    }
}
