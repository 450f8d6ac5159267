/* Writes the length, an int, then the text: two write() a message, the name first. */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void ecrire(int fd, char *texte) {
    int taille = strlen(texte);
    write(fd, &taille, sizeof(int));
    write(fd, texte, taille);
    usleep(700000);
}

int main(int argc, char **argv) {
    struct sockaddr_in s = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[2])) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    inet_pton(AF_INET, argv[1], &s.sin_addr);
    if (argc != 3 || connect(fd, (struct sockaddr *)&s, sizeof s)) return 1;
    ecrire(fd, "paul");
    ecrire(fd, "message avec une taille devant");
    ecrire(fd, "et un autre");
    close(fd);
    return 0;
}
