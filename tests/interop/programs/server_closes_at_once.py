# Accepts, says hello and closes: the loop that should follow is not written yet.
import socket, sys
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    c, qui = s.accept()
    print("connexion de", qui, flush=True)
    c.send(b"Bienvenue\n")
    c.close()
