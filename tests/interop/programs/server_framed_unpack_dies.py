import os, select, signal, socket, struct, sys
chemin = sys.argv[1] if len(sys.argv) > 1 else '/tmp/soquette'
s = socket.socket(socket.AF_UNIX)
if os.path.exists(chemin): os.remove(chemin)
s.bind(chemin); s.listen(10)
def fin(*_):
    sys.exit(0)
signal.signal(signal.SIGINT, fin); signal.signal(signal.SIGTERM, fin)
H = struct.Struct('iN')
pseudos = {}
while True:
    for r in select.select([s] + list(pseudos), [], [])[0]:
        if r is s:
            c, _ = s.accept(); pseudos[c] = '?'
            continue
        if r not in pseudos: continue
        d = r.recv(H.size)
        if len(d) == 0:
            del pseudos[r]; r.close(); continue
        nature, n = H.unpack(d)
        t = r.recv(n).decode(errors='replace')
        if nature == 0:
            pseudos[r] = t
            print('nouveau', t, flush=True)
        else:
            m = (pseudos[r] + ': ' + t).encode()
            print(m.decode(), flush=True)
            r.send(b'ok')
            for c in pseudos: c.send(H.pack(1, len(m)) + m)
