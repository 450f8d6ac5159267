/* Prints a line without end, never a newline, and ends only when it cannot write any more. */
#include <string.h>
#include <unistd.h>

int main(void) {
    static char bloc[65536];
    memset(bloc, 'a', sizeof bloc);
    for (long i = 0; i < 40000; i++) if (write(1, bloc, sizeof bloc) < 0) return 0;
    sleep(60);
    return 0;
}
