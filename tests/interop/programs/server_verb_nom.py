# Sheet 001 with a table of commands: NOM x, DIRE texte is not needed, a bare line is a message.
import select, socket, sys

connus = {}
tampons = {}

def envoyer(c, texte):
    try:
        c.send((texte + "\n").encode())
    except OSError:
        pass

def diffuser(texte, sauf=None):
    for c in list(connus):
        if c is not sauf:
            envoyer(c, texte)

def nom(c, arg):
    if not arg or " " in arg or arg in connus.values():
        return envoyer(c, "Nom refuse")
    if c in connus:
        diffuser(connus[c] + " devient " + arg, c)
    else:
        diffuser(arg + " est connecte", c)
    connus[c] = arg
    envoyer(c, "Bonjour " + arg)

def qui(c, arg):
    envoyer(c, "Connectes : " + " ".join(connus.values()))

COMMANDES = {"NOM": nom, "QUI": qui}

def traiter(c, ligne):
    mot, _, arg = ligne.partition(" ")
    if mot in COMMANDES:
        return COMMANDES[mot](c, arg)
    if c not in connus:
        return envoyer(c, "Identifiez-vous d'abord : NOM votre_nom")
    if mot.startswith("@") and mot != "@tous":
        for autre in connus:
            if connus[autre] == mot[1:]:
                envoyer(autre, "[prive] " + connus[c] + " : " + arg)
                return envoyer(c, "transmis")
        return envoyer(c, "pas de " + mot[1:])
    diffuser(connus[c] + " : " + (arg if mot == "@tous" else ligne), c)
    envoyer(c, "transmis")

ecoute = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=20)
while True:
    pour_lire, _, _ = select.select([ecoute, *tampons], [], [])
    for c in pour_lire:
        if c is ecoute:
            n, _ = ecoute.accept()
            n.setblocking(False)
            tampons[n] = b""
            envoyer(n, "Bienvenue. Identifiez-vous : NOM votre_nom. Ensuite @pseudo texte, @tous texte, QUI.")
            continue
        try:
            octets = c.recv(8192)
        except BlockingIOError:
            continue
        except OSError:
            octets = b""
        if not octets:
            del tampons[c]
            c.close()
            if c in connus:
                diffuser(connus.pop(c) + " est deconnecte")
            continue
        tampons[c] += octets
        while c in tampons and b"\n" in tampons[c]:
            ligne, tampons[c] = tampons[c].split(b"\n", 1)
            traiter(c, ligne.decode(errors="replace").rstrip("\r"))
