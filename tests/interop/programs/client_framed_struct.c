/* Sheet 000, exercises 2 to 4: registers, sends two messages, reads "ok" twice and shows ko. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct message { int nature; size_t taille; char texte[256]; };

static void envoyer(int s, int nature, const char *texte) {
    struct message m = { nature, strlen(texte), "" };
    memcpy(m.texte, texte, m.taille);
    write(s, &m, sizeof m - sizeof m.texte + m.taille);
}

int main(int argc, char **argv) {
    struct sockaddr_un a = { AF_UNIX, "" };
    int s = socket(AF_UNIX, SOCK_STREAM, 0), accuses = 0;
    char c, avant = 0;
    if (argc != 2) return 1;
    strcpy(a.sun_path, argv[1]);
    if (connect(s, (struct sockaddr *)&a, sizeof a)) { perror("connect"); return 1; }
    envoyer(s, 0, "clara");
    sleep(1);
    envoyer(s, 1, "premier message");
    envoyer(s, 1, "second message");
    while (accuses < 2 && read(s, &c, 1) == 1) {
        if (avant == 'o' && c == 'k') { puts("ko"); accuses++; }
        avant = c;
    }
    close(s);
    return accuses == 2 ? 0 : 1;
}
