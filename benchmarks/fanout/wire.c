// The table of protocols.

#include "wire.h"
#include <string.h>

static const struct wire WIRES[] = {
  {
    .name = "usermsg",
    .reader_hello = "USER %s\n",
    .sender_hello = "USER %s\n",
    .before = "MSG ",
    .after = "\n",
    .tail = 1,
  },
  {
    .name = "native",
    .reader_hello = "{\"type\":\"hello\",\"name\":\"%s\"}\n",
    .sender_hello = "{\"type\":\"hello\",\"name\":\"%s\"}\n",
    .before = "{\"type\":\"say\",\"text\":\"",
    .after = "\"}\n",
    .tail = 3,
  },
  {
    .name = "redis",
    .reader_hello = "SUBSCRIBE bench\r\n",
    .sender_hello = "",
    .before = "*3\r\n$7\r\nPUBLISH\r\n$5\r\nbench\r\n$%zu\r\n",
    .after = "\r\n",
    .tail = 2,
  },
  {
    // The server asks for a PONG only after minutes.
    .name = "nats",
    .reader_hello = "CONNECT {\"verbose\":false,\"pedantic\":false,\"name\":\"%s\"}\r\nSUB bench 1\r\n",
    .sender_hello = "CONNECT {\"verbose\":false,\"pedantic\":false,\"name\":\"%s\"}\r\n",
    .before = "PUB bench %zu\r\n",
    .after = "\r\n",
    .tail = 2,
  },
  {
    // ngIRCd's accept queue holds ten connections.
    .name = "irc",
    .one_by_one = true,
    .reader_hello = "NICK %s\r\nUSER bench 0 * :bench\r\nJOIN #bench\r\n",
    .sender_hello = "NICK %s\r\nUSER bench 0 * :bench\r\nJOIN #bench\r\n",
    .before = "PRIVMSG #bench :",
    .after = "\r\n",
    .tail = 2,
  },
};

const struct wire *wire_named(const char *name) {
  for (size_t i = 0; i < sizeof WIRES / sizeof *WIRES; i++) {
    if (strcmp(WIRES[i].name, name) == 0) return &WIRES[i];
  }
  return NULL;
}
