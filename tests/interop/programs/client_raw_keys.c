/* A terminal in raw mode: each key is a write() of one byte, Return is LF, one word is mistyped. */
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    const char *touches = "lucas\nje tape lentx\177ement\nmais surement\n";
    struct addrinfo *a;
    int s;
    if (argc != 3 || getaddrinfo(argv[1], argv[2], NULL, &a)) return 1;
    s = socket(a->ai_family, SOCK_STREAM, 0);
    if (connect(s, a->ai_addr, a->ai_addrlen)) { perror(argv[1]); return 1; }
    for (; *touches; touches++) {
        write(s, touches, 1);
        usleep(*touches == '\n' ? 500000 : 60000);
    }
    return 0;
}
