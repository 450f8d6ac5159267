"""Sheet 002, question 3: a dialogue by turns, the client first. Naive: the socket as two files with
buffers of their own, and no end while it waits for the other side."""

import socket
import sys

if len(sys.argv) != 3:
    print("Usage:", sys.argv[0], "HOST PORT")
    sys.exit(1)

other = socket.create_connection((sys.argv[1], int(sys.argv[2])))
incoming = other.makefile("r", newline="\n")
outgoing = other.makefile("w", newline="\n")
for typed in sys.stdin:
    outgoing.write(typed)
    outgoing.flush()
    came = incoming.readline()
    if came == "":
        break
    print(came, end="", flush=True)
