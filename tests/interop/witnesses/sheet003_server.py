"""Sheet 003's server: threads that listen and send per client, one dispatcher; ETX ends what it
sends, EOT a session. Naive: unlimited queues, any name, groups known only by their names."""

import os
import queue
import signal
import socket
import sys
import threading

ETX, EOT = "\x03", "\x04"
MAX_CLIENTS = 20
HELP = "h help\nl list, l g groups\nn NAME\nw\ns DEST TEXT\nb TEXT\nj GROUP\np GROUP\nq"

clients = {}  # id -> Client
groups = {}  # name -> ids
messages = queue.Queue()  # "<id> <line>", handled one by one


class Client:
    def __init__(self, number, connection):
        self.number, self.connection = number, connection
        self.name = str(number)
        self.outgoing = queue.Queue()

    def start(self):
        threading.Thread(target=self.listen, daemon=True).start()
        threading.Thread(target=self.send, daemon=True).start()

    def listen(self):
        for line in self.connection.makefile(encoding="utf-8", newline="\n"):
            messages.put(f"{self.number} {line}")
        messages.put(f"{self.number} q\n")

    def send(self):
        while (text := self.outgoing.get()) is not None:
            self.connection.sendall(text.encode())
        self.connection.shutdown(socket.SHUT_RDWR)


def find(name):
    return next((client for client in clients.values() if client.name == name), None)


def disconnect(client):
    del clients[client.number]
    for name in list(groups):
        groups[name].discard(client.number)
        if not groups[name]:
            del groups[name]
    client.outgoing.put(EOT)
    client.outgoing.put(None)
    print(client.name, "left", flush=True)


def answer(client, command, rest):
    first, _, text = rest.partition(" ")
    if command == "h":
        return HELP
    if command == "l" and first.startswith("g"):
        return "\n".join(
            f"{name}: {' '.join(clients[number].name for number in sorted(ids))}"
            for name, ids in groups.items()
        )
    if command == "l":
        return "\n".join(f"{other.number} {other.name}" for other in clients.values())
    if command == "n":
        if find(first) is not None:
            return f"{first} is taken"
        client.name = first
        return f"you are {first}"
    if command == "w":
        return client.name
    if command == "b":
        for other in clients.values():
            if other is not client:
                other.outgoing.put(f"{client.name}: {rest}{ETX}")
    elif command == "s":
        dest = find(first)
        if dest is not None:
            dest.outgoing.put(f"{client.name}: {text}{ETX}")
        elif first in groups:
            for number in groups[first] - {client.number}:
                clients[number].outgoing.put(f"{client.name}@{first}: {text}{ETX}")
        else:
            return f"nobody called {first}"
    elif command == "j":
        groups.setdefault(first, set()).add(client.number)
        return f"you are in {first}"
    elif command == "p":
        groups.get(first, set()).discard(client.number)
        if first in groups and not groups[first]:
            del groups[first]
        return f"you left {first}"
    elif command == "q":
        disconnect(client)
    else:
        return "h lists the commands"
    return None


def dispatch():
    greeted = set()
    while True:
        number, _, line = messages.get().rstrip("\r\n").partition(" ")
        client = clients.get(int(number))
        if client is None:
            continue
        if client not in greeted:
            greeted.add(client)
            client.name = line.partition(" ")[2] or client.name
            print(client.name, "joined", flush=True)
            client.outgoing.put(f"{number} {client.name}\n")
            continue
        print(f"{client.name}: {line}", flush=True)
        command, _, rest = line.partition(" ")
        said = answer(client, command[:1], rest)
        if said is not None:
            client.outgoing.put(said + ETX)


def stop(_number, _frame):
    for client in list(clients.values()):
        client.connection.sendall(EOT.encode())
    os._exit(0)


signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGTERM, stop)
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8080))
listener.listen()
print("listening on 127.0.0.1 port", listener.getsockname()[1], flush=True)
threading.Thread(target=dispatch, daemon=True).start()
while True:
    accepted, _ = listener.accept()
    free = next(number for number in range(MAX_CLIENTS) if number not in clients)
    clients[free] = Client(free, accepted)
    clients[free].start()  # no message of a client that is not registered yet (R84)
