/* Sheet 002, question 3: the client speaks first, strlen() + 1 bytes, and waits for recv(). */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
    const char *clavier[] = { "tu es la ?", "moi aussi", "salut" };
    char reponse[1000];
    struct sockaddr_in a = { 0 };
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (argc < 3) return 1;
    a.sin_family = AF_INET;
    a.sin_port = htons(atoi(argv[2]));
    inet_aton(argv[1], &a.sin_addr);
    if (connect(s, (struct sockaddr *)&a, sizeof a) < 0) return 1;
    for (int i = 0; i < 3; i++) {
        send(s, clavier[i], strlen(clavier[i]) + 1, 0);
        int n = recv(s, reponse, sizeof reponse - 1, 0);
        if (n <= 0) break;
        reponse[n] = 0;
        printf("%s", reponse);
        fflush(stdout);
    }
    return 0;
}
