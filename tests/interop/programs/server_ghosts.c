/* Sheet 001 in C, select(): who has left stays in the list; only arrivals are announced. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/select.h>
#include <sys/socket.h>

struct { char nom[40]; int sock; char lu[9000]; int n; } membre[500];
int membres;

void dire(int i, char *texte) {
    if (membre[i].sock >= 0) send(membre[i].sock, texte, strlen(texte), MSG_DONTWAIT | MSG_NOSIGNAL);
}
void traiter(int i, char *l) {
    static char t[10000];
    if (membre[i].nom[0] == 0) {
        for (int k = 0; k < membres; k++)
            if (!strcmp(membre[k].nom, l) && membre[k].sock >= 0) { dire(i, "pseudo pris\n"); return; }
        if (!*l || strlen(l) > 39 || strchr(l, ' ')) { dire(i, "pseudo incorrect\n"); return; }
        snprintf(t, sizeof t, "%s est arrive\n", l);
        for (int k = 0; k < membres; k++) if (membre[k].nom[0]) dire(k, t);
        strcpy(membre[i].nom, l);
        dire(i, "ok\n");
        return;
    }
    if (!strcmp(l, "liste")) {
        t[0] = 0;
        for (int k = 0; k < membres; k++) if (membre[k].nom[0]) { strcat(t, membre[k].nom); strcat(t, " "); }
        strcat(t, "\n");
        dire(i, t);
    } else if (*l == '@' && strncmp(l, "@tous ", 6)) {
        char *texte = strchr(l, ' ');
        int trouve = 0;
        if (!texte) { dire(i, "quoi ?\n"); return; }
        *texte++ = 0;
        snprintf(t, sizeof t, "%s chuchote : %s\n", membre[i].nom, texte);
        for (int k = 0; k < membres; k++) if (membre[k].sock >= 0 && !strcmp(membre[k].nom, l + 1)) { dire(k, t); trouve = 1; }
        dire(i, trouve ? "chuchote\n" : "personne de ce nom\n");
    } else {
        snprintf(t, sizeof t, "%s : %s\n", membre[i].nom, strncmp(l, "@tous ", 6) ? l : l + 6);
        for (int k = 0; k < membres; k++) if (k != i && membre[k].nom[0]) dire(k, t);
        dire(i, "dit\n");
    }
}
int main(int argc, char **argv) {
    struct sockaddr_in a = { 0 };
    int un = 1, e = socket(AF_INET, SOCK_STREAM, 0);
    if (argc != 2) { printf("usage : %s port\n", argv[0]); return 1; }
    a.sin_family = AF_INET;
    a.sin_port = htons(atoi(argv[1]));
    inet_pton(AF_INET, "127.0.0.1", &a.sin_addr);
    setsockopt(e, SOL_SOCKET, SO_REUSEADDR, &un, sizeof un);
    if (bind(e, (struct sockaddr *)&a, sizeof a) || listen(e, 50)) { perror("bind"); return 1; }
    for (;;) {
        fd_set r;
        int max = e;
        FD_ZERO(&r);
        FD_SET(e, &r);
        for (int i = 0; i < membres; i++) if (membre[i].sock >= 0) { FD_SET(membre[i].sock, &r); if (membre[i].sock > max) max = membre[i].sock; }
        if (select(max + 1, &r, 0, 0, 0) < 0) continue;
        for (int i = 0; i < membres; i++) {
            if (membre[i].sock < 0 || !FD_ISSET(membre[i].sock, &r)) continue;
            int k = read(membre[i].sock, membre[i].lu + membre[i].n, 8999 - membre[i].n);
            if (k <= 0) { close(membre[i].sock); membre[i].sock = -1; continue; }
            membre[i].n += k;
            char *nl;
            while ((nl = memchr(membre[i].lu, '\n', membre[i].n))) {
                int long_ = nl + 1 - membre[i].lu;
                *nl = 0;
                if (long_ > 1 && nl[-1] == '\r') nl[-1] = 0;
                traiter(i, membre[i].lu);
                membre[i].n -= long_;
                memmove(membre[i].lu, nl + 1, membre[i].n);
            }
        }
        if (FD_ISSET(e, &r) && membres < 500) {
            membre[membres].sock = accept(e, 0, 0);
            dire(membres++, "Bienvenue ! @pseudo texte, @tous texte, liste. Pseudo :\n");
        }
    }
}
