/* Sheet 000, exercise 2 and no more: connects, sleeps, registers its pseudo, sleeps, ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char *argv[]) {
    struct sockaddr_un adresse = { .sun_family = AF_UNIX };
    struct { int nature; size_t longueur; char pseudo[32]; } m = { 0, 0, "" };
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (argc != 3 || strlen(argv[2]) > 31) { fprintf(stderr, "Usage : %s chemin pseudo\n", argv[0]); return 1; }
    strcpy(adresse.sun_path, argv[1]);
    if (connect(s, (struct sockaddr *)&adresse, sizeof adresse)) { perror("connect"); return 1; }
    sleep(5);
    m.longueur = strlen(argv[2]);
    strcpy(m.pseudo, argv[2]);
    write(s, &m, 16 + m.longueur);
    sleep(5);
    close(s);
    return 0;
}
