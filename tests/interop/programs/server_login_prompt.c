/* Sheet 001 in C with poll(): asks "login: " without a newline, then "(bob) text"; 20 clients. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>

#define N 64
#define TAMPON 16384
struct client { char nom[40]; char lu[TAMPON]; int n; } clients[N];
struct pollfd p[N];

static void quitte(int i);
static void ecrit(int i, const char *texte) {
    size_t n = strlen(texte);
    if (p[i].fd >= 0 && send(p[i].fd, texte, n, MSG_DONTWAIT | MSG_NOSIGNAL) != (ssize_t)n) quitte(i);
}
static void diffuse(int sauf, const char *texte) {
    for (int i = 1; i < N; i++) if (i != sauf && clients[i].nom[0]) ecrit(i, texte);
}
static void quitte(int i) {
    char texte[100];
    if (p[i].fd < 0) return;
    close(p[i].fd);
    p[i].fd = -1;
    snprintf(texte, sizeof texte, "-- %s est parti --\n", clients[i].nom);
    int connu = clients[i].nom[0];
    clients[i].nom[0] = 0;
    if (connu) diffuse(i, texte);
}
static int cherche(const char *nom) {
    for (int i = 1; i < N; i++) if (clients[i].nom[0] && !strcmp(clients[i].nom, nom)) return i;
    return 0;
}
static void traite(int i, char *l) {
    static char texte[TAMPON + 200];
    if (!clients[i].nom[0]) {
        if (!*l || strchr(l, ' ') || strlen(l) >= sizeof clients[i].nom || cherche(l)) { ecrit(i, "login incorrect\nlogin: "); return; }
        snprintf(texte, sizeof texte, "-- %s est la --\n", l);
        diffuse(i, texte);
        strcpy(clients[i].nom, l);
        ecrit(i, "Commandes : @pseudo texte, @tous texte, ? pour la liste\n");
    } else if (!strcmp(l, "?")) {
        strcpy(texte, "Presents :");
        for (int k = 1; k < N; k++) if (clients[k].nom[0]) { strcat(texte, " "); strcat(texte, clients[k].nom); }
        strcat(texte, "\n");
        ecrit(i, texte);
    } else if (*l == '@' && strncmp(l, "@tous ", 6)) {
        char *t = strchr(l, ' ');
        if (t) *t++ = 0;
        int k = cherche(l + 1);
        if (!k || !t) { ecrit(i, "pas la\n"); return; }
        snprintf(texte, sizeof texte, "(%s -> vous) %s\n", clients[i].nom, t);
        ecrit(k, texte);
        ecrit(i, "envoye\n");
    } else {
        snprintf(texte, sizeof texte, "(%s) %s\n", clients[i].nom, strncmp(l, "@tous ", 6) ? l : l + 6);
        diffuse(i, texte);
        ecrit(i, "envoye\n");
    }
}
int main(int argc, char **argv) {
    int un = 1;
    struct sockaddr_in a = { 0 };
    if (argc != 2) { fprintf(stderr, "Usage: %s port\n", argv[0]); return 1; }
    for (int i = 0; i < N; i++) { p[i].fd = -1; p[i].events = POLLIN; }
    p[0].fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(p[0].fd, SOL_SOCKET, SO_REUSEADDR, &un, sizeof un);
    a.sin_family = AF_INET;
    a.sin_port = htons(atoi(argv[1]));
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(p[0].fd, (struct sockaddr *)&a, sizeof a) || listen(p[0].fd, 20)) { perror("bind"); return 1; }
    while (poll(p, N, -1) >= 0) {
        if (p[0].revents & POLLIN) {
            int c = accept(p[0].fd, NULL, NULL), i = 1;
            while (i < N && p[i].fd >= 0) i++;
            if (i == N) close(c);
            else { p[i].fd = c; p[i].revents = 0; clients[i].n = 0; clients[i].nom[0] = 0; ecrit(i, "login: "); }
        }
        for (int i = 1; i < N; i++) {
            struct client *c = &clients[i];
            char *fin;
            if (p[i].fd < 0 || !p[i].revents) continue;
            int n = read(p[i].fd, c->lu + c->n, TAMPON - 1 - c->n);
            if (n <= 0) { quitte(i); continue; }
            c->n += n;
            while (p[i].fd >= 0 && (fin = memchr(c->lu, '\n', c->n))) {
                *fin = 0;
                if (fin > c->lu && fin[-1] == '\r') fin[-1] = 0;
                traite(i, c->lu);
                c->n -= fin + 1 - c->lu;
                memmove(c->lu, fin + 1, c->n);
            }
        }
    }
    return 0;
}
