# One line without end: 64 KiB of x again and again, to everybody who connects, never a newline.
import socket, sys, threading

def remplir(c):
    try:
        while True:
            c.sendall(b"x" * 65536)
    except OSError:
        pass

s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    threading.Thread(target=remplir, args=(s.accept()[0],), daemon=True).start()
