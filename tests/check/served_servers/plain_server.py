# A server of sheet 001 with an operator's console. BUG in the environment breaks it.
import os, select, socket, sys, time
BUGS = set(os.environ.get("BUG", "").split(","))
if "no-usage" not in BUGS and len(sys.argv) != 2: sys.exit("Usage: plain_server.py PORT")
if "no-range" not in BUGS and not (sys.argv[1].isdigit() and int(sys.argv[1]) < 65536):
    sys.exit("Usage: PORT is a number below 65536")
port = int(sys.argv[1])
if "no-commands" not in BUGS: print("Commandes : wall TEXTE, kick PSEUDO, shutdown N")
listener = socket.socket()
if "no-reuse" not in BUGS: listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", port))
listener.listen(50)
print("Serveur en attente sur", "127.0.0.1" if "no-address" not in BUGS else "", port)
people, rest, end = {}, {}, None
console = [sys.stdin] if "terminal-only" not in BUGS or sys.stdin.isatty() else []
def put(c, text):
    try: c.sendall(text.encode())
    except OSError: gone(c)
def everyone(text, but=None):
    for c in list(people):
        if c is not but and people.get(c): put(c, text)
def gone(c):
    name = people.pop(c, None)
    c.close()
    if name: everyone(f"* {name} est parti\n")
def line(c, text):
    me = people[c]
    if me is None:
        people[c] = text
        put(c, f"Bonjour {text}\n")
        everyone(f"* {text} arrive\n", c)
    elif text.startswith("@") and not text.startswith("@tous "):
        to, _, said = text[1:].partition(" ")
        other = next((o for o in people if people[o] == to), None)
        if "dies-of-unknown" in BUGS and other is None: raise KeyError(to)
        if other: put(other, f"{me} (prive) : {said}\n")
        put(c, "Envoye\n" if other else f"Pas de {to} ici\n")
    else:
        everyone(f"{me} : {text.removeprefix('@tous ')}\n", c)
        put(c, "Envoye\n")
def order(text):
    global end
    word, _, rest = text.partition(" ")
    if "dies-of-wall" in BUGS and word == "wall": os.abort()
    if word == "wall" and "no-wall" not in BUGS:
        for c in list(people)[:1 if "wall-one" in BUGS else None]: put(c, f"[serveur] {rest}\n")
    elif word == "kick" and "no-kick" not in BUGS:
        for c in list(people):
            if people.get(c) == rest or "kick-all" in BUGS: put(c, "Au revoir\n"); gone(c)
    elif word == "shutdown" and "no-shutdown" not in BUGS:
        if "no-announcement" not in BUGS: everyone(f"Arret dans {rest} s\n")
        end = time.time() + (0 if "too-early" in BUGS else 60 if "too-late" in BUGS else int(rest))
        if "crash-at-end" in BUGS: time.sleep(int(rest)); raise RuntimeError("fini")
while end is None or time.time() < end:
    for c in select.select([listener, *console, *people], [], [], 0.1)[0]:
        if c is listener:
            c = listener.accept()[0]
            c.settimeout(1)
            people[c], rest[c] = None, b""
            put(c, "Bienvenue : @pseudo TEXTE, @tous TEXTE. Pseudo ?\n")
        elif c is sys.stdin: order((sys.stdin.readline() or sys.exit()).rstrip("\n"))
        elif c in people:
            try: data = c.recv(4096)
            except OSError: data = b""
            if not data: gone(c); continue
            *lines, rest[c] = (rest[c] + data).split(b"\n")
            for text in lines:
                if c in people: line(c, text.decode(errors="replace").rstrip("\r"))
