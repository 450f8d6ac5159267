/* Joins, says half a line, and disappears with a reset. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct linger l = { .l_onoff = 1, .l_linger = 0 };
    struct sockaddr_in a = { 0 };
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (argc < 3) return 1;
    a.sin_family = AF_INET;
    a.sin_port = htons(atoi(argv[2]));
    inet_aton(argv[1], &a.sin_addr);
    setsockopt(s, SOL_SOCKET, SO_LINGER, &l, sizeof l);
    if (connect(s, (struct sockaddr *)&a, sizeof a) < 0) return 1;
    write(s, "fantome\n", 8);
    usleep(600000);
    write(s, "je voulais di", 13);
    close(s);
    return 0;
}
