/* Sheet 004 in C with select(): writes strlen() + 1 bytes, so a NUL follows each line. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <unistd.h>
#include <sys/select.h>
#include <sys/socket.h>

char nom[FD_SETSIZE][64], tampon[FD_SETSIZE][10000];
int rempli[FD_SETSIZE];

int main(int argc, char **argv) {
    fd_set tous, prets;
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[1])) };
    int oui = 1, ecoute = socket(AF_INET, SOCK_STREAM, 0), max = ecoute;
    signal(SIGPIPE, SIG_IGN);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    if (bind(ecoute, (struct sockaddr *)&a, sizeof a) < 0) { perror("bind"); exit(1); }
    listen(ecoute, 10);
    FD_ZERO(&tous);
    FD_SET(ecoute, &tous);
    for (;;) {
        prets = tous;
        select(max + 1, &prets, NULL, NULL, NULL);
        for (int fd = 0; fd <= max; fd++) {
            if (!FD_ISSET(fd, &prets) || !FD_ISSET(fd, &tous)) continue;
            if (fd == ecoute) {
                int c = accept(ecoute, NULL, NULL);
                FD_SET(c, &tous);
                if (c > max) max = c;
                nom[c][0] = 0;
                rempli[c] = 0;
                continue;
            }
            int n = read(fd, tampon[fd] + rempli[fd], sizeof tampon[fd] - 1 - rempli[fd]);
            if (n <= 0) { FD_CLR(fd, &tous); close(fd); continue; }
            rempli[fd] += n;
            tampon[fd][rempli[fd]] = 0;
            char *ligne = tampon[fd], *fin, sortie[11000];
            while ((fin = strchr(ligne, '\n'))) {
                *fin = 0;
                if (fin > ligne && fin[-1] == '\r') fin[-1] = 0;
                if (strncmp(ligne, "USER ", 5) == 0) snprintf(nom[fd], 64, "%s", ligne + 5);
                if (strncmp(ligne, "MSG ", 4) == 0) {
                    sprintf(sortie, "MSG %s %s\n", nom[fd], ligne + 4);
                    for (int autre = 0; autre <= max; autre++)
                        if (FD_ISSET(autre, &tous) && autre != ecoute && autre != fd)
                            send(autre, sortie, strlen(sortie) + 1, MSG_DONTWAIT);
                }
                ligne = fin + 1;
            }
            rempli[fd] -= ligne - tampon[fd];
            memmove(tampon[fd], ligne, rempli[fd]);
        }
    }
}
