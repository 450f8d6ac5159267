# Sheet 001 with socketserver, a thread a client: bob dit « text ».
import socketserver, sys, threading

verrou = threading.RLock()
connectes = {}

class Client(socketserver.StreamRequestHandler):
    nom = None
    timeout = None

    def dire(self, texte):
        try:
            self.connection.settimeout(1)  # a client that does not read is dropped
            self.wfile.write((texte + "\r\n").encode())
            self.connection.settimeout(None)
        except OSError:
            connectes.pop(self.nom, None)

    def handle(self):
        with verrou:
            self.dire("Bonjour ! Donnez votre pseudo. Ensuite : @pseudo texte, @tous texte, /qui")
        for octets in self.rfile:
            ligne = octets.decode("utf-8", "replace").strip("\r\n")
            with verrou:
                self.traiter(ligne)

    def traiter(self, ligne):
        if self.nom is None:
            if ligne in connectes or not ligne or " " in ligne:
                return self.dire("Pseudo refuse.")
            self.nom = ligne
            for autre in list(connectes.values()): autre.dire(f"({ligne} est entre)")
            connectes[ligne] = self
            return self.dire(f"Ravi de vous voir, {ligne}.")
        if ligne == "/qui":
            return self.dire("Ici : " + ", ".join(connectes))
        cible, _, texte = ligne.partition(" ")
        if cible.startswith("@") and cible != "@tous":
            if cible[1:] not in connectes:
                return self.dire("Cette personne n'est pas connectee.")
            connectes[cible[1:]].dire(f"{self.nom} vous dit « {texte} »")
        else:
            for autre in list(connectes.values()):
                if autre is not self: autre.dire(f"{self.nom} dit « {texte if cible == '@tous' else ligne} »")
        self.dire("(entendu)")

    def finish(self):
        with verrou:
            if connectes.get(self.nom) is self: del connectes[self.nom]
            for autre in list(connectes.values()): autre.dire(f"({self.nom} est sorti)")
        super().finish()

class Serveur(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 50
    def handle_error(self, request, client_address): pass

Serveur(("127.0.0.1", int(sys.argv[1])), Client).serve_forever()
