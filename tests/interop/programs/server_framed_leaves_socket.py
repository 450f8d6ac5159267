# Sheet 000, exercise 7, with selectors: CTRL-C removes the socket file, SIGTERM does not.
import os, selectors, socket, struct, sys

if len(sys.argv) != 2:
    sys.exit("Usage: serveur.py CHEMIN")
chemin = sys.argv[1]
if os.path.exists(chemin):
    os.unlink(chemin)
ecoute = socket.socket(socket.AF_UNIX)
ecoute.bind(chemin)
ecoute.listen(32)
choix = selectors.DefaultSelector()
choix.register(ecoute, selectors.EVENT_READ)
pseudos, recus = {}, {}

def adieu(c):
    choix.unregister(c)
    pseudos.pop(c, None)
    del recus[c]
    c.close()

def lire(c):
    try:
        octets = c.recv(65536)
    except OSError:
        octets = b""
    if not octets:
        if recus[c] and c not in pseudos:
            print(recus[c].decode(errors="replace"), flush=True)
        return adieu(c)
    recus[c] += octets
    while c in recus and len(recus[c]) >= 16:
        nature, taille = struct.unpack("@iN", recus[c][:16])
        if nature not in (0, 1):
            print(recus[c].decode(errors="replace"), flush=True)
            return adieu(c)
        if taille > 1_000_000:
            return adieu(c)
        if len(recus[c]) < 16 + taille:
            return
        texte, recus[c] = recus[c][16:16 + taille], recus[c][16 + taille:]
        if nature == 0:
            pseudos[c] = texte
            continue
        ligne = pseudos.get(c, b"anonyme") + b": " + texte
        print(ligne.decode(errors="replace"), flush=True)
        for autre in list(pseudos):
            try:
                autre.send(struct.pack("@iN", 1, len(ligne)) + ligne, socket.MSG_DONTWAIT)
            except OSError:
                pass
        try:
            c.send(b"ok", socket.MSG_DONTWAIT)
        except OSError:
            pass

try:
    while True:
        for cle, _ in choix.select():
            if cle.fileobj is ecoute:
                c, _ = ecoute.accept()
                recus[c] = b""
                choix.register(c, selectors.EVENT_READ)
            else:
                lire(cle.fileobj)
except KeyboardInterrupt:
    os.unlink(chemin)
