import socket, sys, threading, queue, signal, os
ETX, EOT = '\x03', '\x04'
MAX = 32
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('', int(sys.argv[1]))); s.listen(MAX)
clients, groupes = {}, {}
tampon = queue.Queue()
def envoie(i, t):
    try: clients[i][0].sendall((t + '\n' + ETX).encode())
    except (OSError, KeyError): pass
def listener(i, c, f):
    while True:
        try: l = f.readline()
        except OSError: l = ''
        if not l: tampon.put((i, 'q')); return
        tampon.put((i, l.rstrip('\r\n')))
def deconnecte(i):
    if i not in clients: return
    c, n = clients.pop(i)
    for g in list(groupes):
        groupes[g].discard(i)
        if not groupes[g]: del groupes[g]
    try: c.shutdown(socket.SHUT_RDWR)
    except OSError: pass
    c.close()
def trouve(n):
    return next((i for i in clients if clients[i][1] == n), None)
AIDE = "h aide\nq quitter\ni mon nom\nn NOM changer de nom\nl liste (l g : groupes)\nb TEXTE a tous\ns NOM TEXTE a quelqu'un ou un groupe\ng NOM creer un groupe\nj NOM rejoindre\n"
def dispatcher():
    while True:
        i, l = tampon.get()
        if i not in clients: continue
        mots = l.split(' ')
        k = mots[0][:1]
        if k == 'q': deconnecte(i)
        elif k == 'h': envoie(i, AIDE.rstrip())
        elif k == 'w': envoie(i, clients[i][1])
        elif k == 'n':
            if len(mots) < 2 or not mots[1]: envoie(i, 'nom manquant')
            elif trouve(mots[1]) is not None: envoie(i, 'nom deja pris')
            else: clients[i][1] = mots[1]; envoie(i, mots[1])
        elif k == 'l':
            if len(mots) > 1 and mots[1][:1] == 'g': envoie(i, '\n'.join(g + ': ' + ' '.join(clients[x][1] for x in groupes[g]) for g in groupes) or 'aucun groupe')
            else: envoie(i, '\n'.join(c[1] for c in clients.values()))
        elif k == 'b':
            for j in list(clients):
                if j != i: envoie(j, clients[i][1] + ' (tous): ' + ' '.join(mots[1:]))
        elif k == 's':
            if len(mots) < 3: envoie(i, 's NOM TEXTE'); continue
            d = trouve(mots[1]); t = clients[i][1] + ': ' + ' '.join(mots[2:])
            if d is not None: envoie(d, t)
            elif mots[1] in groupes:
                for j in list(groupes[mots[1]]):
                    if j != i: envoie(j, mots[1] + '/' + t)
            else: envoie(i, 'destinataire inconnu')
        elif k == 'g' or k == 'j':
            if len(mots) < 2: envoie(i, 'groupe ?'); continue
            groupes.setdefault(mots[1], set()).add(i); envoie(i, 'groupe ' + mots[1])
        else: envoie(i, 'commande inconnue, h pour aide')
def fin(*_):
    for i in list(clients):
        try: clients[i][0].sendall(EOT.encode())
        except OSError: pass
        deconnecte(i)
    s.close(); os._exit(0)
signal.signal(signal.SIGINT, fin); signal.signal(signal.SIGTERM, fin)
threading.Thread(target=dispatcher, daemon=True).start()
def accueil(c):
    f = c.makefile('r', encoding='utf-8', errors='replace', newline='\n')
    try: l = f.readline()
    except OSError: l = ''
    if not l.startswith('h'): c.close(); return
    i = 0
    while i in clients: i += 1
    clients[i] = [c, str(i)]
    c.sendall(f"{i}\n".encode())
    listener(i, c, f)
while True:
    c, _ = s.accept()
    threading.Thread(target=accueil, args=(c,), daemon=True).start()
