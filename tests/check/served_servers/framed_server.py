# A server of sheet 000 at a socket file. BUG in the environment breaks it.
import os, select, signal, socket, struct, sys
BUGS = set(os.environ.get("BUG", "").split(","))
path = sys.argv[1]
class Stop(Exception): pass
def stop(*_): raise Stop
if "no-sigint" not in BUGS: signal.signal(signal.SIGINT, stop)
else: signal.signal(signal.SIGINT, signal.SIG_DFL)
if "ignores" in BUGS: signal.signal(signal.SIGTERM, signal.SIG_IGN)
elif "no-sigterm" not in BUGS: signal.signal(signal.SIGTERM, stop)
listener = socket.socket(socket.AF_UNIX)
listener.bind(f"{path}.new" if "renames" in BUGS else path)
listener.listen(10)
if "renames" in BUGS: os.rename(f"{path}.new", path)
if "first" in BUGS:  # exercise 1
    print("Recu :", listener.accept()[0].recv(256).decode(errors="replace"))
    if "no-unlink" not in BUGS: os.unlink(path)
    sys.exit()
people, rest = {}, {}
def frame(c):
    data = rest[c]
    if len(data) < 16: return False
    nature, size = struct.unpack("@iN", data[:16])
    if len(data) < 16 + size: return False
    text, rest[c] = data[16:16 + size].decode(errors="replace"), data[16 + size:]
    if nature == 0: people[c] = text
    else:
        said = f"{people[c]}: {text}" if "no-name" not in BUGS else text
        if "no-screen" not in BUGS: print(said)
        c.sendall(b"ok")
        said = f"{people[c]}: {text}".encode()
        for other in people: other.sendall(struct.pack("@iN", 1, len(said)) + said)
    return True
rounds = 10 if "ten" in BUGS else -1
try:
    while rounds:
        for c in select.select([listener, *people], [], [])[0]:
            rounds -= 1
            if c is listener:
                c = listener.accept()[0]
                people[c], rest[c] = "?", b""
                continue
            data = c.recv(4096)
            if not data:
                if "stops" in BUGS: sys.exit(3)
                del people[c]
                c.close()
            else:
                rest[c] += data
                while frame(c): pass
except Stop: pass
if "no-unlink" not in BUGS: os.unlink(path)
