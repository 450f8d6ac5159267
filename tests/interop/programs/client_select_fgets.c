/* Sheet 004's client in C: select() on the keyboard, but fgets() reads ahead into its buffer. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    char nom[100], ligne[9000], sortie[9100], recu[20000];
    size_t n = 0;
    struct sockaddr_in a = { 0 };
    if (argc != 3) return 1;
    signal(SIGPIPE, SIG_IGN);
    printf("nom : ");
    fflush(stdout);
    if (!fgets(nom, sizeof nom, stdin)) return 0;
    int s = socket(AF_INET, SOCK_STREAM, 0);
    a.sin_family = AF_INET;
    a.sin_port = htons(atoi(argv[2]));
    a.sin_addr.s_addr = inet_addr(argv[1]);
    if (connect(s, (struct sockaddr *)&a, sizeof a)) { perror("connect"); return 1; }
    snprintf(sortie, sizeof sortie, "USER %s", nom);
    send(s, sortie, strlen(sortie), 0);
    for (;;) {
        fd_set r;
        FD_ZERO(&r);
        FD_SET(0, &r);
        FD_SET(s, &r);
        if (select(s + 1, &r, 0, 0, 0) < 0) continue;
        if (FD_ISSET(s, &r)) {
            int k = recv(s, recu + n, sizeof recu - 1 - n, 0);
            char *fin, *espace;
            if (k <= 0) break;
            n += k;
            while ((fin = memchr(recu, '\n', n))) {
                *fin = 0;
                espace = n > 4 ? strchr(recu + 4, ' ') : NULL;
                if (espace) printf("%.*s: %s\n", (int)(espace - recu - 4), recu + 4, espace + 1);
                n -= fin + 1 - recu;
                memmove(recu, fin + 1, n);
            }
            fflush(stdout);
        }
        if (FD_ISSET(0, &r)) {
            if (!fgets(ligne, sizeof ligne, stdin)) break;
            snprintf(sortie, sizeof sortie, "MSG %s", ligne);
            send(s, sortie, strlen(sortie), 0);
        }
    }
    close(s);
    return 0;
}
