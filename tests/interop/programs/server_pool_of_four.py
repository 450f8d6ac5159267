# Sheet 004, strategy c: a pool of four threads, and each thread stays with its client to the end.
import socket, sys
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

clients, verrou = [], Lock()

def servir(c):
    nom = b"?"
    with verrou:
        clients.append(c)
    try:
        for ligne in c.makefile("rb"):
            mot, _, reste = ligne.rstrip(b"\r\n").partition(b" ")
            if mot == b"USER":
                nom = reste
            if mot == b"MSG":
                with verrou:
                    autres = [a for a in clients if a is not c]
                for a in autres:
                    try:
                        a.send(b"MSG " + nom + b" " + reste + b"\n", socket.MSG_DONTWAIT)
                    except OSError:
                        pass
    except OSError:
        pass
    with verrou:
        clients.remove(c)
    try:
        c.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    c.close()

ecoute = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=50)
with ThreadPoolExecutor(max_workers=4) as pool:
    while True:
        pool.submit(servir, ecoute.accept()[0])
