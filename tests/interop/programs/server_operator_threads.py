# Sheet 001, complete: a thread a client, and the operator's commands with a slash on the keyboard.
# With FAUTE=kick the kicked keep their socket; with FAUTE=shutdown the server does not wait.
import os, socket, sys, threading, time

CLIENT = "@pseudo MESSAGE, @tous MESSAGE, /liste, /quitter"
ADMIN = "/wall MESSAGE, /kick PSEUDO, /shutdown N"

FAUTE = os.environ.get("FAUTE")

def usage():
    print("Usage : python3", os.path.basename(sys.argv[0]), "PORT")
    sys.exit(1)

if len(sys.argv) != 2:
    usage()
try:
    port = int(sys.argv[1])
except ValueError:
    usage()
if not 0 <= port <= 65535:
    usage()
print("Commandes de l'operateur :", ADMIN)
ecoute = socket.create_server(("", port), backlog=50)
print("Serveur %s, adresse 127.0.0.1, port %d" % (socket.gethostname(), ecoute.getsockname()[1]), flush=True)

verrou = threading.RLock()
presents = {}

def dire(c, texte):
    try:
        c.send((texte + "\n").encode(), socket.MSG_DONTWAIT)
    except OSError:
        pass

def tous(texte, sauf=None):
    with verrou:
        for nom, c in list(presents.items()):
            if c is not sauf:
                dire(c, texte)

def servir(c):
    nom = None
    dire(c, "Bienvenue sur le mini-chat. " + CLIENT)
    dire(c, "Votre pseudo :")
    try:
        for octets in c.makefile("rb"):
            ligne = octets.decode(errors="replace").rstrip("\r\n")
            with verrou:
                if nom is None:
                    if not ligne or " " in ligne or ligne in presents:
                        dire(c, "Ce pseudo n'est pas libre :")
                        continue
                    nom = ligne
                    tous("* %s nous a rejoints" % nom)
                    presents[nom] = c
                    dire(c, "Bienvenue %s" % nom)
                elif ligne == "/liste":
                    dire(c, ", ".join(sorted(presents)))
                elif ligne == "/quitter":
                    break
                elif ligne.startswith("@") and not ligne.startswith("@tous "):
                    a, _, texte = ligne[1:].partition(" ")
                    if a in presents:
                        dire(presents[a], "%s -> vous : %s" % (nom, texte))
                        dire(c, "ok")
                    else:
                        dire(c, "%s n'est pas la" % a)
                else:
                    texte = ligne.removeprefix("@tous ")
                    tous("%s -> tous : %s" % (nom, texte), c)
                    print("%s : %s" % (nom, texte), flush=True)
                    dire(c, "ok")
    except OSError:
        pass
    with verrou:
        if presents.get(nom) is c:
            del presents[nom]
            tous("* %s nous a quittes" % nom)
    try:
        c.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    c.close()

def console():
    for ligne in sys.stdin:
        mot, _, reste = ligne.strip().partition(" ")
        mot = mot.removeprefix("/")
        if mot == "wall":
            tous("[operateur] " + reste)
        elif mot == "kick":
            with verrou:
                if reste in presents:
                    dire(presents[reste], "L'operateur vous a mis dehors")
                    if FAUTE == "kick":
                        del presents[reste]
                    else:
                        presents[reste].shutdown(socket.SHUT_RDWR)
                else:
                    print(reste, "n'est pas la", flush=True)
        elif mot == "shutdown" and reste.isdigit():
            tous("[operateur] le serveur s'arrete dans %s secondes" % reste)
            if FAUTE != "shutdown":
                time.sleep(int(reste))
            with verrou:
                for c in presents.values():
                    c.shutdown(socket.SHUT_RDWR)
            os._exit(0)
        else:
            print(ADMIN, flush=True)

threading.Thread(target=console, daemon=True).start()
while True:
    threading.Thread(target=servir, args=(ecoute.accept()[0],), daemon=True).start()
