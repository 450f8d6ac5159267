# Sheet 000 with select: frames are read well, but a broadcast does not carry the pseudo.
import os, select, socket, struct, sys
if os.path.exists(sys.argv[1]):
    os.remove(sys.argv[1])
ecoute = socket.socket(socket.AF_UNIX)
ecoute.bind(sys.argv[1])
ecoute.listen(20)
recu = {}
while True:
    for s in select.select([ecoute] + list(recu), [], [])[0]:
        if s is ecoute:
            nouveau, _ = ecoute.accept()
            nouveau.settimeout(0.3)
            recu[nouveau] = b""
            continue
        if s not in recu:
            continue
        try:
            morceau = s.recv(65536)
        except OSError:
            morceau = b""
        if not morceau:
            del recu[s]
            s.close()
            continue
        recu[s] += morceau
        while s in recu and len(recu[s]) >= 16:
            nature, taille = struct.unpack("iN", recu[s][:16])
            if len(recu[s]) < 16 + taille:
                break
            texte, recu[s] = recu[s][16:16 + taille], recu[s][16 + taille:]
            if nature == 1:
                for autre in list(recu):
                    try:
                        autre.sendall(struct.pack("iN", 1, taille) + texte)
                    except OSError:
                        del recu[autre]
                        autre.close()
                if s in recu:
                    s.sendall(b"ok")
