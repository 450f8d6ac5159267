# A server of sheet 003 that a signal stops: hello and b only. BUG in the environment breaks it.
import os, select, signal, socket, sys
BUGS = set(os.environ.get("BUG", "").split(","))
class Stop(Exception): pass
def stop(*_): raise Stop
signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop if "no-sigterm" not in BUGS else signal.SIG_DFL)
listener = socket.create_server(("", int(sys.argv[1])))
people, rest = {}, {}
def line(c, text):
    if people[c] is None:
        here = [int(n[0]) for n in people.values() if n]
        number = next(n for n in range(99) if n not in here)
        people[c] = (number, text.partition(" ")[2] or str(number))
        c.sendall(f"{number} {people[c][1]}\n".encode())
    elif text[:1] == "w": c.sendall(f"{people[c][1]}\x03".encode())
    elif text[:1] == "b":
        for other in people:
            if other is not c: other.sendall(f"{people[c][1]}: {text.partition(' ')[2]}\n\x03".encode())
        c.sendall(b"\x03")
    else: c.sendall(b"?\x03")
try:
    while True:
        for c in select.select([listener, *people], [], [])[0]:
            if c is listener:
                c = listener.accept()[0]
                people[c], rest[c] = None, b""
                continue
            data = c.recv(4096)
            if not data: del people[c]; c.close(); continue
            *lines, rest[c] = (rest[c] + data).split(b"\n")
            for text in lines: line(c, text.decode(errors="replace"))
except Stop:
    for c in people:
        if "no-eot" not in BUGS: c.sendall(b"\x04")
        c.close()
