/* Becomes a daemon as in the books: fork, setsid, fork, chdir, all files closed; then it sleeps. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    if (fork() > 0) return 0;
    setsid();
    if (fork() > 0) _exit(0);
    chdir("/");
    umask(0);
    for (int fd = 0; fd < 1024; fd++) close(fd);
    sleep(100);
    return 0;
}
