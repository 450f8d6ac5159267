# Sheet 002, question 3, server: waits for a line, shows it, reads one from the keyboard, sends it.
# Naive on purpose: one client, one recv() is taken for one line, no flush where none is due.
import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", 0))
server.listen(1)
print("port", server.getsockname()[1], flush=True)
client, _ = server.accept()
while True:
    line = client.recv(4096)
    if not line:
        break
    print(line.decode().rstrip("\n"), flush=True)
    answer = sys.stdin.readline()
    if not answer:
        break
    client.sendall(answer.encode())
client.close()
server.close()
