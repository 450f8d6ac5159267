# The synchronous client of sheet 001, for the tests of minichat check: as the sheet describes it,
# it sends a line, waits for a reply, shows it; it does not mind CTRL-C.
import os
import socket
import sys

if len(sys.argv) != 3:
    print("Usage:", sys.argv[0], "host port")
    sys.exit(1)
server = socket.create_connection((sys.argv[1], int(sys.argv[2])))
print("connected to:", server.getpeername())
while True:
    line = os.read(0, 4096)
    if not line:
        server.shutdown(socket.SHUT_WR)
        break
    server.send(line)
    reply = server.recv(4096)
    if not reply:
        break
    os.write(1, reply)
server.close()
