# Sheet 000 with threads, right but for its answer: "ok" with a newline.
import os, socket, struct, sys, threading
if os.path.exists(sys.argv[1]): os.unlink(sys.argv[1])
e = socket.socket(socket.AF_UNIX); e.bind(sys.argv[1]); e.listen(30)
noms, v = {}, threading.Lock()
def tout(c, n):
    b = b""
    while len(b) < n:
        m = c.recv(n - len(b))
        if not m: raise OSError
        b += m
    return b
def client(c):
    try:
        while True:
            nature, n = struct.unpack("@iN", tout(c, 16))
            if nature not in (0, 1) or n > 1 << 16: break
            texte = tout(c, n)
            if nature == 0:
                with v: noms[c] = texte
                continue
            dit = noms.get(c, b"?") + b": " + texte
            with v: autres = list(noms)
            for a in autres:
                try: a.send(struct.pack("@iN", 1, len(dit)) + dit, socket.MSG_DONTWAIT)
                except OSError: pass
            c.sendall(b"ok\n")
    except OSError: pass
    with v: noms.pop(c, None)
    c.close()
while True: threading.Thread(target=client, args=(e.accept()[0],), daemon=True).start()
