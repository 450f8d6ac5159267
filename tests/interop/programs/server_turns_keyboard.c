/* Sheet 002, question 3, the server: shows a line of the client, sends a line of the keyboard. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void) {
    struct sockaddr_in a = { 0 };
    char ligne[2048];
    int oui = 1, s = socket(AF_INET, SOCK_STREAM, 0);
    a.sin_family = AF_INET;
    a.sin_port = htons(8080);
    a.sin_addr.s_addr = htonl(INADDR_ANY);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    if (bind(s, (struct sockaddr *)&a, sizeof a) < 0) { perror("bind"); return 1; }
    listen(s, 5);
    for (;;) {
        int c = accept(s, NULL, NULL);
        FILE *lire = fdopen(c, "r"), *ecrire = fdopen(dup(c), "w");
        while (fgets(ligne, sizeof ligne, lire)) {
            fputs(ligne, stdout);
            fflush(stdout);
            if (!fgets(ligne, sizeof ligne, stdin)) return 0;
            fputs(ligne, ecrire);
            fflush(ecrire);
        }
        fclose(lire);
        fclose(ecrire);
    }
}
