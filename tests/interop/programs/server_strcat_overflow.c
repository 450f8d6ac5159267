/* Sheet 004 in C: the answer is put together with strcat() in 512 bytes; a long message ends it. */
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

static char noms[FD_SETSIZE][40], lu[FD_SETSIZE][20000];
static int n[FD_SETSIZE];

static void message(int de, int ecoute, fd_set *tous, const char *texte) {
    char reponse[512];
    strcpy(reponse, "MSG ");
    strcat(reponse, noms[de]);
    strcat(reponse, " ");
    strcat(reponse, texte);
    strcat(reponse, "\n");
    for (int s = 3; s < FD_SETSIZE; s++)
        if (s != ecoute && s != de && FD_ISSET(s, tous)) send(s, reponse, strlen(reponse), MSG_DONTWAIT);
}

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
        if (select(FD_SETSIZE, &r, 0, 0, 0) < 0) continue;
        for (int s = 3; s < FD_SETSIZE; s++) {
            if (!FD_ISSET(s, &r)) continue;
            if (s == e) { int c = accept(e, 0, 0); FD_SET(c, &tous); n[c] = 0; noms[c][0] = 0; continue; }
            int k = read(s, lu[s] + n[s], sizeof lu[s] - 1 - n[s]);
            if (k <= 0) { FD_CLR(s, &tous); close(s); continue; }
            n[s] += k;
            char *fin;
            while ((fin = memchr(lu[s], '\n', n[s]))) {
                *fin = 0;
                if (fin > lu[s] && fin[-1] == '\r') fin[-1] = 0;
                if (!strncmp(lu[s], "USER ", 5)) snprintf(noms[s], 40, "%s", lu[s] + 5);
                if (!strncmp(lu[s], "MSG ", 4)) message(s, e, &tous, lu[s] + 4);
                n[s] -= fin + 1 - lu[s];
                memmove(lu[s], fin + 1, n[s]);
            }
        }
    }
}
