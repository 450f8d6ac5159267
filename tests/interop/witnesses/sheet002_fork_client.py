"""Sheet 002, question 4: two processes made by fork, one for each direction. Naive: the parent
reads the socket, the child the keyboard; when one ends it kills the other."""

import os
import signal
import socket
import sys

if len(sys.argv) != 3:
    print("Usage:", sys.argv[0], "HOST PORT")
    sys.exit(1)

other = socket.create_connection((sys.argv[1], int(sys.argv[2])))
child = os.fork()
if child == 0:
    while typed := os.read(0, 1024):
        other.sendall(typed)
    # The parent sees the end as soon as the other side closes too.
    other.shutdown(socket.SHUT_WR)
    os._exit(0)
while came := other.recv(1024):
    os.write(1, came)
os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)
