"""Sheet 000's client. Naive: 4-byte big-endian ints; header and text sent apart, text with its line
end; one thread reads the socket byte by byte, one the keyboard."""

import os
import socket
import struct
import sys
import threading


def read_byte():
    byte = chat.recv(1)
    if byte == b"":
        os._exit(0)
    return byte


def read_bytes(count):
    return b"".join(read_byte() for _ in range(count))


def listen():
    while True:
        first = read_byte()
        if first == b"o":
            read_byte()
            print("ko", flush=True)
            continue
        _nature, length = struct.unpack("!iI", first + read_bytes(7))
        print(read_bytes(length).decode(), flush=True)


def send(nature, text):
    chat.send(struct.pack("!iI", nature, len(text.encode())))
    chat.send(text.encode())


if len(sys.argv) != 4:
    print("Usage:", sys.argv[0], "HOST PORT PSEUDO")
    sys.exit(1)
chat = socket.create_connection((sys.argv[1], int(sys.argv[2])))
send(0, sys.argv[3])
threading.Thread(target=listen, daemon=True).start()
for line in sys.stdin:
    send(1, line)
chat.close()
