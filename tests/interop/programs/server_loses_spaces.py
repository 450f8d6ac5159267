# Sheet 004, threads: the text goes through split() and join(), so several spaces become one.
import socket, sys, threading
clients = {}
verrou = threading.Lock()
def gerer(s):
    nom = ""
    with verrou: clients[s] = 1
    try:
        for ligne in s.makefile(errors="replace", encoding="utf-8", newline="\n"):
            mots = ligne.split()
            if not mots: continue
            if mots[0] == "USER": nom = mots[1] if len(mots) > 1 else "?"
            if mots[0] == "MSG":
                with verrou: autres = [a for a in clients if a is not s]
                for a in autres:
                    try: a.send(("MSG " + nom + " " + " ".join(mots[1:]) + "\n").encode(), socket.MSG_DONTWAIT)
                    except OSError: pass
    except OSError: pass
    with verrou: del clients[s]
    try: s.shutdown(2)
    except OSError: pass
    s.close()
e = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=30)
while 1:
    threading.Thread(target=gerer, args=e.accept()[:1], daemon=True).start()
