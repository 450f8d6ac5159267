# Sheet 003's client: one thread listens until ETX or EOT, the other sends what is typed; q to end.
import os, signal, socket, sys, threading

if len(sys.argv) not in (2, 3) or len(sys.argv) == 3 and not (sys.argv[2].isdigit() and 0 < int(sys.argv[2]) < 65536):
    sys.exit("Usage : %s hote [port]   port de 1 a 65535, 8080 par defaut" % sys.argv[0])
s = socket.create_connection((sys.argv[1], int((sys.argv + ["8080"])[2])))
s.sendall(b"hello\n")
debut = b""
while not debut.endswith(b"\n"):
    octet = s.recv(1)
    if not octet:
        sys.exit("le serveur ne repond pas")
    debut += octet
nom = debut.decode().split()[-1]
sortie = threading.Lock()

def invite():
    sys.stdout.write(nom + "> ")
    sys.stdout.flush()

def ecouter():
    flot = b""
    while True:
        try:
            octets = s.recv(4096)
        except OSError:
            octets = b""
        if not octets:
            os._exit(0)
        for octet in octets:
            if octet == 3:
                with sortie:
                    sys.stdout.write("\n" + flot.decode(errors="replace") + "\n")
                    invite()
                flot = b""
            elif octet == 4:
                os._exit(0)
            else:
                flot += bytes([octet])

def partir(*_):
    try:
        s.sendall(b"q\n")
    except OSError:
        pass
    os._exit(0)

signal.signal(signal.SIGINT, partir)
signal.signal(signal.SIGTERM, partir)
threading.Thread(target=ecouter, daemon=True).start()
with sortie:
    invite()
for ligne in sys.stdin.buffer:
    try:
        s.sendall(ligne)
    except OSError:
        break
partir()
