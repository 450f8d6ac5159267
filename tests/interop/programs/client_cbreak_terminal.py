# Sheet 004's client on a terminal in cbreak mode: it echoes the keys and draws the line by itself.
import os, select, socket, sys, termios, tty

if not os.isatty(0):
    sys.exit("Il me faut un terminal.")
avant = termios.tcgetattr(0)
tty.setcbreak(0)
try:
    def dessiner(question, texte):
        os.write(1, ("\r\033[K" + question + texte).encode())

    nom = ""
    dessiner("Nom : ", nom)
    while (touche := os.read(0, 1)) not in (b"\n", b"\r"):
        nom = nom[:-1] if touche == b"\x7f" else nom + touche.decode(errors="ignore")
        dessiner("Nom : ", nom)
    os.write(1, b"\n")
    s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
    s.sendall(f"USER {nom}\n".encode())
    tape, recu = b"", b""
    dessiner("> ", "")
    while True:
        pret, _, _ = select.select([0, s], [], [])
        if s in pret:
            octets = s.recv(4096)
            if not octets:
                break
            *lignes, recu = (recu + octets).split(b"\n")
            for ligne in lignes:
                _, qui, texte = (ligne.decode(errors="replace") + "  ").split(" ", 2)
                os.write(1, f"\r\033[K{qui} : {texte.rstrip()}\n".encode())
        if 0 in pret:
            touche = os.read(0, 1)
            if touche in (b"", b"\x04"):
                break
            if touche in (b"\n", b"\r"):
                os.write(1, b"\n")
                try:
                    s.sendall(b"MSG " + tape + b"\n")
                except OSError:
                    break
                tape = b""
            elif touche == b"\x7f":
                tape = tape[:-1]
            else:
                tape += touche
        dessiner("> ", tape.decode(errors="ignore"))
finally:
    termios.tcsetattr(0, termios.TCSADRAIN, avant)
    os.write(1, b"\n")
