"""Sheet 004's server with a thread per client and a lock around the list. Naive: the sender's
thread writes to all, so a client that does not read blocks it; text and newline in two writes."""

import socket
import sys
import threading

lock = threading.Lock()
everybody = {}  # socket -> name


def serve(client):
    with client, client.makefile(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            verb, _, rest = line.rstrip("\n").partition(" ")
            with lock:
                if verb == "USER":
                    everybody[client] = rest
                    print(rest, "joined", flush=True)
                    continue
                name = everybody.get(client, "?")
                print(f"{name}: {rest}", flush=True)
                for other in everybody:
                    if other is not client:
                        other.sendall(f"MSG {name} {rest}".encode())
                        other.sendall(b"\n")
        with lock:
            print(everybody.pop(client, "?"), "left", flush=True)


if len(sys.argv) != 2:
    print("Usage:", sys.argv[0], "PORT")
    sys.exit(1)
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", int(sys.argv[1])))
listener.listen()
print("listening on 127.0.0.1 port", listener.getsockname()[1], flush=True)
while True:
    accepted, _ = listener.accept()
    threading.Thread(target=serve, args=(accepted,), daemon=True).start()
