# What telnet sends in character mode: options first, each key alone, and CR NUL for the Return key.
import socket, sys, time
IAC, WILL, DO, WONT = b"\xff", b"\xfb", b"\xfd", b"\xfc"
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
s.sendall(IAC + DO + b"\x03" + IAC + WILL + b"\x18" + IAC + WILL + b"\x1f")
time.sleep(0.5)
for ligne in ["rita", "j'ai un vrai terminal", "bonsoir"]:
    for touche in ligne:
        s.sendall(touche.encode())
        time.sleep(0.03)
    s.sendall(b"\r\0")
    time.sleep(0.6)
s.sendall(IAC + WONT + b"\x18")
s.close()
