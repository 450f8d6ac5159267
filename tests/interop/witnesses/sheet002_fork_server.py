"""Sheet 002, question 4: the server of the full-duplex dialogue, with fork. Naive: one client; both
processes share one socket, and neither knows what the other one does."""

import os
import signal
import socket
import sys

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8080))
listener.listen(1)
print("listening on 127.0.0.1 port", listener.getsockname()[1], flush=True)
other, _ = listener.accept()
child = os.fork()
if child == 0:
    while typed := os.read(0, 1024):
        other.sendall(typed)
    other.shutdown(socket.SHUT_WR)
    os._exit(0)
while came := other.recv(1024):
    os.write(1, came)
os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)
