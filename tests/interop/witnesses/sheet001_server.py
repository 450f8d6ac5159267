"""Sheet 001's server: pseudos, @pseudo, @tous, the list, who comes and goes. Naive: blocking
sockets; a line ends where a read of 256 bytes does; a taken pseudo gets a number added."""

import select
import socket
import sys

HELP = "@pseudo message, @tous message, liste, quit"

if len(sys.argv) != 2:
    print("Usage:", sys.argv[0], "port")
    sys.exit(1)

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", int(sys.argv[1])))
listener.listen()
print("listening on 127.0.0.1 port", listener.getsockname()[1], flush=True)

pseudos = {}  # socket -> pseudo, None until it was given
halves = {}  # socket -> the line that has begun to come


def tell(client, text):
    client.sendall((text + "\n").encode())


def tell_others(client, text):
    for other, pseudo in pseudos.items():
        if other is not client and pseudo is not None:
            tell(other, text)


def leave(client):
    pseudo = pseudos.pop(client)
    del halves[client]
    client.close()
    if pseudo is not None:
        print(pseudo, "left", flush=True)
        tell_others(client, f"* {pseudo} est parti")


def enter(client, wanted):
    pseudo, number = wanted, 2
    while pseudo in pseudos.values():
        pseudo, number = f"{wanted}{number}", number + 1
    pseudos[client] = pseudo
    print(pseudo, "joined", flush=True)
    tell(client, f"* bonjour {pseudo}")
    tell_others(client, f"* {pseudo} est arrivé")


def handle(client, line):
    pseudo = pseudos[client]
    if pseudo is None:
        return enter(client, line.strip())
    print(f"{pseudo}: {line}", flush=True)
    target, _, text = line.partition(" ")
    if line == "liste":
        return tell(client, "* " + " ".join(p for p in pseudos.values() if p))
    if target == "@tous" or not target.startswith("@"):
        tell_others(client, f"{pseudo}: {text if target == '@tous' else line}")
        return tell(client, "* envoyé")
    for other, name in pseudos.items():
        if name == target[1:]:
            tell(other, f"{pseudo} (privé): {text}")
            return tell(client, "* envoyé")
    tell(client, f"* personne ne s'appelle {target[1:]}")


while True:
    for ready in select.select([listener, *pseudos], [], [])[0]:
        if ready is listener:
            client, _ = listener.accept()
            pseudos[client], halves[client] = None, b""
            tell(client, f"Bienvenue. {HELP}")
            tell(client, "Votre pseudo :")
            continue
        came = ready.recv(256)
        *lines, halves[ready] = (halves[ready] + came).split(b"\n")
        for line in lines:
            if line == b"quit":
                came = b""
                break
            handle(ready, line.decode())
        if came == b"":
            leave(ready)
