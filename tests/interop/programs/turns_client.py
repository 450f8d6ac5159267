# Sheet 002, question 3, client: reads a line from the keyboard, sends it, waits for one, shows it.
# Naive on purpose: a file object for the socket, no end of its own before the keyboard's.
import socket
import sys

server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
lines = server.makefile("rw", encoding="utf-8", newline="\n")
for line in sys.stdin:
    lines.write(line)
    lines.flush()
    answer = lines.readline()
    if not answer:
        break
    print(answer, end="", flush=True)
