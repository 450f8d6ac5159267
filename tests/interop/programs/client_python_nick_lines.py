# NICK name, then bare lines, through a file object of the socket.
import socket
import sys
import time

with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as sock:
    flux = sock.makefile("w", newline="\n")
    for ligne in ["NICK lina", "c'est quoi le mot de passe du wifi ?", "trouve !"]:
        print(ligne, file=flux, flush=True)
        time.sleep(0.7)
