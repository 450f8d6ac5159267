/* Sheet 004's client in C: what one recv() returns is one message, taken apart by sscanf(). */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    char nom[100], ligne[9000], sortie[9100], recu[9000], qui[100], quoi[9000];
    struct sockaddr_in a = { 0 };
    if (argc != 3) return 1;
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdin, NULL, _IONBF, 0);
    if (!fgets(nom, sizeof nom, stdin)) return 0;
    int s = socket(AF_INET, SOCK_STREAM, 0);
    a.sin_family = AF_INET;
    a.sin_port = htons(atoi(argv[2]));
    a.sin_addr.s_addr = inet_addr(argv[1]);
    if (connect(s, (struct sockaddr *)&a, sizeof a)) { perror("connect"); return 1; }
    snprintf(sortie, sizeof sortie, "USER %s", nom);
    send(s, sortie, strlen(sortie), 0);
    struct pollfd p[2] = { { 0, POLLIN, 0 }, { s, POLLIN, 0 } };
    while (poll(p, 2, -1) > 0) {
        if (p[1].revents) {
            int n = recv(s, recu, sizeof recu - 1, 0);
            if (n <= 0) break;
            recu[n] = 0;
            if (sscanf(recu, "MSG %99s %8999[^\n]", qui, quoi) == 2) printf("%s: %s\n", qui, quoi);
            fflush(stdout);
        }
        if (p[0].revents) {
            if (!fgets(ligne, sizeof ligne, stdin)) break;
            snprintf(sortie, sizeof sortie, "MSG %s", ligne);
            send(s, sortie, strlen(sortie), 0);
        }
    }
    close(s);
    return 0;
}
