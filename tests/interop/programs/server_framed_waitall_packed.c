#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#pragma pack(1)
struct msg { int type; size_t len; };
#pragma pack()
static const char *ch;
static void fin(int s) { unlink(ch); _exit(0); }
int main(int c, char **v) {
  ch = v[1]; signal(SIGINT, fin); signal(SIGTERM, fin); signal(SIGPIPE, SIG_IGN);
  int s = socket(AF_UNIX, SOCK_STREAM, 0); struct sockaddr_un a = { AF_UNIX }; strcpy(a.sun_path, ch); unlink(ch);
  if (bind(s, (void *)&a, sizeof a)) return perror("bind"), 1;
  listen(s, 20);
  struct pollfd p[100] = { { s, POLLIN } }; char nom[100][33]; int n = 1;
  for (;;) {
    poll(p, n, -1);
    if (p[0].revents) { if (n < 100) { p[n].fd = accept(s, 0, 0); p[n].events = POLLIN; p[n].revents = 0; strcpy(nom[n], "?"); n++; } else close(accept(s, 0, 0)); }
    for (int i = 1; i < n; i++) if (p[i].revents) {
      struct msg m; char *t = 0;
      int ok = recv(p[i].fd, &m, sizeof m, MSG_WAITALL) == sizeof m && m.len < 100000 && (t = malloc(m.len + 1)) && recv(p[i].fd, t, m.len, MSG_WAITALL) == (ssize_t)m.len;
      if (!ok) { close(p[i].fd); n--; p[i] = p[n]; strcpy(nom[i], nom[n]); i--; free(t); continue; }
      t[m.len] = 0;
      if (m.type == 0) { snprintf(nom[i], 33, "%s", t); }
      else {
        struct msg r = { 1, strlen(nom[i]) + 2 + m.len }; char *o = malloc(sizeof r + r.len + 1);
        memcpy(o, &r, sizeof r); sprintf(o + sizeof r, "%s> ", nom[i]); memcpy(o + sizeof r + strlen(nom[i]) + 2, t, m.len);
        printf("%s> %s\n", nom[i], t); fflush(stdout);
        for (int j = 1; j < n; j++) write(p[j].fd, o, sizeof r + r.len);
        write(p[i].fd, "ok", 2); free(o);
      }
      free(t);
    }
  }
}
