# Sheet 001 with selectors: lines are cut at "\n" alone, so telnet's "\r" stays in names and texts.
import selectors, socket, sys

sel = selectors.DefaultSelector()
noms, restes = {}, {}

def dire(c, texte):
    try:
        c.send((texte + "\n").encode())
    except OSError:
        pass

def tous(texte, sauf=None):
    for c in list(noms):
        if c is not sauf:
            dire(c, texte)

def partir(c):
    sel.unregister(c)
    restes.pop(c)
    c.close()
    if c in noms:
        tous("<- " + noms.pop(c))

def ligne(c, texte):
    if c not in noms:
        if texte in noms.values() or not texte or " " in texte:
            return dire(c, "Impossible. Pseudo ?")
        tous("-> " + texte)
        noms[c] = texte
        return dire(c, "C'est note.")
    if texte == "/qui":
        return dire(c, " ".join(noms.values()))
    if texte[0:1] == "@" and not texte.startswith("@tous "):
        a, _, prive = texte[1:].partition(" ")
        for autre in noms:
            if noms[autre] == a:
                dire(autre, noms[c] + " (pour vous) : " + prive)
                return dire(c, "Remis.")
        return dire(c, "Inconnu.")
    tous(noms[c] + " : " + texte.removeprefix("@tous "), c)
    dire(c, "Remis.")

srv = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=20)
sel.register(srv, selectors.EVENT_READ)
while True:
    for cle, _ in sel.select():
        c = cle.fileobj
        if c is srv:
            n, _ = srv.accept()
            n.setblocking(False)
            sel.register(n, selectors.EVENT_READ)
            restes[n] = b""
            dire(n, "Bienvenue ! Commandes : @pseudo, @tous, /qui. Pseudo ?")
            continue
        try:
            recu = c.recv(4096)
        except BlockingIOError:
            continue
        except OSError:
            recu = b""
        if not recu:
            partir(c)
            continue
        *lignes, restes[c] = (restes[c] + recu).split(b"\n")
        for l in lignes:
            ligne(c, l.decode(errors="replace"))
