/* Reads lines into a buffer of 1024 bytes with fgets() and sends the whole buffer each time. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TAILLE 1024

int main(int argc, char *argv[]) {
    char tampon[TAILLE];
    const char *clavier[] = { "hugo\n", "salut la compagnie\n", "je reviens\n" };
    struct sockaddr_in adresse;
    int sock = socket(AF_INET, SOCK_STREAM, 0);
    if (argc < 3) exit(2);
    adresse.sin_family = AF_INET;
    adresse.sin_port = htons(atoi(argv[2]));
    inet_aton(argv[1], &adresse.sin_addr);
    if (connect(sock, (struct sockaddr *)&adresse, sizeof(adresse)) < 0) { perror("connect"); exit(1); }
    for (int i = 0; i < 3; i++) {
        bzero(tampon, TAILLE);
        strcpy(tampon, clavier[i]);
        write(sock, tampon, sizeof(tampon));
        usleep(600000);
    }
    close(sock);
    return 0;
}
