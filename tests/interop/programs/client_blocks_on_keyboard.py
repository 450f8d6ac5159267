# Sheet 004, first attempt: input(), then send, then recv(), one after the other.
import socket
import sys

nom = input("Nom ? ")
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
s.sendall(f"USER {nom}\n".encode())
while True:
    try:
        texte = input()
    except EOFError:
        break
    s.sendall(f"MSG {texte}\n".encode())
    recu = s.recv(4096)
    if not recu:
        break
    for ligne in recu.decode().splitlines():
        print(ligne.removeprefix("MSG "), flush=True)
