import socket, sys
s = socket.socket()
s.connect((sys.argv[1], int(sys.argv[2])))
while True:
    try: l = input()
    except EOFError: break
    s.send((l + '\n').encode())
    d = s.recv(1024)
    if not d: print("le serveur est parti"); break
    print(d.decode().rstrip('\n'), flush=True)
s.close()
