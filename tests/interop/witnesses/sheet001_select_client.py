"""Sheet 001's asynchronous client: select over keyboard and socket. Naive: blocking socket; sends
each read of the keyboard as it is, then half-closes and shows what still comes."""

import os
import select
import socket
import sys

if len(sys.argv) != 3:
    print("Usage:", sys.argv[0], "hote port")
    sys.exit(1)

address = (sys.argv[1], int(sys.argv[2]))
chat = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
chat.connect(address)
print("connected to:", address, flush=True)
watched = [0, chat]
while True:
    ready, _, _ = select.select(watched, [], [])
    if chat in ready:
        came = chat.recv(4096)
        if len(came) == 0:
            break
        os.write(1, came)
    if 0 in ready:
        typed = os.read(0, 4096)
        if len(typed) == 0:
            chat.shutdown(socket.SHUT_WR)
            watched.remove(0)
        else:
            chat.send(typed)
chat.close()
