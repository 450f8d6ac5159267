"""Sheet 002, question 3: a dialogue by turns, the server second. Naive: one client; between two of
its lines the server's own user must type one."""

import socket
import sys

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8080))
listener.listen(1)
print("listening on 127.0.0.1 port", listener.getsockname()[1], flush=True)
other, _ = listener.accept()
incoming = other.makefile("r", newline="\n")
outgoing = other.makefile("w", newline="\n")
while came := incoming.readline():
    print(came, end="", flush=True)
    typed = sys.stdin.readline()
    if typed == "":
        break
    outgoing.write(typed)
    outgoing.flush()
