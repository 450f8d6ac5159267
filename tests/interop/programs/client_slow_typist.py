# Half a second between two keys: longer than any silence a server may wait for.
import socket, sys, time

s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
for texte in ["ana\r\n", "oui\r\n", "non\r\n"]:
    for touche in texte:
        s.send(touche.encode())
        time.sleep(0.5 if touche not in "\r" else 0)
s.close()
