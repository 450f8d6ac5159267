/* Ends its lines well, but writes a long one word by word, 450 ms apart. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
    const char *morceaux[] = { "simon\n", "un ", "mot ", "apres ", "l'autre\n", "fini\n" };
    struct sockaddr_in a = { 0 };
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (argc != 3) return 1;
    a.sin_family = AF_INET;
    a.sin_port = htons(atoi(argv[2]));
    a.sin_addr.s_addr = inet_addr(argv[1]);
    if (connect(s, (struct sockaddr *)&a, sizeof a)) return 1;
    for (int i = 0; i < 6; i++) {
        write(s, morceaux[i], strlen(morceaux[i]));
        usleep(450000);
    }
    return 0;
}
