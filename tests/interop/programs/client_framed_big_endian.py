# Sheet 000 on a network: the int and the size_t in network byte order, 8 bytes for the length.
import socket, struct, sys, time
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for nature, texte in [(0, "oscar"), (1, "dans l'ordre du reseau"), (1, "encore")]:
    octets = texte.encode()
    s.sendall(struct.pack("!iQ", nature, len(octets)) + octets)
    time.sleep(0.7)
