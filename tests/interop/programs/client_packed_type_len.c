/* A packed struct before each text: a char for the kind (0 name, 1 text), an int for the length. */
#include <netinet/in.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct __attribute__((packed)) entete { char type; int longueur; };

static void envoie(int s, char type, const char *texte) {
    char paquet[256];
    struct entete e = { type, strlen(texte) };
    memcpy(paquet, &e, sizeof e);
    memcpy(paquet + sizeof e, texte, e.longueur);
    write(s, paquet, sizeof e + e.longueur);
    usleep(700000);
}

int main(int argc, char *argv[]) {
    struct sockaddr_in a = { 0 };
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (argc != 3) { fprintf(stderr, "usage: %s ip port\n", argv[0]); return 1; }
    a.sin_family = AF_INET;
    a.sin_port = htons(atoi(argv[2]));
    a.sin_addr.s_addr = inet_addr(argv[1]);
    if (connect(s, (void *)&a, sizeof a) < 0) return 1;
    envoie(s, 0, "louis");
    envoie(s, 1, "une structure c'est pratique");
    envoie(s, 1, "fin");
    close(s);
    return 0;
}
