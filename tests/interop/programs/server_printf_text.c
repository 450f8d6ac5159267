/* Sheet 004 in C, a thread a client: the text of a message is the format of fprintf(). */
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX 100
static int socks[MAX];
static pthread_mutex_t verrou = PTHREAD_MUTEX_INITIALIZER;

static void *client(void *arg) {
    int i = (int)(long)arg, s = socks[i];
    char nom[100] = "", ligne[10000], format[10200], sortie[20000];
    FILE *f = fdopen(dup(s), "r");
    while (fgets(ligne, sizeof ligne, f)) {
        ligne[strcspn(ligne, "\r\n")] = 0;
        if (!strncmp(ligne, "USER ", 5)) snprintf(nom, sizeof nom, "%s", ligne + 5);
        if (strncmp(ligne, "MSG ", 4)) continue;
        snprintf(format, sizeof format, "MSG %s %s\n", nom, ligne + 4);
        int n = snprintf(sortie, sizeof sortie, format, 0, 0, 0, 0, 0);
        pthread_mutex_lock(&verrou);
        for (int k = 0; k < MAX; k++) if (socks[k] && k != i) send(socks[k], sortie, n, MSG_DONTWAIT);
        pthread_mutex_unlock(&verrou);
    }
    pthread_mutex_lock(&verrou);
    socks[i] = 0;
    pthread_mutex_unlock(&verrou);
    fclose(f);
    close(s);
    return NULL;
}

int main(int argc, char **argv) {
    struct sockaddr_in a = { 0 };
    int un = 1, e = socket(AF_INET, SOCK_STREAM, 0);
    if (argc != 2) return 1;
    signal(SIGPIPE, SIG_IGN);
    a.sin_family = AF_INET;
    a.sin_port = htons(atoi(argv[1]));
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(e, SOL_SOCKET, SO_REUSEADDR, &un, sizeof un);
    if (bind(e, (struct sockaddr *)&a, sizeof a) || listen(e, 30)) return 1;
    for (;;) {
        int s = accept(e, 0, 0), i = 0;
        pthread_t t;
        pthread_mutex_lock(&verrou);
        while (i < MAX - 1 && socks[i]) i++;
        socks[i] = s;
        pthread_mutex_unlock(&verrou);
        pthread_create(&t, NULL, client, (void *)(long)i);
        pthread_detach(t);
    }
}
