"""Sheet 002, question 1: prints the lines of the one client that is connected to it. Naive: one
client, then it ends; it never answers."""

import socket
import sys

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8080))
listener.listen(1)
print("listening on 127.0.0.1 port", listener.getsockname()[1], flush=True)
client, address = listener.accept()
print("connected:", address[0], flush=True)
for line in client.makefile(encoding="utf-8", newline="\n"):
    print(line, end="", flush=True)
print("over", flush=True)
