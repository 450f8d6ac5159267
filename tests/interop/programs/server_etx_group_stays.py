# Sheet 003 with threads: right, but a group whose last member leaves is never deleted.
import socket, sys, threading

ETX, EOT = "\x03", "\x04"
verrou = threading.Lock()
clients = {}
groupes = {}

def ecrire(i, texte):
    if i in clients:
        try:
            clients[i]["s"].sendall(texte.encode())
        except OSError:
            pass

def chercher(nom):
    for i in clients:
        if clients[i]["nom"] == nom:
            return i

def executer(i, ligne):
    mots = ligne.split(" ")
    c, arg = mots[0][:1], mots[1] if len(mots) > 1 else ""
    moi = clients[i]["nom"]
    if c == "h":
        ecrire(i, "help\nlist [groups]\nname NOM\nwho\nsend DEST TEXTE\nbroadcast TEXTE\njoin G\npart G\nquit" + ETX)
    elif c == "l" and arg.startswith("g"):
        ecrire(i, "\n".join(g + ": " + " ".join(clients[m]["nom"] for m in groupes[g]) for g in groupes) + ETX)
    elif c == "l":
        ecrire(i, "\n".join(str(k) + " " + clients[k]["nom"] for k in sorted(clients)) + ETX)
    elif c == "n" and arg and chercher(arg) is None:
        clients[i]["nom"] = arg
        ecrire(i, "ok " + arg + ETX)
    elif c == "n":
        ecrire(i, "deja pris" + ETX)
    elif c == "w":
        ecrire(i, moi + ETX)
    elif c == "b":
        for k in list(clients):
            if k != i:
                ecrire(k, moi + ": " + " ".join(mots[1:]) + ETX)
    elif c == "s":
        dest = chercher(arg)
        for k in [dest] if dest is not None else [m for m in groupes.get(arg, []) if m != i]:
            ecrire(k, moi + ": " + " ".join(mots[2:]) + ETX)
    elif c == "j" and arg:
        groupes.setdefault(arg, [])
        if i not in groupes[arg]:
            groupes[arg].append(i)
        ecrire(i, "bienvenue dans " + arg + ETX)
    elif c == "p":
        if i in groupes.get(arg, []):
            groupes[arg].remove(i)
        ecrire(i, "au revoir " + arg + ETX)
    elif c == "q":
        ecrire(i, EOT)
        return False
    else:
        ecrire(i, "commande inconnue" + ETX)
    return True

def servir(s):
    s.settimeout(None)
    f = s.makefile("r", encoding="utf-8", errors="replace", newline="\n")
    i = None
    try:
        premiere = f.readline().split()
        if premiere and premiere[0] == "hello":
            with verrou:
                i = 1
                while i in clients:
                    i += 1
                nom = premiere[1] if len(premiere) > 1 else str(i)
                if chercher(nom) is not None:
                    nom += str(i)
                clients[i] = {"nom": nom, "s": s}
                ecrire(i, "%d %s\n" % (i, nom))
            for ligne in f:
                with verrou:
                    if not executer(i, ligne.rstrip("\r\n").replace(ETX, "").replace(EOT, "")):
                        break
    except OSError:
        pass
    with verrou:
        clients.pop(i, None)
        for membres in groupes.values():
            if i in membres:
                membres.remove(i)
    try:
        s.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    s.close()

ecoute = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=30)
while True:
    threading.Thread(target=servir, args=(ecoute.accept()[0],), daemon=True).start()
