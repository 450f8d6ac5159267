/* Sheet 000's client in C: the pseudo is an argument, poll() waits for both sides, ko for ok. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int lire(int s, void *ou, size_t n) {
    char *p = ou;
    while (n > 0) {
        ssize_t k = read(s, p, n);
        if (k <= 0) return 0;
        p += k;
        n -= k;
    }
    return 1;
}
static int ecrire(int s, int nature, const char *texte, size_t taille) {
    static char m[20000];
    memset(m, 0, 16);
    memcpy(m, &nature, sizeof nature);
    memcpy(m + 8, &taille, sizeof taille);
    memcpy(m + 16, texte, taille);
    return write(s, m, 16 + taille) == (ssize_t)(16 + taille);
}
int main(int argc, char **argv) {
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    static char clavier[16000], texte[70000];
    size_t n = 0;
    if (argc != 3) { fprintf(stderr, "Usage: %s chemin pseudo\n", argv[0]); return 1; }
    signal(SIGPIPE, SIG_IGN);
    strncpy(a.sun_path, argv[1], sizeof a.sun_path - 1);
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(s, (struct sockaddr *)&a, sizeof a) < 0) { perror(argv[1]); return 1; }
    ecrire(s, 0, argv[2], strlen(argv[2]));
    struct pollfd p[2] = { { 0, POLLIN, 0 }, { s, POLLIN, 0 } };
    while (poll(p, 2, -1) > 0) {
        if (p[1].revents) {
            struct { int nature; size_t taille; } e;
            if (!lire(s, &e, 1)) break;
            if (*(char *)&e == 'o') {
                if (!lire(s, &e, 1)) break;
                puts("ko");
            } else {
                if (!lire(s, (char *)&e + 1, sizeof e - 1) || e.taille >= sizeof texte || !lire(s, texte, e.taille)) break;
                printf("%.*s\n", (int)e.taille, texte);
            }
            fflush(stdout);
        }
        if (p[0].revents) {
            ssize_t k = read(0, clavier + n, sizeof clavier - n);
            if (k <= 0) break;
            n += k;
            char *fin;
            while ((fin = memchr(clavier, '\n', n))) {
                if (!ecrire(s, 1, clavier, fin - clavier)) return 0;
                n -= fin + 1 - clavier;
                memmove(clavier, fin + 1, n);
            }
        }
    }
    close(s);
    return 0;
}
