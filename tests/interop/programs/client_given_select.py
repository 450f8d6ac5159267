# Sheet 001's client made asynchronous with select().
import select
import signal
import socket
import sys

if len(sys.argv) != 3:
    print("Usage: %s hote port" % sys.argv[0])
    sys.exit(1)
signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
print("Bienvenue. @pseudo MESSAGE, @tous MESSAGE, CTRL-D pour quitter.", flush=True)
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
print("connected to:", s.getpeername(), flush=True)
entree = sys.stdin.buffer.raw
a_lire = [s, entree]
while True:
    for source in select.select(a_lire, [], [])[0]:
        if source is s:
            octets = s.recv(4096)
            if not octets:
                sys.exit(0)
            sys.stdout.buffer.write(octets)
            sys.stdout.flush()
        else:
            octets = entree.read(4096)
            if octets:
                try:
                    s.sendall(octets)
                except OSError:
                    sys.exit(0)
            else:
                a_lire.remove(entree)
                s.shutdown(socket.SHUT_WR)
