/* Sheet 000, exercise 1 and no more: one connection, one short message, then the socket goes. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define NB_MAX 5

int main(int argc, char *argv[]) {
    struct sockaddr_un adresse = { .sun_family = AF_UNIX };
    char message[256];
    int ecoute, client, n;
    if (argc != 2) {
        fprintf(stderr, "Usage : %s chemin\n", argv[0]);
        return 1;
    }
    strncpy(adresse.sun_path, argv[1], sizeof adresse.sun_path - 1);
    ecoute = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(ecoute, (struct sockaddr *)&adresse, sizeof adresse) == -1) { perror("bind"); return 1; }
    listen(ecoute, NB_MAX);
    client = accept(ecoute, NULL, NULL);
    n = read(client, message, sizeof message - 1);
    if (n > 0) {
        message[n] = 0;
        printf("%s\n", message);
    }
    close(client);
    close(ecoute);
    unlink(argv[1]);
    return 0;
}
