/* Sheet 000 in C where each read() is taken for a whole frame: header and text in one go. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/un.h>

struct entete { int nature; size_t taille; };
char pseudo[FD_SETSIZE][100];

int main(int argc, char **argv) {
    struct sockaddr_un a = { AF_UNIX, "" };
    int s = socket(AF_UNIX, SOCK_STREAM, 0), max = s;
    fd_set tous, prets;
    static char tampon[70000], reponse[70200];
    if (argc != 2) return 1;
    signal(SIGPIPE, SIG_IGN);
    unlink(argv[1]);
    strcpy(a.sun_path, argv[1]);
    if (bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 10)) return 1;
    FD_ZERO(&tous);
    FD_SET(s, &tous);
    while (1) {
        prets = tous;
        if (select(max + 1, &prets, 0, 0, 0) < 0) continue;
        for (int c = 3; c <= max; c++) {
            if (!FD_ISSET(c, &prets)) continue;
            if (c == s) {
                int n = accept(s, 0, 0);
                FD_SET(n, &tous);
                if (n > max) max = n;
                continue;
            }
            struct entete *e = (struct entete *)tampon;
            int n = read(c, tampon, sizeof tampon);
            if (n <= 0) { close(c); FD_CLR(c, &tous); continue; }
            char *texte = tampon + sizeof *e;
            tampon[n] = 0;
            if (n < (int)sizeof *e) continue;
            if (e->nature == 0) { snprintf(pseudo[c], 100, "%.*s", (int)e->taille, texte); continue; }
            int k = snprintf(reponse + sizeof *e, sizeof reponse - sizeof *e, "%s: %s", pseudo[c], texte);
            *(struct entete *)reponse = (struct entete){ 1, k };
            for (int d = 3; d <= max; d++)
                if (d != s && FD_ISSET(d, &tous)) send(d, reponse, sizeof *e + k, MSG_DONTWAIT);
            send(c, "ok", 2, MSG_DONTWAIT);
        }
    }
}
