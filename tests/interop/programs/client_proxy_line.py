# What a proxy sends for a client behind it: the PROXY line, then the client's own lines.
import socket, sys, time
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
s.sendall(b"PROXY TCP4 192.0.2.17 192.0.2.1 51000 8080\r\nolga\r\n")
time.sleep(0.6)
for texte in ["derriere un relais", "ca passe"]:
    s.sendall(texte.encode() + b"\r\n")
    time.sleep(0.6)
