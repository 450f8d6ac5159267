# Sheet 004's client that ignores every signal it can, and goes on after its server has gone.
import os, select, signal, socket, sys, time

for numero in range(1, 32):
    try:
        signal.signal(numero, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
nom = sys.stdin.readline().strip()
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
s.sendall(f"USER {nom}\n".encode())
fin = time.time() + 100
while time.time() < fin:
    for pret in select.select([s, 0], [], [], 1)[0]:
        if pret is s:
            octets = s.recv(4096)
            if octets:
                print(octets.decode(errors="replace").replace("MSG ", ""), end="", flush=True)
            else:
                time.sleep(5)
        else:
            octets = os.read(0, 4096)
            if octets:
                s.sendall(b"MSG " + octets)
            else:
                time.sleep(5)
