import socket, sys, threading
ETX, EOT = b'\x03', b'\x04'
verrou = threading.RLock()
membres, salles = {}, {}
AIDE = """Commandes disponibles :
  h                 : affiche cette aide
  i                 : affiche mon nom
  r NOM             : changer de nom
  l                 : liste des clients
  g                 : liste des groupes et de leurs membres
  t TEXTE           : envoyer un message à tous
  m NOM TEXTE       : envoyer un message à un client
  d GROUPE TEXTE    : envoyer un message à un groupe
  c GROUPE          : créer un groupe
  j GROUPE          : rejoindre un groupe
  p GROUPE          : quitter un groupe
  x                 : se déconnecter"""
class Client:
    def __init__(self, prise, numero):
        self.prise, self.numero, self.nom = prise, numero, str(numero)
    def ecrit(self, texte):
        try: self.prise.sendall(texte.encode() + ETX)
        except OSError: pass
    def commande(self, ligne):
        mots = ligne.split(' ', 2)
        a, reste = (mots + ['', ''])[1:3]
        lettre = mots[0][:1]
        autres = [m for m in membres.values() if m is not self]
        if lettre == 'h': self.ecrit(AIDE)
        elif lettre == 'i': self.ecrit(self.nom)
        elif lettre == 'r':
            if not a or any(m.nom == a for m in membres.values()): self.ecrit('refus')
            else: self.nom = a; self.ecrit('tu es ' + a)
        elif lettre == 'l': self.ecrit('\n'.join(m.nom for m in membres.values()))
        elif lettre == 'g': self.ecrit('\n'.join(s + ' : ' + ', '.join(m.nom for m in q) for s, q in salles.items()) or 'aucun')
        elif lettre == 't':
            for m in autres: m.ecrit(self.nom + ': ' + ligne.partition(' ')[2])
        elif lettre == 'm':
            qui = [m for m in membres.values() if m.nom == a]
            for m in qui: m.ecrit(self.nom + ': ' + reste)
            if not qui: self.ecrit('personne')
        elif lettre == 'd':
            if self not in salles.get(a, []): self.ecrit('pas dans ce groupe'); return
            for m in salles[a]:
                if m is not self: m.ecrit(self.nom + '@' + a + ': ' + reste)
        elif lettre == 'c':
            if not a or a in salles: self.ecrit('refus')
            else: salles[a] = [self]; self.ecrit('fait')
        elif lettre == 'j':
            if a not in salles: self.ecrit("ce groupe n'existe pas")
            elif self in salles[a]: self.ecrit('deja dedans')
            else: salles[a].append(self); self.ecrit('fait')
        elif lettre == 'p':
            if self not in salles.get(a, []): self.ecrit('refus')
            else: self.sort(a); self.ecrit('fait')
        elif lettre == 'x':
            self.prise.sendall(EOT); return True
        elif lettre.strip(): self.ecrit('commande inconnue')
    def sort(self, salle):
        salles[salle].remove(self)
        if not salles[salle]: del salles[salle]
    def vit(self):
        with self.prise, self.prise.makefile('r', encoding='utf-8', errors='replace', newline='\n') as lignes:
            try:
                if not lignes.readline().startswith('hello'): return
                with verrou:
                    self.numero = next(n for n in range(1000) if n not in membres)
                    self.nom = str(self.numero)
                    membres[self.numero] = self
                    self.prise.sendall(f'{self.numero}\n'.encode())
                for ligne in lignes:
                    with verrou:
                        if self.commande(ligne.rstrip('\r\n')): break
            except OSError: pass
            finally:
                with verrou:
                    if membres.get(self.numero) is self:
                        del membres[self.numero]
                        for s in [s for s in salles if self in salles[s]]: self.sort(s)
                try: self.prise.shutdown(socket.SHUT_RDWR)
                except OSError: pass
ecoute = socket.socket()
ecoute.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
ecoute.bind(('', int(sys.argv[1])))
ecoute.listen(50)
while True:
    prise, _ = ecoute.accept()
    threading.Thread(target=Client(prise, 0).vit, daemon=True).start()
