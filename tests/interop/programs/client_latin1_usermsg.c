/* Sheet 004 compiled from a source in ISO 8859-1: E9 is an e with an acute accent. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
    const char *lignes[] = { "USER zo\xe9\n", "MSG d\xe9j\xe0 vu\n", "MSG \xe7" "a ira\n" };
    struct sockaddr_in a = { AF_INET, htons(argc == 3 ? atoi(argv[2]) : 0), { inet_addr(argv[1]) }, "" };
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(s, (struct sockaddr *)&a, sizeof a)) return 1;
    for (int i = 0; i < 3; i++) {
        write(s, lignes[i], strlen(lignes[i]));
        usleep(600000);
    }
    return close(s);
}
