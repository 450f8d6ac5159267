"""Sheet 004's client with a thread per direction. Naive: asks for the name before it connects,
trusts that every line is `MSG name text`, leaves without a word when the input ends."""

import os
import socket
import sys
import threading


def listen():
    for line in incoming:
        _verb, name, text = line.rstrip("\n").split(" ", 2)
        print(f"{name}: {text}", flush=True)
    os._exit(0)


if len(sys.argv) != 3:
    print("Usage:", sys.argv[0], "HOST PORT")
    sys.exit(1)
print("Your name?", flush=True)
name = sys.stdin.readline().strip()
chat = socket.create_connection((sys.argv[1], int(sys.argv[2])))
incoming = chat.makefile("r", encoding="utf-8", newline="\n")
chat.sendall(f"USER {name}\n".encode())
threading.Thread(target=listen, daemon=True).start()
for line in sys.stdin:
    chat.sendall(f"MSG {line}".encode())
chat.close()
os._exit(0)
