import os, socket, sys, signal
s = socket.socket()
s.connect((sys.argv[1], int(sys.argv[2])))
pid = os.fork()
if not pid:
    while 1:
        ligne = sys.stdin.readline()
        if not ligne: s.shutdown(socket.SHUT_WR); os._exit(0)
        s.sendall(bytes(ligne, 'utf8'))
else:
    while 1:
        d = s.recv(4096)
        if not d:
            break
        print(str(d, 'utf8', 'replace'), end='', flush=True)
    try: os.kill(pid, signal.SIGTERM)
    except OSError: pass
