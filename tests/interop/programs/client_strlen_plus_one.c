/* Sheet 003 in C: each command goes out with its newline and the NUL that ends the string. */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void envoyer(int s, char *commande) {
    if (send(s, commande, strlen(commande) + 1, 0) < 0) perror("send");
    usleep(500 * 1000);
}

int main(int argc, char **argv) {
    struct hostent *h = gethostbyname(argv[1]);
    struct sockaddr_in a;
    char recu[2000];
    int s, n;
    if (argc != 3 || h == NULL) return 1;
    s = socket(PF_INET, SOCK_STREAM, 0);
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_port = htons(atoi(argv[2]));
    memcpy(&a.sin_addr, h->h_addr_list[0], h->h_length);
    if (connect(s, (struct sockaddr *)&a, sizeof a) == -1) return 1;
    envoyer(s, "hello jules\n");
    envoyer(s, "b le serveur marche\n");
    envoyer(s, "b a bientot\n");
    envoyer(s, "quit\n");
    while ((n = recv(s, recu, sizeof recu, 0)) > 0) fwrite(recu, 1, n, stdout);
    return 0;
}
