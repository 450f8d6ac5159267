# Stands in for systemd: binds a datagram socket (the first argument; @ in front: an abstract one)
# and prints each message that comes, its lines joined by a space.
import os, socket, sys

name = sys.argv[1]
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind("\0" + name[1:] if name.startswith("@") else name)
print("bound", flush=True)
while True:
    print(manager.recv(4096).decode().replace("\n", " "), flush=True)
