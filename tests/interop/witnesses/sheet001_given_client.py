"""Sheet 001's synchronous client, step by step as the sheet gives it. Naive: after each line it
blocks until something comes, so it shows what others send only after the next line."""

import os
import socket
import sys

READ_AT_MOST = 4096

if len(sys.argv) != 3:
    print("Usage:", sys.argv[0], "hote port")
    sys.exit(1)

address = (sys.argv[1], int(sys.argv[2]))
chat = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
chat.connect(address)
print("connected to:", address, flush=True)
while True:
    typed = os.read(0, READ_AT_MOST)
    if len(typed) == 0:
        chat.shutdown(socket.SHUT_WR)
        break
    chat.send(typed)
    answer = chat.recv(READ_AT_MOST)
    if len(answer) == 0:
        break
    os.write(1, answer)
chat.close()
