/* Sends lines and never calls read(). */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
    const char *lignes[] = { "sourd\n", "je parle\n", "et je n'ecoute pas\n" };
    struct sockaddr_in a = { 0 };
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (argc < 3) return 1;
    a.sin_family = AF_INET;
    a.sin_port = htons(atoi(argv[2]));
    inet_aton(argv[1], &a.sin_addr);
    if (connect(s, (struct sockaddr *)&a, sizeof a) < 0) return 1;
    for (int i = 0; i < 3; i++) { write(s, lignes[i], strlen(lignes[i])); usleep(600000); }
    sleep(3);
    return 0;
}
