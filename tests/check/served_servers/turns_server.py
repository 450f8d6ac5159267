# A server of sheet 002, in the way that the first argument says. BUG in the environment breaks it.
import os, socket, sys, threading
BUGS = set(os.environ.get("BUG", "").split(","))
kind, port = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 8080
listener = socket.socket()
if "no-reuse" not in BUGS: listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", port))
listener.listen(1)
client = listener.accept()[0]
lines = client.makefile("r", encoding="utf-8")
def show():
    if "pieces" in BUGS: text = client.recv(1000).decode()
    else: text = lines.readline()
    if text and "silent" not in BUGS: print(text.rstrip("\n"))
    return text
def answer():
    text = sys.stdin.readline()
    if "deaf-keyboard" not in BUGS: client.sendall(text.encode())
    return text
if kind == "lines":  # exercise 1
    while show(): pass
elif kind == "turns":  # exercise 3
    rounds = 1 if "once" in BUGS else 1000
    while rounds and show() and answer(): rounds -= 1
else:  # exercise 4
    def speak():
        if "waits" in BUGS: heard.wait()
        while answer(): pass
    heard = threading.Event()
    threading.Thread(target=speak, daemon=True).start()
    while show(): heard.set()
