/* Sheet 002, question 3: the server answers each line with the same line in brackets. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
    int un = 1, s = socket(AF_INET, SOCK_STREAM, 0), c;
    struct sockaddr_in a = { 0 };
    char ligne[512];
    if (argc != 2) return 1;
    a.sin_family = AF_INET;
    a.sin_port = htons(atoi(argv[1]));
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &un, sizeof un);
    if (bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 1)) { perror("bind"); return 1; }
    c = accept(s, NULL, NULL);
    FILE *lire = fdopen(c, "r"), *ecrire = fdopen(c, "w");
    for (int i = 0; i < 3 && fgets(ligne, sizeof ligne, lire); i++) {
        printf("%s", ligne);
        ligne[strcspn(ligne, "\n")] = 0;
        fprintf(ecrire, "[%s]\n", ligne);
        fflush(ecrire);
    }
    return 0;
}
