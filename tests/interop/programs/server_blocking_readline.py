# Sheet 004 with select, then readline() on the ready socket: half a line holds up everybody.
import select, socket, sys
e = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=30)
flux, noms = {}, {}
while True:
    for s in select.select([e, *flux], [], [])[0]:
        if s is e:
            c, _ = e.accept()
            flux[c] = c.makefile("rb", buffering=0)
            continue
        try:
            ligne = flux[s].readline()
        except OSError:
            ligne = b""
        if not ligne:
            flux.pop(s).close(); noms.pop(s, None); s.close()
            continue
        mot, _, reste = ligne.rstrip(b"\r\n").partition(b" ")
        if mot == b"USER": noms[s] = reste
        elif mot == b"MSG":
            for autre in flux:
                if autre is not s:
                    try: autre.send(b"MSG " + noms.get(s, b"?") + b" " + reste + b"\n", socket.MSG_DONTWAIT)
                    except OSError: pass
