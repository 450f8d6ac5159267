"""Sheet 002, question 2: sends everything that is typed. Naive: never reads from its socket, and
sends the input as it is, so the last line may lack its newline."""

import os
import socket
import sys

if len(sys.argv) != 3:
    print("Usage:", sys.argv[0], "HOST PORT")
    sys.exit(1)

line_to = socket.create_connection((sys.argv[1], int(sys.argv[2])))
print("connected", flush=True)
while typed := os.read(0, 65536):
    line_to.sendall(typed)
line_to.close()
